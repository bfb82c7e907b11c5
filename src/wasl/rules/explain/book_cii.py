"""CII-SR: what CII lets repeat or combine that the core invoice has once; and Factur-X EXTENDED (BR-FXEXT), the core rules as it changes them."""

# One rule a line reads as the table it is.

from __future__ import annotations

from wasl.rules.explain.categories import BY_FAMILY
from wasl.rules.explain.checks import AllowanceIndicator, Says
from wasl.rules.explain.codes import CodeList
from wasl.rules.explain.extension import ExtendedDue, ExtendedTax, ExtendedTaxable, ExtendedTotal, GroupTotal, UnknownParent
from wasl.rules.explain.parts import Condition
from wasl.rules.explain.presence import Missing, Once, OneOf, Scheme
from wasl.rules.explain.special import PriceDiscountOnly
from wasl.rules.explain.sums import TotalWithVat
from wasl.rules.explain.ubl import AllEqual
from wasl.rules.explain.vat import BreakdownRow

_TRANSFER = ("Payment means 30 and 58 are bank transfers and need it.", "وطريقتا الدفع 30 و58 تحويل بنكي يحتاج إليه.")
_DETAIL = ("Every line that is no group or information needs it.", "وكل بند ليس مجموعة ولا للعلم يحتاج إليه.")
_DETAIL_F = ("Every line that is no group or information needs it.", "وكل بند ليس مجموعة ولا للعلم يحتاج إليها.")


def book() -> dict[str, Condition]:
    return {**_structure(), **_extended(), **_extended_totals()}


def _structure() -> dict[str, Condition]:
    return {
        "CII-SR-046": Scheme("BT-157", "BT-157-1", "0160"),
        "CII-SR-090": Once("BT-159"),
        "CII-SR-119": PriceDiscountOnly(),
        "CII-SR-449": Once("BT-71"),
        "CII-SR-450": Once("BT-46"),
        "CII-SR-451": Once("BT-60"),
        "CII-SR-457": Once("BT-17"),
        "CII-SR-458": Once("BT-18"),
        "CII-SR-462": AllEqual("BT-8"),
        "CII-SR-463": AllowanceIndicator(),
        "CII-SR-464": Once("BT-86"),
        "CII-SR-465": Once("BT-41"),
        "CII-SR-466": Once("BT-56"),
        "CII-SR-467": AllEqual("BT-81"),
        "CII-SR-468": AllEqual("BT-82"),
        "CII-SR-470": Missing("BT-84", _TRANSFER),
        "BR-CO-27": Once("BT-84"),
        "CII-SR-474": Once("BT-128"),
        "CII-SR-475": Once("BT-123"),
        "CII-SR-476": Once("BT-125"),
        "CII-DT-037": Says(
            "BT-118",
            ("The tax of the {term} must be value added tax: its type is {0}.", "يجب أن تكون الضريبة في {term} ضريبة القيمة المضافة ونوعها {0}."),
            ("Set the type of the tax beside the {term} to {0}.", "اجعل نوع الضريبة مع {term} {0}."),
            silent=True,
            raw=("VAT",),
        ),
    }


def _extended() -> dict[str, Condition]:
    both = ("Enter the {term} as text, its code, or both.", "أدخل {term} نصًّا أو رمزًا أو كليهما.")
    return {
        "BR-FXEXT-01": Missing(
            "BT-22", ("The note has a subject code, so it needs its text or the code of a text.", "وللملاحظة رمز موضوع فتحتاج إلى نصّها أو رمز نصّها.")
        ),
        "BR-FXEXT-02": Missing(
            "BT-127",
            (
                "The line note has a subject code, so it needs its text or the code of a text.",
                "ولملاحظة البند رمز موضوع فتحتاج إلى نصّها أو رمز نصّها.",
            ),
        ),
        "BR-FXEXT-03": Says(
            "BT-31",
            (
                "Only the seller may give a tax number other than a VAT number; elsewhere its scheme is {0}, as for the {term}.",
                "لا يذكر رقمًا ضريبيًا غير رقم ضريبة القيمة المضافة إلا البائع، ولغيره يكون النظام {0} كما في {term}.",
            ),
            (
                "Set the scheme of this number to {0} as for the {term}, or remove the number.",
                "اجعل نظام هذا الرقم {0} كما في {term}، أو احذف الرقم.",
            ),
            silent=True,
            raw=("VA",),
        ),
        "BR-FXEXT-04": CodeList("BT-160", "UNTDED 6313", "AAA, AAB", None, ("code of the {term}", "رمز {term}")),
        "BR-FXEXT-06": Says(
            "BT-126",
            (
                "A line that names a parent line must say whether it is a detail, a group or information.",
                "البند الذي له بند أعلى يجب أن يبيّن نوعه: تفصيلي أو مجموعة أو للعلم.",
            ),
            (
                "Enter {0}, {1} or {2} as the kind of the line, or remove the parent of the {term}.",
                "أدخل نوع البند {0} أو {1} أو {2}، أو احذف البند الأعلى من {term}.",
            ),
            silent=True,
            raw=("DETAIL", "GROUP", "INFORMATION"),
        ),
        "BR-FXEXT-08": GroupTotal(amounts_required=False),
        "BR-FXEXT-11": UnknownParent(),
        "BR-FXEXT-12": GroupTotal(amounts_required=True),
        "BR-FXEXT-BR-22": Missing("BT-129", _DETAIL_F),
        "BR-FXEXT-BR-23": Missing("BT-130", _DETAIL),
        "BR-FXEXT-BR-24": Missing("BT-131", _DETAIL),
        "BR-FXEXT-BR-26": Missing("BT-146", _DETAIL),
        "BR-FXEXT-CO-04": Missing("BT-151", _DETAIL),
        "BR-FXEXT-BR-38": OneOf(
            ("BT-104", "BT-105"), ("This charge or tax does not say what it is for.", "هذا الرسم أو الضريبة لا يبيّن سببه."), both
        ),
        "BR-FXEXT-BR-44": OneOf(
            ("BT-144", "BT-145"), ("This line charge or tax does not say what it is for.", "الرسم أو الضريبة على هذا البند لا يبيّن سببه."), both
        ),
        "BR-FXEXT-BR-54-1": Missing("BT-160", ("A code of the attribute does instead.", "ويغني عنه رمز الخاصية.")),
        "BR-FXEXT-BR-54-2": Says(
            "BT-161",
            (
                "An item attribute has one {term}: as text, or as a figure with its unit, but not both.",
                "تُذكر {term} مرة واحدة: نصًّا أو رقمًا مع وحدته، لا كليهما.",
            ),
            ("Enter the {term} as text, or as a figure with its unit.", "أدخل {term} نصًّا، أو رقمًا مع وحدته."),
        ),
    }


def _extended_totals() -> dict[str, Condition]:
    lines, discounts, charges, logistics = (1, "lines"), (-1, "BT-92"), (1, "BT-99"), (1, "logistics")
    book: dict[str, Condition] = {
        "BR-FXEXT-CO-10": ExtendedTotal("BT-106", ("the sum of the net amounts of all detail lines", "مجموع صافي البنود التفصيلية كلها"), (lines,)),
        "BR-FXEXT-CO-11": ExtendedTotal("BT-107", ("the sum of all document discounts", "مجموع الخصومات كلها"), ((1, "BT-92"),)),
        "BR-FXEXT-CO-12": ExtendedTotal(
            "BT-108",
            ("the sum of all document charges and logistics charges", "مجموع الرسوم الإضافية ورسوم الخدمات اللوجستية كلها"),
            (charges, logistics),
        ),
        "BR-FXEXT-CO-13": ExtendedTotal(
            "BT-109",
            ("detail lines − discounts + charges + logistics charges", "البنود التفصيلية − الخصومات + الرسوم الإضافية + رسوم الخدمات اللوجستية"),
            (lines, discounts, charges, logistics),
        ),
        "BR-FXEXT-CO-15": TotalWithVat(lenient=True),
        "BR-FXEXT-CO-16": ExtendedDue(),
        "BR-FXEXT-S-09b": ExtendedTax(BY_FAMILY["S"]),
    }
    for family, category in BY_FAMILY.items():
        if family == "B":
            continue
        by_rate = family in ("S", "AF", "AG")
        book[f"BR-FXEXT-{family}-01"] = BreakdownRow(category, exactly_one=False, details=True)
        book[f"BR-FXEXT-{family}-08"] = book[f"BR-FXEXT-{family}-08ini"] = ExtendedTaxable(category, by_rate, by_reason=False)
        book[f"BR-FXEXT-{family}-08b"] = ExtendedTaxable(category, by_rate, by_reason=False, either=True)
        book[f"BR-FXEXT-{family}-08rev"] = ExtendedTaxable(category, by_rate, by_reason=True)
    book["BR-FXEXT-S08b"] = book["BR-FXEXT-S-08b"]
    return book
