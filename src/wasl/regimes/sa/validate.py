"""Which official rules do not fit Saudi law, each with its reason and source, and the checks that take their place."""

from __future__ import annotations

from wasl.invoice.model import Invoice, Party
from wasl.invoice.terms import TERMS
from wasl.regimes import OwnRule
from wasl.regimes.checks import CheckFinding, finding
from wasl.rules.explain.text import Raw, quote, say
from wasl.rules.profiles import Exclusion, Profile

_LAW = "ZATCA, Electronic Invoice Data Dictionary and XML Implementation Standard; see sources.md"

PROFILE = Profile(
    "sa",
    name_en="Saudi Arabia (ZATCA, phase 1)",
    name_ar="المملكة العربية السعودية (هيئة الزكاة والضريبة والجمارك، المرحلة الأولى)",
    excluded=(
        Exclusion(
            "BR-CO-09",
            "A Saudi VAT number is 15 digits without a country prefix.",
            "الرقم الضريبي السعودي 15 رقمًا بلا رمز بلد في أوله.",
            f"{_LAW}, BR-KSA-40; measured: fires on all six official samples",
        ),
        Exclusion(
            "BR-CL-10",
            "Saudi law names its own kinds of identification (CRN, MOM, MLS, 700, SAG, OTH and others), which ISO 6523 does not list.",
            "للنظام السعودي أنواع معرّفات خاصة به كالسجل التجاري والرقم الموحد، وهي غير مدرجة في القائمة الدولية.",
            f"{_LAW}, BR-KSA-08 and BR-KSA-14; measured: fires on all six official samples",
        ),
        Exclusion(
            "BR-Z-10",
            "Saudi law asks for the reason why the zero rate applies.",
            "يطلب النظام السعودي سبب تطبيق النسبة الصفرية.",
            f"{_LAW}, BR-KSA-69; measured: fires on the official simplified credit note and debit note",
        ),
        Exclusion(
            "BR-CL-22",
            "The Saudi reason codes (VATEX-SA-...) are not in the European list.",
            "رموز أسباب الإعفاء السعودية غير مدرجة في القائمة الأوروبية.",
            f"{_LAW}, BR-KSA-69; measured: fires on the official simplified credit note and debit note",
        ),
        *(
            Exclusion(
                rule,
                "Every Saudi tax invoice shows the seller VAT number, also one that is out of scope of VAT.",
                "كل فاتورة ضريبية سعودية تحمل الرقم الضريبي للبائع، ولو كانت خارج نطاق الضريبة.",
                f"{_LAW}, BR-KSA-39; the authority's own edition of the European rules has no such rule; measured",
            )
            for rule in ("BR-O-02", "BR-O-03", "BR-O-04")
        ),
    ),
)

OWN_RULES = (
    OwnRule(
        "WASL-SA-01",
        "BT-31",
        "The seller VAT number has 15 digits, the first and the last are 3.",
        "الرقم الضريبي للبائع 15 رقمًا أوله 3 وآخره 3.",
        f"{_LAW}, BR-KSA-39 and BR-KSA-40",
    ),
    OwnRule(
        "WASL-SA-02",
        "BT-48",
        "The VAT number of a Saudi buyer has 15 digits, the first and the last are 3.",
        "الرقم الضريبي للمشتري السعودي 15 رقمًا أوله 3 وآخره 3.",
        f"{_LAW}, BR-KSA-44",
    ),
    OwnRule(
        "WASL-SA-03",
        "BT-29-1",
        "The kind of an identifier is one that Saudi law or ISO 6523 names.",
        "نوع المعرّف من الأنواع التي يسمّيها النظام السعودي أو القائمة الدولية.",
        f"{_LAW}, BR-KSA-08 and BR-KSA-14",
    ),
    OwnRule("WASL-SA-04", "BT-121", "The zero rate has its reason, as code and as text.", "للنسبة الصفرية سبب، رمزًا ونصًّا.", f"{_LAW}, BR-KSA-69"),
)
_OFFICIAL = {rule.id: rule.en for rule in OWN_RULES}

# Kinds of identification of a seller (BR-KSA-08) or a buyer (BR-KSA-14).
SCHEMES = frozenset({"CRN", "MOM", "MLS", "700", "SAG", "OTH", "TIN", "NAT", "IQA", "PAS", "GCC"})
VAT_DIGITS = 15

_SHAPE = (
    "The {term} {value} is not a Saudi one: it has 15 digits, the first and the last are 3.",
    "{term} {value} ليس رقمًا سعوديًا: الرقم السعودي 15 رقمًا أوله 3 وآخره 3.",
)
_SHAPE_FIX = ("Enter the {term} of the VAT certificate, for example {example}.", "أدخل {term} كما في شهادة التسجيل، مثل {example}.")
_MISSING = ("The {term} is missing: every Saudi tax invoice shows it.", "{term} غير مذكور، وهو لازم في كل فاتورة ضريبية سعودية.")
_SCHEME = (
    "{value} is not a kind of identification that Saudi law names, so the {term} is not understood.",
    "{value} ليس من أنواع المعرّفات في النظام السعودي، فلا يُفهم {term}.",
)
_SCHEME_FIX = ("Choose the {term}: {known}.", "اختر {term}: {known}.")
_REASON = ("The zero rate needs a reason: the {term} is missing.", "النسبة الصفرية تحتاج إلى سبب: {term} غير مذكور.")
_REASON_FIX = ("Choose the {term}, for example {example}, or change the VAT rate.", "اختر {term}، مثل {example}، أو غيّر النسبة.")
_REASON_TEXT = ("Write the {term} that belongs to its code.", "اكتب {term} الموافق لرمزه.")
EXAMPLE = "310000000000003"


def is_vat_number(value: str) -> bool:
    """15 ASCII digits, 3 at both ends."""
    return len(value) == VAT_DIGITS and value.isascii() and value.isdigit() and value[0] == "3" and value[-1] == "3"


def checks(invoice: Invoice) -> list[CheckFinding]:
    """WASL-SA-01 to -04."""
    return [*_vat_numbers(invoice), *_schemes(invoice), *_zero_reasons(invoice)]


def _vat_numbers(invoice: Invoice) -> list[CheckFinding]:
    found: list[CheckFinding] = []
    for rule, party, term in (("WASL-SA-01", invoice.seller, "BT-31"), ("WASL-SA-02", invoice.buyer, "BT-48")):
        value = party.vat_identifier if party else None
        info, official = TERMS[term], _OFFICIAL[rule]
        fix = say(_SHAPE_FIX, term=info, example=Raw(EXAMPLE))
        if value and not is_vat_number(value) and (term == "BT-31" or _is_saudi(party)):
            found.append(finding(rule, official, info.path, term, say(_SHAPE, term=info, value=quote(value)), fix))
        elif not value and term == "BT-31":
            found.append(finding(rule, official, info.path, term, say(_MISSING, term=info), fix))
    return found


def _is_saudi(party: Party | None) -> bool:
    """A buyer abroad has the number of another country."""
    return party is not None and party.address is not None and party.address.country == "SA"


def _schemes(invoice: Invoice) -> list[CheckFinding]:
    found: list[CheckFinding] = []
    for party, name, term in ((invoice.seller, "seller", "BT-29-1"), (invoice.buyer, "buyer", "BT-46-1")):
        for i, identifier in enumerate(party.identifiers if party else ()):
            scheme = identifier.scheme
            if scheme is None or scheme in SCHEMES or (scheme.isdigit() and len(scheme) == 4):
                continue
            info = TERMS[term]
            message = say(_SCHEME, value=quote(scheme), term=info)
            fix = say(_SCHEME_FIX, term=info, known=Raw(", ".join(sorted(SCHEMES))))
            field = f"{name}.identifiers[{i}].scheme"
            found.append(finding("WASL-SA-03", _OFFICIAL["WASL-SA-03"], field, term, message, fix))
    return found


def _zero_reasons(invoice: Invoice) -> list[CheckFinding]:
    """The authority warns and accepts, so this is a warning; it wants the code and the text."""
    found: list[CheckFinding] = []
    for i, row in enumerate(invoice.tax_breakdown):
        lacking = "BT-121" if not row.exemption_reason_code else "BT-120" if not row.exemption_reason else ""
        if row.category == "Z" and lacking:
            info = TERMS[lacking]
            fix = say(_REASON_FIX, term=info, example=Raw("VATEX-SA-32")) if lacking == "BT-121" else say(_REASON_TEXT, term=info)
            message, field = say(_REASON, term=info), info.path.replace("[]", f"[{i}]")
            found.append(finding("WASL-SA-04", _OFFICIAL["WASL-SA-04"], field, lacking, message, fix, severity="warning"))
    return found
