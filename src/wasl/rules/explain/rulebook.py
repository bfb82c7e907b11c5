"""Which kind of condition every official rule is: the one place to look a rule up, or to add one."""

# One rule a line reads as the table it is.
# ruff: noqa: E501

from __future__ import annotations

import re
from functools import cache

from msgspec.structs import replace

from wasl.rules.explain import book_cii, book_countries, book_peppol, book_xrechnung
from wasl.rules.explain.categories import BY_FAMILY
from wasl.rules.explain.codes import CODE_LISTS, CodeList
from wasl.rules.explain.limits import AnyTwoDecimals, CardDigits, NotNegative, Order, TwoDecimals
from wasl.rules.explain.official import Official
from wasl.rules.explain.parts import Condition
from wasl.rules.explain.presence import Missing, NotBoth, Once, OneOf, Pair, SameMeaning, Scheme
from wasl.rules.explain.shapes import CLAUSES, ElementRule, shape_of
from wasl.rules.explain.special import (
    AccountingTotal,
    NoBreakdown,
    NoLines,
    OnlyCategory,
    PayeeDiffers,
    SplitPayment,
    VatPrefix,
)
from wasl.rules.explain.sums import Equation, TaxOfRow, TotalWithVat, signed, sum_of, sum_of_categories
from wasl.rules.explain.ubl import (
    AllEqual,
    ObjectReference,
    OneCategory,
    TaxNumberMissing,
    ThirdLine,
    TwoTaxNumbers,
    TypedReference,
    UblVersion,
)
from wasl.rules.explain.vat import BreakdownRow, ExemptionReason, NoPartyNumbers, PartyNumbers, Rate, RowTax, Taxable

_SELLER, _BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
_VAT_ID = "cac:PartyTaxScheme/cbc:CompanyID"


_OWN = re.compile(r"(UBL|CII|BR)-")  # EN 16931 speaks; anything else that is worded by elements is a Factur-X profile
_EMBEDDED = re.compile(r"\[([A-Z]+-[\w-]*\d\w*)\]")


def condition(rule: str, test: str = "", official: str = "", context: str = "") -> Condition:
    """The condition of a rule. The Factur-X sheets number rules anew and keep the rule's own id in its text: that id counts."""
    embedded = _EMBEDDED.match(official)
    known = (_book().get(embedded[1]) if embedded else None) or _book().get(rule)
    if known is not None:
        return replace(known, test=test) if isinstance(known, CodeList) and test else known
    shape, clause = shape_of(test, official), CLAUSES.get(rule)
    if shape is None or (shape.unless and clause is None):
        return Official(rule, official)
    return ElementRule(shape, context, not _OWN.match(rule), test, clause)


@cache
def _book() -> dict[str, Condition]:
    core = {**_required(), **_relations(), **_totals(), **_decimals(), **_categories(), **_once(), **CODE_LISTS}
    others = (book_cii.book(), book_xrechnung.book(), book_peppol.book(), book_countries.book())
    return {rule: condition for each in (core, *others) for rule, condition in each.items()}


def known_rules() -> frozenset[str]:
    return frozenset(_book())


def _required() -> dict[str, Condition]:
    """BR-01 to BR-65, as far as they ask for one thing to be there."""
    return {
        "BR-01": Missing("BT-24", ("It says which rules the invoice follows.", "وهو يبيّن القواعد التي تتبعها الفاتورة.")),
        "BR-02": Missing("BT-1"),
        "BR-03": Missing("BT-2"),
        "BR-04": Missing("BT-3", ("380 is an invoice, 381 a credit note.", "380 فاتورة و381 إشعار دائن.")),
        "BR-05": Missing("BT-5", ("It is the currency of all amounts.", "وهي عملة كل المبالغ.")),
        "BR-06": Missing("BT-27"),
        "BR-07": Missing("BT-44"),
        "BR-08": Missing("BG-5"),
        "BR-09": Missing("BT-40"),
        "BR-10": Missing("BG-8"),
        "BR-11": Missing("BT-55"),
        "BR-12": Missing("BT-106"),
        "BR-13": Missing("BT-109"),
        "BR-14": Missing("BT-112"),
        "BR-15": Missing("BT-115"),
        "BR-16": NoLines(),
        "BR-17": PayeeDiffers("BT-59"),
        "BR-18": Missing("BT-62"),
        "BR-19": Missing("BG-12"),
        "BR-20": Missing("BT-69"),
        "BR-21": Missing("BT-126"),
        "BR-22": Missing("BT-129"),
        "BR-23": Missing("BT-130"),
        "BR-24": Missing("BT-131"),
        "BR-25": Missing("BT-153"),
        "BR-26": Missing("BT-146"),
        "BR-31": Missing("BT-92"),
        "BR-32": Missing("BT-95"),
        "BR-36": Missing("BT-99"),
        "BR-37": Missing("BT-102"),
        "BR-41": Missing("BT-136"),
        "BR-43": Missing("BT-141"),
        "BR-45": Missing("BT-116"),
        "BR-46": Missing("BT-117"),
        "BR-47": Missing("BT-118"),
        "BR-48": Missing("BT-119", because=("Only rows out of scope of VAT go without.", "ولا يخلو منها إلا ما كان خارج نطاق الضريبة.")),
        "BR-49": Missing("BT-81"),
        "BR-50": Missing("BT-84", ("A bank transfer needs it.", "والتحويل البنكي يحتاج إليه.")),
        "BR-52": Missing("BT-122"),
        "BR-53": AccountingTotal(),
        "BR-55": Missing("BT-25", because=("A reference to an earlier invoice needs it.", "والإشارة إلى فاتورة سابقة تحتاج إليه.")),
        "BR-56": Missing("BT-63", because=("A seller who has a tax representative needs it.", "ولا بدّ منه إذا كان للبائع ممثل ضريبي.")),
        "BR-57": Missing("BT-80"),
        "BR-61": Missing(
            "BT-84",
            because=("Payment means 30 and 58 are bank transfers and need it.", "وطريقتا الدفع 30 و58 تحويل بنكي يحتاج إليه."),
            remedy=("Enter the {term} to be paid to, or choose another payment means.", "أدخل {term} الذي يُحوَّل إليه، أو اختر طريقة دفع أخرى."),
        ),
        "BR-CO-04": Missing("BT-151"),
        "BR-CO-18": NoBreakdown(),
        "BR-IC-11": OneOf(
            ("BT-72", "BG-14"),
            ("Supplies between EU countries need a date.", "التوريد بين دول الاتحاد الأوروبي يحتاج إلى تاريخ."),
        ),
        "BR-IC-12": Missing("BT-80", because=("A supply between EU countries needs it.", "والتوريد بين دول الاتحاد الأوروبي يحتاج إليه.")),
        "UBL-SR-07": Missing("BT-25", remedy=("Enter the {term}, or remove the reference.", "أدخل {term}، أو احذف الإشارة إليها.")),
        "UBL-SR-53": TaxNumberMissing(),
        "UBL-DT-06": Missing("BT-125-1"),
        "UBL-DT-07": Missing("BT-125-2"),
    }


def _relations() -> dict[str, Condition]:
    """Order, sign, pairs, one of several, schemes."""
    book: dict[str, Condition] = {
        "BR-27": NotNegative("BT-146"),
        "BR-28": NotNegative("BT-148"),
        "BR-29": Order("BT-73", "BT-74"),
        "BR-30": Order("BT-134", "BT-135"),
        "BR-51": CardDigits(),
        "BR-54": Pair("BT-160", "BT-161", ("The {a} and the {b} belong together.", "{a} و{b} متلازمان.")),
        "BR-62": Scheme("BT-34", "BT-34-1", "EM"),
        "BR-63": Scheme("BT-49", "BT-49-1", "EM"),
        "BR-64": Scheme("BT-157", "BT-157-1", "0160"),
        "BR-65": Scheme("BT-158", "BT-158-1", "STI"),
        "BR-CO-03": NotBoth("BT-7", "BT-8"),
        "BR-CO-05": SameMeaning("BT-98", "BT-97"),
        "BR-CO-06": SameMeaning("BT-105", "BT-104"),
        "BR-CO-07": SameMeaning("BT-140", "BT-139"),
        "BR-CO-08": SameMeaning("BT-145", "BT-144"),
        "BR-CO-09": VatPrefix(),
        "BR-CO-19": OneOf(("BT-73", "BT-74"), ("The invoicing period is empty.", "فترة الفوترة فارغة.")),
        "BR-CO-20": OneOf(("BT-134", "BT-135"), ("The line period is empty.", "فترة البند فارغة.")),
        "BR-CO-25": OneOf(("BT-9", "BT-20"), ("There is an amount due, but not when.", "هناك مبلغ مستحق بلا موعد.")),
        "BR-CO-26": OneOf(
            ("BT-31", "BT-30", "BT-29"),
            ("The buyer cannot tell by machine who the seller is.", "لا يستطيع نظام المشتري أن يتعرّف على البائع."),
        ),
    }
    for rules, (reason, code), because in (
        (("BR-33", "BR-CO-21"), ("BT-97", "BT-98"), ("This discount does not say what it is for.", "هذا الخصم لا يبيّن سببه.")),
        (("BR-38", "BR-CO-22"), ("BT-104", "BT-105"), ("This charge does not say what it is for.", "هذا الرسم الإضافي لا يبيّن سببه.")),
        (("BR-42", "BR-CO-23"), ("BT-139", "BT-140"), ("This line discount does not say what it is for.", "الخصم على هذا البند لا يبيّن سببه.")),
        (("BR-44", "BR-CO-24"), ("BT-144", "BT-145"), ("This line charge does not say what it is for.", "الرسم الإضافي على هذا البند لا يبيّن سببه.")),
    ):
        book[rules[0]] = OneOf((reason, code), because)
        both = ("Enter the {term} as text, its code, or both.", "أدخل {term} نصًّا أو رمزًا أو كليهما.")
        book[rules[1]] = OneOf(
            (reason, code), ("The reason is text, a code or both, but never nothing.", "السبب نص أو رمز أو كلاهما، ولا يُترك فارغًا."), both
        )
    return book


def _totals() -> dict[str, Condition]:
    return {
        "BR-CO-10": Equation("BT-106", ("the sum of all line net amounts", "مجموع صافي البنود كلها"), sum_of((1, "BT-131"))),
        "BR-CO-11": Equation("BT-107", ("the sum of all document discounts", "مجموع الخصومات كلها"), sum_of((1, "BT-92"))),
        "BR-CO-12": Equation("BT-108", ("the sum of all document charges", "مجموع الرسوم الإضافية كلها"), sum_of((1, "BT-99"))),
        "BR-CO-13": Equation(
            "BT-109",
            ("sum of the lines − discounts + charges", "مجموع البنود − الخصومات + الرسوم الإضافية"),
            signed((1, "BT-106"), (-1, "BT-107"), (1, "BT-108")),
        ),
        "BR-CO-14": Equation("BT-110", ("the sum of the VAT amounts of all categories", "مجموع مبالغ ضريبة الفئات كلها"), sum_of_categories),
        "BR-CO-15": TotalWithVat(),
        "BR-CO-16": Equation(
            "BT-115",
            ("total with VAT − prepaid amount + rounding amount", "الإجمالي شامل الضريبة − المدفوع مقدمًا + فرق التقريب"),
            signed((1, "BT-112"), (-1, "BT-113"), (1, "BT-114")),
        ),
        "BR-CO-17": TaxOfRow(),
    }


def _decimals() -> dict[str, Condition]:
    places = {
        1: "BT-92", 2: "BT-93", 5: "BT-99", 6: "BT-100", 9: "BT-106", 10: "BT-107", 11: "BT-108", 12: "BT-109", 13: "BT-110", 14: "BT-112",
        15: "BT-111", 16: "BT-113", 17: "BT-114", 18: "BT-115", 19: "BT-116", 20: "BT-117", 23: "BT-131", 24: "BT-136", 25: "BT-137", 27: "BT-141",
        28: "BT-142",
    }  # fmt: skip
    book: dict[str, Condition] = {f"BR-DEC-{n:02}": TwoDecimals(term) for n, term in places.items()}
    book["UBL-DT-01"] = AnyTwoDecimals("BT-131")
    return book


_USES = ("line", "discount", "charge")
_RATES = {"S": "positive", "AF": "not negative", "AG": "not negative", "O": "absent"}
_ANY_SELLER_NUMBER = ("BT-31", "BT-32", "BT-63")


def _categories() -> dict[str, Condition]:
    book: dict[str, Condition] = {}
    for family, category in BY_FAMILY.items():
        if family == "B":
            continue
        taxed = family in ("S", "AF", "AG")
        book[f"BR-{family}-01"] = BreakdownRow(category, exactly_one=not taxed)
        for n, use in enumerate(_USES, 2):
            if family == "O":
                book[f"BR-O-{n:02}"] = NoPartyNumbers(category, use)
            else:
                seller = ("BT-31", "BT-63") if family in ("G", "IC") else _ANY_SELLER_NUMBER
                buyer = {"AE": ("BT-48", "BT-47"), "IC": ("BT-48",)}.get(family, ())
                book[f"BR-{family}-{n:02}"] = PartyNumbers(category, use, seller, buyer)
            book[f"BR-{family}-{n + 3:02}"] = Rate(category, use, _RATES.get(family, "zero"))
        book[f"BR-{family}-08"] = Taxable(category, by_rate=taxed)
        book[f"BR-{family}-09"] = RowTax(category, zero=not taxed)
        book[f"BR-{family}-10"] = ExemptionReason(category, required=not taxed and family != "Z")
    for n, what in enumerate(("row", *_USES), 11):
        book[f"BR-O-{n}"] = OnlyCategory(what)
    book["BR-B-01"], book["BR-B-02"] = SplitPayment(domestic=True), SplitPayment(domestic=False)
    return book


def _once() -> dict[str, Condition]:
    """UBL-SR: UBL lets an element repeat that the core invoice has once."""
    entity, name = "cac:PartyLegalEntity", "cac:PartyName/cbc:Name"
    places = {
        1: ("BT-12", "cac:ContractDocumentReference/cbc:ID"), 2: ("BT-15", "cac:ReceiptDocumentReference/cbc:ID"),
        3: ("BT-16", "cac:DespatchDocumentReference/cbc:ID"), 4: ("BT-18", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130']/cbc:ID"),
        5: ("BT-20", "cac:PaymentTerms/cbc:Note"), 6: ("BG-3", "cac:InvoiceDocumentReference"), 8: ("BG-14", "cac:InvoicePeriod"),
        9: ("BT-27", f"{_SELLER}/{entity}/cbc:RegistrationName"), 10: ("BT-28", f"{_SELLER}/{name}"), 11: ("BT-30", f"{_SELLER}/{entity}/cbc:CompanyID"),
        12: ("BT-31", f"{_SELLER}/{_VAT_ID}"), 13: ("BT-32", f"{_SELLER}/{_VAT_ID}"), 14: ("BT-33", f"{_SELLER}/{entity}/cbc:CompanyLegalForm"),
        15: ("BT-44", f"{_BUYER}/{entity}/cbc:RegistrationName"), 16: ("BT-46", f"{_BUYER}/cac:PartyIdentification/cbc:ID"),
        17: ("BT-47", f"{_BUYER}/{entity}/cbc:CompanyID"), 18: ("BT-48", f"{_BUYER}/{_VAT_ID}"), 22: ("BT-62", name), 23: ("BT-63", _VAT_ID),
        24: ("BG-13", "cac:Delivery"), 25: ("BT-70", f"cac:DeliveryParty/{name}"), 26: ("BT-83", "cbc:PaymentID"), 27: ("BT-81", "cbc:PaymentMeansCode"),
        28: ("BT-89", "cac:PaymentMandate/cbc:ID"), 29: ("BT-90", ".//cac:PartyIdentification/cbc:ID[@schemeID='SEPA']"),
        32: ("BT-120", "cac:TaxCategory/cbc:TaxExemptionReason"),
        33: ("BT-123", "cbc:DocumentDescription"), 34: ("BT-127", "cbc:Note"), 35: ("BT-132", "cac:OrderLineReference/cbc:LineID"),
        36: ("BG-26", "cac:InvoicePeriod"), 37: ("BT-147", "cac:Price/cac:AllowanceCharge/cbc:Amount"), 39: ("BT-11", "cac:ProjectReference/cbc:ID"),
        40: ("BT-45", f"{_BUYER}/{name}"), 45: ("BT-9", "cac:PaymentMeans/cbc:PaymentDueDate"),
        46: ("BT-82", "cac:PaymentMeans/cbc:PaymentMeansCode[@name]"), 49: ("BT-8", "cac:InvoicePeriod/cbc:DescriptionCode"),
        50: ("BT-154", "cac:Item/cbc:Description"), 52: ("BT-128", "cac:DocumentReference"),
        54: ("BG-18", "cac:PaymentMeans/cac:CardAccount"), 55: ("BG-19", "cac:PaymentMeans/cac:PaymentMandate"),
        56: ("BT-17", "cac:OriginatorDocumentReference/cbc:ID"),
    }  # fmt: skip
    book: dict[str, Condition] = {f"UBL-SR-{n:02}": Once(term, path) for n, (term, path) in places.items()}
    once = ("The {term} may be given once only.", "لا <term?يُذكر|تُذكر> {term} إلا مرة واحدة.")
    for n, term in ((19, "BT-59"), (20, "BT-60"), (21, "BT-61")):
        book[f"UBL-SR-{n}"] = PayeeDiffers(term, once)
    book["UBL-SR-42"] = TwoTaxNumbers()
    book["UBL-SR-30"] = Once("BT-97", "cbc:AllowanceChargeReason", on_line="BT-139")
    book["UBL-SR-31"] = Once("BT-104", "cbc:AllowanceChargeReason", on_line="BT-144")
    book["UBL-SR-43"] = TypedReference()
    book["UBL-CR-665"] = ObjectReference("BT-18-1", of_object=True)
    book["UBL-CR-666"] = ObjectReference("BT-125", of_object=False)
    book["UBL-CR-673"] = ObjectReference("BT-123", of_object=False)
    book["UBL-CR-002"] = UblVersion()
    book["UBL-SR-51"] = ThirdLine()
    book["UBL-SR-44"] = AllEqual("BT-83")
    book["UBL-SR-47"] = AllEqual("BT-81")
    book["UBL-SR-48"] = OneCategory()
    return book
