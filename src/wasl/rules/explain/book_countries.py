"""National rules that Peppol carries: Norway, Denmark, Italy, Sweden, Greece, Iceland, the Netherlands, Germany. What the law there wants."""

# One rule a line reads as the table it is.

from __future__ import annotations

from wasl.rules.explain import book_countries_more, book_xrechnung
from wasl.rules.explain.checks import Needs, Says, Within
from wasl.rules.explain.parts import Condition
from wasl.rules.explain.presence import Missing


def book() -> dict[str, Condition]:
    return {**_norway(), **_denmark(), **_denmark_payments(), **_italy(), **_sweden(), **book_countries_more.book(), **_germany()}


def _norway() -> dict[str, Condition]:
    return {
        "NO-R-001": Says(
            "BT-31",
            (
                "In Norway the {term} is {0} followed by the nine digits of the organisation number and {1}.",
                "في النرويج يتكوّن {term} من {0} ثم تسعة أرقام هي رقم المنشأة ثم {1}.",
            ),
            ("Correct the {term}, for example {2}.", "صحّح {term}، مثل {2}."),
            raw=("NO", "MVA", "NO991825827MVA"),
        ),
        "NO-R-002": Says(
            "BT-32",
            (
                "Norwegian companies state that they are in the Register of Business Enterprises: {0} stands in the {term}.",
                "تذكر الشركات النرويجية أنها مقيّدة في سجل المنشآت بكتابة {0} في {term}.",
            ),
            ("Enter {0} as the {term}.", "أدخل {0} في {term}."),
            raw=("Foretaksregisteret",),
        ),
    }


_UNSPSC = ("19.05.01", "TST", "26.08.01")


def _denmark() -> dict[str, Condition]:
    return {
        "DK-R-002": Missing(
            "BT-30",
            ("Danish law wants the CVR number of the seller on the invoice.", "والقانون الدنماركي يشترط رقم منشأة البائع في الفاتورة."),
            ("Enter the CVR number as the {term}, for example {0}.", "أدخل رقم المنشأة الدنماركي في {term}، مثل {0}."),
            raw=("DK12345678",),
        ),
        "DK-R-003": Says(
            "BT-158-2",
            (
                "Between Danish parties the item classification {1} (UNSPSC) has the {term} {0} or {2}.",
                "بين طرفين دنماركيين يكون {term} {0} أو {2} للتصنيف {1}.",
            ),
            ("Set the {term} to {0} or {2}.", "اجعل {term} {0} أو {2}."),
            raw=_UNSPSC,
        ),
        "DK-R-004": Says(
            "BT-104",
            (
                "A tax other than VAT is a charge with the reason code {0}, and the {term} is its number of four digits, or a text with # in it.",
                "الضريبة غير ضريبة القيمة المضافة رسم رمز سببه {0}، و{term} رقمها المكوّن من أربعة أرقام، أو نص فيه العلامة #.",
            ),
            (
                "Enter the four digits of the tax as the {term}, or choose another reason code than {0}.",
                "أدخل أرقام الضريبة الأربعة في {term}، أو اختر رمز سبب غير {0}.",
            ),
            silent=True,
            raw=("ZZZ",),
            among=("BT-104", "BT-97", "BT-144", "BT-139"),
        ),
        "DK-R-005": Says(
            "BT-81",
            ("Between Danish parties the {term} must be one of {0}.", "بين طرفين دنماركيين يجب أن يكون {term} إحدى القيم {0}."),
            ("Choose the {term} among {0}.", "اختر {term} من {0}."),
            raw=("1, 10, 31, 42, 48, 49, 50, 58, 59, 93, 97",),
        ),
        "DK-R-013": Says(
            "BT-29",
            ("Between Danish parties the {term} must name its scheme.", "بين طرفين دنماركيين لا بدّ أن يُذكر نظام {term}."),
            ("Enter the scheme of the {term}, for example {0} for a CVR number.", "أدخل نظام {term}، مثل {0} لرقم المنشأة."),
            raw=("0184",),
            among=("BT-29", "BT-46"),
        ),
        "DK-R-014": Says(
            "BT-30-1",
            ("For a Danish seller the {term} must be {0} (CVR).", "للبائع الدنماركي يجب أن يكون {term} {0}."),
            ("Set the {term} to {0}.", "اجعل {term} {0}."),
            raw=("0184",),
        ),
        "DK-R-016": Says(
            "BT-115",
            ("A credit note between Danish parties must not have a negative {term}.", "يجب ألّا يكون {term} سالبًا في إشعار دائن بين طرفين دنماركيين."),
            ("Issue an invoice instead, or correct the {term} to 0 or more.", "أصدر فاتورة بدل الإشعار، أو صحّح {term} إلى صفر أو أكثر."),
        ),
    }


def _denmark_payments() -> dict[str, Condition]:
    giro = ("01#, 04#, 15#", "50")
    return {
        "DK-R-006": Needs(
            ("BT-84", "BT-86"),
            (
                "In an invoice between Danish parties transfers by payment means 31 or 42 need account and registration number of the bank.",
                "في فاتورة بين طرفين دنماركيين يحتاج التحويل بطريقة الدفع 31 أو 42 إلى الحساب ورقم البنك.",
            ),
        ),
        "DK-R-007": Needs(
            ("BT-89", "BT-91"),
            (
                "In an invoice between Danish parties a direct debit (payment means 49) needs its mandate and the account.",
                "في فاتورة بين طرفين دنماركيين يحتاج الخصم المباشر (طريقة الدفع 49) إلى التفويض والحساب.",
            ),
        ),
        "DK-R-008": Says(
            "BT-83",
            (
                "For a Danish giro card (payment means {1}) the {term} begins with one of {0}, and the giro account has 7 or 8 digits.",
                "لبطاقة الجيرو الدنماركية (طريقة الدفع {1}) يبدأ {term} بإحدى {0}، وحساب الجيرو 7 أرقام أو 8.",
            ),
            ("Correct the {term}, or the account it is paid to.", "صحّح {term}، أو الحساب الذي يُدفع إليه."),
            raw=giro,
        ),
        "DK-R-009": Says(
            "BT-83",
            ("After the card types {0} the {term} goes on with 16 digits.", "بعد نوع البطاقة {0} يُستكمل {term} بستة عشر رقمًا."),
            ("Write the {term} in full, for example {1}.", "اكتب {term} كاملًا، مثل {1}."),
            raw=("04#, 15#", "04#1234567890123456"),
        ),
        "DK-R-010": Says(
            "BT-83",
            (
                "For a Danish FIK card (payment means {1}) the {term} begins with one of {0}, and the creditor account has 8 characters.",
                "لبطاقة الدفع الدنماركية (طريقة الدفع {1}) يبدأ {term} بإحدى {0}، وحساب الدائن 8 خانات.",
            ),
            ("Correct the {term}, or the account it is paid to.", "صحّح {term}، أو الحساب الذي يُدفع إليه."),
            raw=("71#, 73#, 75#", "93"),
        ),
        "DK-R-011": Says(
            "BT-83",
            ("After the card types {0} the {term} goes on with 15 or 16 digits.", "بعد نوع البطاقة {0} يُستكمل {term} بخمسة عشر رقمًا أو ستة عشر."),
            ("Write the {term} in full, for example {1}.", "اكتب {term} كاملًا، مثل {1}."),
            raw=("71#, 75#", "71#123456789012345"),
        ),
    }


_ITALY = ("Italian law wants the full address of the seller.", "والقانون الإيطالي يشترط عنوان البائع كاملًا.")


def _italy() -> dict[str, Condition]:
    return {
        "IT-R-001": Says(
            "BT-32",
            ("In Italy the {term} has 11 to 16 capital letters and digits.", "في إيطاليا يتكوّن {term} من 11 إلى 16 خانة من الأحرف الكبيرة والأرقام."),
            ("Correct the {term}, for example {0}.", "صحّح {term}، مثل {0}."),
            raw=("RSSMRA85T10A562S",),
        ),
        "IT-R-002": Missing("BT-35", _ITALY),
        "IT-R-003": Missing("BT-37", _ITALY),
        "IT-R-004": Missing("BT-38", _ITALY),
    }


_SE_VAT, _SE_ORG = ("SE556036079301",), ("5560360793",)


def _sweden() -> dict[str, Condition]:
    vat, org = ("Correct the {term}, for example {0}.", "صحّح {term}، مثل {0}."), ("Correct the {term}, for example {0}.", "صحّح {term}، مثل {0}.")
    plus, bank = (
        ("Correct the {term} of the Plusgiro, digits only.", "صحّح {term} لحساب بلس جيرو بالأرقام وحدها."),
        ("Correct the {term} of the Bankgiro, digits only.", "صحّح {term} لحساب بنك جيرو بالأرقام وحدها."),
    )
    return {
        "SE-R-001": Says("BT-31", ("In Sweden the {term} has 14 characters.", "في السويد يتكوّن {term} من 14 خانة."), vat, raw=_SE_VAT),
        "SE-R-002": Says(
            "BT-31", ("In Sweden the last 12 characters of the {term} are digits.", "في السويد تكون آخر 12 خانة من {term} أرقامًا."), vat, raw=_SE_VAT
        ),
        "SE-R-003": Says("BT-30", ("In Sweden the {term} consists of digits only.", "في السويد يتكوّن {term} من أرقام فقط."), org, raw=_SE_ORG),
        "SE-R-004": Says("BT-30", ("In Sweden the {term} has 10 digits.", "في السويد يتكوّن {term} من 10 أرقام."), org, raw=_SE_ORG),
        "SE-R-005": Says(
            "BT-32",
            (
                "A Swedish seller who states its tax status writes exactly {0} as the {term}.",
                "البائع السويدي الذي يذكر وضعه الضريبي يكتب {0} في {term} بنصها.",
            ),
            ("Write {0} as the {term}, or remove it.", "اكتب {0} في {term}، أو احذفه."),
            raw=("Godkänd för F-skatt",),
        ),
        "SE-R-006": Says(
            "BT-119",
            (
                "In Sweden the standard VAT rates are 6, 12 and 25 %: the {term} is another.",
                "نسب الضريبة الأساسية في السويد 6٪ و12٪ و25٪، و{term} غيرها.",
            ),
            ("Set the {term} to 6, 12 or 25, or choose another VAT category.", "اجعل {term} إحدى 6 أو 12 أو 25، أو اختر فئة ضريبة أخرى."),
            silent=True,
            among=("BT-119", "BT-152", "BT-96", "BT-103"),
        ),
        "SE-R-007": Says("BT-84", ("The {term} of a Plusgiro consists of digits only.", "{term} لحساب بلس جيرو أرقام فقط."), plus),
        "SE-R-008": Says("BT-84", ("The {term} of a Bankgiro consists of digits only.", "{term} لحساب بنك جيرو أرقام فقط."), bank),
        "SE-R-009": Says("BT-84", ("The {term} of a Bankgiro has 7 or 8 digits.", "{term} لحساب بنك جيرو 7 أرقام أو 8."), bank),
        "SE-R-010": Says("BT-84", ("The {term} of a Plusgiro has 2 to 8 digits.", "{term} لحساب بلس جيرو من رقمين إلى 8 أرقام."), plus),
        "SE-R-011": Says(
            "BT-81",
            (
                "Bankgiro and Plusgiro are given with the {term} {0} and the bank identifier {1} or {2}.",
                "يُذكر بنك جيرو وبلس جيرو مع {term} {0} ورمز البنك {1} أو {2}.",
            ),
            ("Set the {term} to {0}, and the bank identifier to {1} or {2}.", "اجعل {term} {0}، ورمز البنك {1} أو {2}."),
            raw=("30", "SE:BANKGIRO", "SE:PLUSGIRO"),
        ),
        "SE-R-012": Says(
            "BT-81",
            ("Between Swedish parties a transfer has the {term} {0}.", "بين طرفين سويديين يكون {term} للتحويل {0}."),
            ("Set the {term} to {0}.", "اجعل {term} {0}."),
            raw=("30",),
        ),
        "SE-R-013": Says(
            "BT-30",
            ("The last digit of the Swedish {term} checks the others, and does not fit.", "الرقم الأخير من {term} السويدي رقم تحقق، وهو لا يطابق."),
            org,
            raw=_SE_ORG,
        ),
    }


_GERMANY = ("This is asked for where seller and buyer are both in Germany.", "تسري هذه القاعدة إذا كان البائع والمشتري كلاهما في ألمانيا.")


def _germany() -> dict[str, Condition]:
    """Peppol numbers the German rules by their XRechnung number: DE-R-023-1 is BR-DE-23-a."""
    book: dict[str, Condition] = {}
    for rule, condition in book_xrechnung.book().items():
        head, _, rest = rule.partition("BR-DE-")
        if head or not rest[:1].isdigit():
            continue
        number, _, part = rest.partition("-")
        book[f"DE-R-{int(number):03}" + (f"-{'ab'.index(part) + 1}" if part else "")] = Within(condition, _GERMANY)
    return book
