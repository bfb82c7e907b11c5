"""Peppol BIS Billing 3: the network's own rules (R, CL, P, F, COMMON). National rules stand in `book_countries`."""

# One rule a line reads as the table it is.
# ruff: noqa: E501

from __future__ import annotations

from wasl.rules.explain.checks import (
    BASE,
    PERCENT,
    AllowanceAmount,
    AllowanceIndicator,
    AllowanceNeeds,
    Differs,
    Empty,
    HowMany,
    InvoiceCurrency,
    LineNet,
    PriceNet,
    Says,
    WithinPeriod,
)
from wasl.rules.explain.codes import CodeList
from wasl.rules.explain.parts import Condition
from wasl.rules.explain.presence import Missing, Once, OneOf
from wasl.rules.explain.special import PriceDiscountOnly

_SPEC = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_NETWORK = ("The network delivers by it.", "والشبكة تُسلّم الفاتورة بحسبه.")
_SIGNS = (
    "With a VAT accounting currency the {a} and the {b} must both be given, with the same sign.",
    "إذا ذُكرت عملة لحساب الضريبة فلا بدّ من ذكر {a} و{b} معًا، وبالإشارة نفسها.",
)
_SIGNS_FIX = ("Give the {a} and the {b} with the same sign.", "اذكر {a} و{b} بالإشارة نفسها.")
_TOTALS_CII = (
    "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount"
)


def book() -> dict[str, Condition]:
    book = {f"PEPPOL-EN16931-{name}": condition for name, condition in {**_document(), **_lines(), **_codes()}.items()}
    book.update({f"PEPPOL-COMMON-{name}": condition for name, condition in _identifiers().items()})
    book["PEPPOL-COMMON-EAS"] = book["PEPPOL-EN16931-CL008"]
    return book


def _document() -> dict[str, Condition]:
    return {
        "R001": Missing("BT-23", ("Peppol routes by it.", "وشبكة بيبول تعتمد عليه.")),
        "R002": Once("BT-22", because=("Only between German parties there may be more.", "ولا يزيد على ذلك إلا بين طرفين ألمانيين.")),
        "R003": OneOf(("BT-10", "BT-13"), ("The buyer cannot tell which order or department the invoice belongs to.", "لا يعرف المشتري إلى أي طلب أو قسم تعود الفاتورة.")),
        "R004": Says("BT-24", ("In Peppol the {term} must begin with {0}.", "في شبكة بيبول يجب أن يبدأ {term} بالقيمة {0}."), ("Write {0} as the {term}.", "اكتب {0} في {term}."), raw=(_SPEC,)),
        "R005": Differs("BT-6", "BT-5", ("The {a} must differ from the {b}.", "يجب أن تختلف {a} عن {b}."), ("Remove the {a}, or choose another one than the {b}.", "احذف {a}، أو اختر غير {b}.")),
        "R007": Says("BT-23", ("The {term} must have the form {0}, where {1} is the number of the process.", "يجب أن تكون صيغة {term} مثل {0} حيث {1} رقم العملية."), ("Write {0} as the {term}.", "اكتب {0} في {term}."), raw=(_PROCESS, "01")),
        "R008": Empty(),
        "R010": Missing("BT-49", _NETWORK, ("Enter the {term} with its scheme, as the buyer is registered in Peppol.", "أدخل {term} ونظامه كما سُجّل المشتري في شبكة بيبول.")),
        "R020": Missing("BT-34", _NETWORK, ("Enter the {term} with its scheme, as the seller is registered in Peppol.", "أدخل {term} ونظامه كما سُجّل البائع في شبكة بيبول.")),
        "R040": AllowanceAmount(),
        "R041": AllowanceNeeds(BASE, PERCENT),
        "R042": AllowanceNeeds(PERCENT, BASE),
        "R043": AllowanceIndicator(),
        "R043-1": AllowanceIndicator(),
        "R043-2": AllowanceIndicator(),
        "R044": PriceDiscountOnly(),
        "R046": PriceNet(),
        "R051": InvoiceCurrency(),
        "R053": HowMany(
            "BG-23", "cac:TaxTotal[cac:TaxSubtotal]", _TOTALS_CII,
            ("Exactly one tax total must hold the {term}.", "يجب أن يرد {term} في إجمالي ضريبة واحد لا غير."),
            ("Keep one tax total in the invoice currency with the {term}, and remove the others.", "أبقِ إجمالي ضريبة واحدًا بعملة الفاتورة وفيه {term}، واحذف ما زاد."),
        ),
        "R054": HowMany(
            "BT-111", "cac:TaxTotal[not(cac:TaxSubtotal)]", f"{_TOTALS_CII}[@currencyID != ../../ram:InvoiceCurrencyCode]",
            ("The {term} must be given once if a VAT accounting currency is named, and not at all otherwise.", "إذا ذُكرت عملة حساب الضريبة وجب ذكر {term} مرة واحدة، وإلا فلا يُذكر."),
            ("Enter the {term} once, or remove it together with the VAT accounting currency.", "أدخل {term} مرة واحدة، أو احذفه مع عملة حساب الضريبة."),
        ),
        "R055": Differs("BT-110", "BT-111", _SIGNS, _SIGNS_FIX),
        "R061": Missing("BT-89", ("Payment means 49 and 59 are direct debits and need it.", "وطريقتا الدفع 49 و59 خصم مباشر يحتاج إليه.")),
        "R080": Once("BT-11"),
    }  # fmt: skip


def _lines() -> dict[str, Condition]:
    return {
        "R100": Once("BT-128", "cac:DocumentReference"),
        "R101": Says(
            "BT-128",
            ("On a line only the {term} may be referred to: a reference of the type {0}.", "لا يُشار في البند إلا إلى {term}: إشارة نوعها {0}."),
            ("Set the type of the reference to {0} so that it is the {term}, or remove it.", "اجعل نوع الإشارة {0} لتدل على {term}، أو احذفها."),
            silent=True,
            raw=("130",),
        ),
        "R110": WithinPeriod("BT-73", "BT-134", "BT-134"),
        "R111": WithinPeriod("BT-135", "BT-74", "BT-135"),
        "R120": LineNet(),
        "R121": Says(
            "BT-149",
            ("The {term} must be greater than 0.", "يجب أن تكون {term} أكبر من صفر."),
            ("Enter the {term} as the quantity the unit price is for, usually 1.", "أدخل {term} التي يُحسب لها سعر الوحدة، وهي 1 غالبًا."),
        ),
        "R130": Differs(
            "BT-150",
            "BT-130",
            ("The {a} must be the same as the {b} of the quantity.", "يجب أن يطابق {a} {b} للكمية."),
            ("Write the same code as {a} and as {b}.", "اكتب الرمز نفسه في {a} وفي {b}."),
            here=True,
        ),
    }


_WITH = (
    ("P0104", "G", "VATEX-EU-G"), ("P0105", "O", "VATEX-EU-O"), ("P0106", "K", "VATEX-EU-IC"), ("P0107", "AE", "VATEX-EU-AE"),
    ("P0108", "E", "VATEX-EU-D"), ("P0109", "E", "VATEX-EU-F"), ("P0110", "E", "VATEX-EU-I"), ("P0111", "E", "VATEX-EU-J"),
)  # fmt: skip


def _codes() -> dict[str, Condition]:
    book: dict[str, Condition] = {
        "CL001": CodeList("BT-125-1", "MIME", "application/pdf, image/png, text/csv", "mimeCode"),
        "CL002": CodeList("BT-98", "UNTDID 5189", "95, 100"),
        "CL003": CodeList("BT-105", "UNTDID 7161", "FC, ABL"),
        "CL006": CodeList("BT-8", "UNTDID 2005", "3, 35, 432"),
        "CL007": CodeList("BT-131", "ISO 4217", "SAR, JOD, EUR", "currencyID", ("currency of the {term}", "رمز عملة {term}")),
        "CL008": CodeList("BT-34-1", "EAS", "0088, 0208, 9930", "schemeID"),
        "F001": Says(
            "BT-2",
            ("A date is written as year, month and day: the {term} too.", "يُكتب التاريخ بالسنة ثم الشهر ثم اليوم، ومنه {term}."),
            ("Write the {term} as year-month-day, for example {0}.", "اكتب {term} بترتيب السنة فالشهر فاليوم، مثل {0}."),
            at_node=True,
            raw=("2026-11-23",),
        ),
        "P0100": Says(
            "BT-3",
            (
                "The {term} of an invoice must be one that Peppol allows, such as {0}.",
                "يجب أن يكون {term} في الفاتورة مما تسمح به شبكة بيبول، مثل {0}.",
            ),
            (
                "Choose the {term} for an invoice, for example {0}; a credit note is a document of its own kind.",
                "اختر {term} للفاتورة، مثل {0}، أما الإشعار الدائن فمستند مستقل.",
            ),
            raw=("380",),
        ),
        "P0101": Says(
            "BT-3",
            ("The {term} of a credit note must be one that Peppol allows: {0}.", "يجب أن يكون {term} في الإشعار الدائن مما تسمح به شبكة بيبول: {0}."),
            ("Choose the {term} for a credit note, usually {1}.", "اختر {term} للإشعار الدائن، وهو {1} غالبًا."),
            raw=("381, 396, 81, 83, 532", "381"),
        ),
        "P0112": Says(
            "BT-3",
            (
                "The values 326 and 384 of the {term} are for invoices from a German seller to a German buyer only.",
                "القيمتان 326 و384 في {term} للفواتير من بائع ألماني إلى مشترٍ ألماني وحدها.",
            ),
            ("Choose another {term}, usually {0}.", "اختر غيرهما في {term}، وهو {0} غالبًا."),
            raw=("380",),
        ),
    }
    for name, category, reason in _WITH:
        book[name] = Says(
            "BT-118",
            ("With the exemption reason code {1} the {term} must be {0}.", "مع رمز سبب الإعفاء {1} يجب أن يكون {term} {0}."),
            ("Set the {term} to {0}, or choose another exemption reason code than {1}.", "اجعل {term} {0}، أو اختر رمز سبب إعفاء غير {1}."),
            raw=(category, reason),
            among=("BT-118", "BT-95", "BT-102"),
        )
    return book


def _identifiers() -> dict[str, Condition]:
    """Identifiers that carry check digits, by their scheme."""
    rows = (
        ("R040", "0088", "a GLN", "رقم موقع عالمي (جي إل إن)", "digits only, 13 as a rule, the last of which checks the others", "أرقام فقط، 13 رقمًا في العادة، آخرها رقم تحقق", "7300010000001"),
        ("R041", "0192", "a Norwegian organisation number", "رقم منشأة نرويجيًّا", "9 digits, the last of which checks the others", "9 أرقام آخرها رقم تحقق", "991825827"),
        ("R042", "0184", "a Danish CVR number", "رقم منشأة دنماركيًّا", "8 digits, with or without DK in front", "8 أرقام، ولا بأس برمز البلد قبلها", "DK12345678"),
        ("R043", "0208", "a Belgian enterprise number", "رقم منشأة بلجيكيًّا", "10 digits, the last two of which check the others", "10 أرقام آخرها رقما تحقق", "0202239951"),
        ("R044", "0201", "an Italian IPA code", "رمز جهة إيطالية", "6 letters or digits", "6 أحرف أو أرقام", "UFMRWC"),
        ("R045", "0210", "an Italian tax code (codice fiscale)", "رقمًا ضريبيًّا إيطاليًّا للأفراد أو الجهات", "11 digits or 16 letters and digits", "11 رقمًا أو 16 خانة من الأحرف والأرقام", "RSSMRA85T10A562S"),
        ("R046", "9907", "an Italian tax code (codice fiscale)", "رقمًا ضريبيًّا إيطاليًّا للأفراد أو الجهات", "11 digits or 16 letters and digits", "11 رقمًا أو 16 خانة من الأحرف والأرقام", "RSSMRA85T10A562S"),
        ("R047", "0211", "an Italian VAT number", "رقمًا ضريبيًّا إيطاليًّا", "IT and 11 digits, the last of which checks the others", "رمز البلد ثم 11 رقمًا آخرها رقم تحقق", "IT12345670017"),
        ("R048", "9906", "an Italian VAT number", "رقمًا ضريبيًّا إيطاليًّا", "IT and 11 digits, the last of which checks the others", "رمز البلد ثم 11 رقمًا آخرها رقم تحقق", "IT12345670017"),
        ("R049", "0007", "a Swedish organisation number", "رقم منشأة سويديًّا", "10 digits, the last of which checks the others", "10 أرقام آخرها رقم تحقق", "5560360793"),
        ("R050", "0151", "an Australian business number (ABN)", "رقم أعمال أستراليًّا", "11 digits, the first two of which check the others", "11 رقمًا أولها رقما تحقق", "51824753556"),
    )  # fmt: skip
    return {
        rule: Says(
            "BT-34",
            (
                f"With the scheme {{0}} the {{term}} must be {kind_en}: {form_en}.",
                f"مع النظام {{0}} يجب أن <term?يكون|تكون> {{term}} {kind_ar}: {form_ar}.",
            ),
            ("Correct the {term}, for example {1}, or the scheme {0}.", "صحّح {term}، مثل {1}، أو صحّح النظام {0}."),
            at_node=True,
            raw=(scheme, example),
            general=(
                f"Every address, identifier and registration of the scheme {{0}}, the {{term}} too, must be {kind_en}: {form_en}.",
                f"كل عنوان إلكتروني ومعرّف ورقم تسجيل من النظام {{0}}، ومنه {{term}}، يجب أن يكون {kind_ar}: {form_ar}.",
            ),
        )
        for rule, scheme, kind_en, kind_ar, form_en, form_ar, example in rows
    }
