"""Units of measure (UN/ECE Recommendation 20 and 21) counted in words: six Arabic forms, two English ones.

CLDR's Arabic categories: zero, one, two, few (3-10), many (11-99), other; a fraction is other. A code without a name
here is shown as it is: nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from wasl.invoice.numerals import plain_number


@dataclass(frozen=True, slots=True)
class UnitName:
    """One unit: singular, dual, plural of few, accusative singular; English singular and plural."""

    one: str
    two: str
    few: str
    many: str
    en: str
    en_plural: str
    feminine: bool = False


def _m(one: str, two: str, few: str, many: str, en: str, en_plural: str) -> UnitName:
    return UnitName(one, two, few, many, en, en_plural)


def _f(one: str, two: str, few: str, en: str, en_plural: str) -> UnitName:
    """A feminine unit in ة, whose accusative looks like its nominative."""
    return UnitName(one, two, few, one, en, en_plural, feminine=True)


_PIECE = _f("قطعة", "قطعتان", "قطع", "piece", "pieces")
_BOX = _m("صندوق", "صندوقان", "صناديق", "صندوقًا", "box", "boxes")
_BAG = _m("كيس", "كيسان", "أكياس", "كيسًا", "bag", "bags")
_BOTTLE = _f("زجاجة", "زجاجتان", "زجاجات", "bottle", "bottles")
_PACKAGE = _m("طرد", "طردان", "طرود", "طردًا", "package", "packages")
_CARTON = _f("كرتونة", "كرتونتان", "كراتين", "carton", "cartons")
_PALLET = _f("منصة", "منصتان", "منصات", "pallet", "pallets")

UNITS: dict[str, UnitName] = {
    # Things
    "C62": _f("وحدة", "وحدتان", "وحدات", "unit", "units"),
    "H87": _PIECE,
    "EA": _f("حبة", "حبتان", "حبات", "each", "each"),
    "XPP": _PIECE,
    "NAR": _m("صنف", "صنفان", "أصناف", "صنفًا", "article", "articles"),
    "NMP": _f("حزمة", "حزمتان", "حزم", "pack", "packs"),
    "PR": _m("زوج", "زوجان", "أزواج", "زوجًا", "pair", "pairs"),
    "SET": _m("طقم", "طقمان", "أطقم", "طقمًا", "set", "sets"),
    "KT": _f("عدّة", "عدّتان", "عُدد", "kit", "kits"),
    "DZN": _f("دزينة", "دزينتان", "دزينات", "dozen", "dozens"),
    "CEN": _f("مئة", "مئتان", "مئات", "hundred", "hundreds"),
    "MIL": _m("ألف", "ألفان", "آلاف", "ألفًا", "thousand", "thousands"),
    "LS": _m("مبلغ مقطوع", "مبلغان مقطوعان", "مبالغ مقطوعة", "مبلغًا مقطوعًا", "lump sum", "lump sums"),
    "E48": _f("وحدة خدمة", "وحدتا خدمة", "وحدات خدمة", "service unit", "service units"),
    "E49": _m("يوم عمل", "يوما عمل", "أيام عمل", "يوم عمل", "working day", "working days"),
    "E51": _f("مهمة", "مهمتان", "مهام", "job", "jobs"),
    "ACT": _m("نشاط", "نشاطان", "أنشطة", "نشاطًا", "activity", "activities"),
    "IE": _m("شخص", "شخصان", "أشخاص", "شخصًا", "person", "persons"),
    "AS": _f("تشكيلة", "تشكيلتان", "تشكيلات", "assortment", "assortments"),
    "ZP": _f("صفحة", "صفحتان", "صفحات", "page", "pages"),
    "LEF": _f("ورقة", "ورقتان", "أوراق", "leaf", "leaves"),
    "P1": _m("بالمئة", "بالمئة", "بالمئة", "بالمئة", "percent", "percent"),
    # Time
    "SEC": _f("ثانية", "ثانيتان", "ثوانٍ", "second", "seconds"),
    "MIN": _f("دقيقة", "دقيقتان", "دقائق", "minute", "minutes"),
    "HUR": _f("ساعة", "ساعتان", "ساعات", "hour", "hours"),
    "LH": _f("ساعة عمل", "ساعتا عمل", "ساعات عمل", "labour hour", "labour hours"),
    "DAY": _m("يوم", "يومان", "أيام", "يومًا", "day", "days"),
    "WEE": _m("أسبوع", "أسبوعان", "أسابيع", "أسبوعًا", "week", "weeks"),
    "MON": _m("شهر", "شهران", "أشهر", "شهرًا", "month", "months"),
    "QAN": _m("ربع سنة", "ربعا سنة", "أرباع سنة", "ربع سنة", "quarter", "quarters"),
    "SAN": _m("نصف سنة", "نصفا سنة", "أنصاف سنة", "نصف سنة", "half-year", "half-years"),
    "ANN": _f("سنة", "سنتان", "سنوات", "year", "years"),
    # Mass
    "MGM": _m("مليغرام", "مليغرامان", "مليغرامات", "مليغرامًا", "milligram", "milligrams"),
    "GRM": _m("غرام", "غرامان", "غرامات", "غرامًا", "gram", "grams"),
    "KGM": _m("كيلوغرام", "كيلوغرامان", "كيلوغرامات", "كيلوغرامًا", "kilogram", "kilograms"),
    "TNE": _m("طن", "طنان", "أطنان", "طنًّا", "tonne", "tonnes"),
    "LBR": _m("رطل", "رطلان", "أرطال", "رطلًا", "pound", "pounds"),
    "ONZ": _f("أونصة", "أونصتان", "أونصات", "ounce", "ounces"),
    "CTM": _m("قيراط", "قيراطان", "قراريط", "قيراطًا", "carat", "carats"),
    # Length, area, volume
    "MMT": _m("مليمتر", "مليمتران", "مليمترات", "مليمترًا", "millimetre", "millimetres"),
    "CMT": _m("سنتيمتر", "سنتيمتران", "سنتيمترات", "سنتيمترًا", "centimetre", "centimetres"),
    "MTR": _m("متر", "متران", "أمتار", "مترًا", "metre", "metres"),
    "LM": _m("متر طولي", "متران طوليان", "أمتار طولية", "مترًا طوليًّا", "linear metre", "linear metres"),
    "KMT": _m("كيلومتر", "كيلومتران", "كيلومترات", "كيلومترًا", "kilometre", "kilometres"),
    "SMI": _m("ميل", "ميلان", "أميال", "ميلًا", "mile", "miles"),
    "INH": _f("بوصة", "بوصتان", "بوصات", "inch", "inches"),
    "FOT": _f("قدم", "قدمان", "أقدام", "foot", "feet"),
    "CMK": _m("سنتيمتر مربع", "سنتيمتران مربعان", "سنتيمترات مربعة", "سنتيمترًا مربعًا", "square centimetre", "square centimetres"),
    "MTK": _m("متر مربع", "متران مربعان", "أمتار مربعة", "مترًا مربعًا", "square metre", "square metres"),
    "KMK": _m("كيلومتر مربع", "كيلومتران مربعان", "كيلومترات مربعة", "كيلومترًا مربعًا", "square kilometre", "square kilometres"),
    "FTK": _f("قدم مربعة", "قدمان مربعتان", "أقدام مربعة", "square foot", "square feet"),
    "MLT": _m("مليلتر", "مليلتران", "مليلترات", "مليلترًا", "millilitre", "millilitres"),
    "LTR": _m("لتر", "لتران", "لترات", "لترًا", "litre", "litres"),
    "HLT": _m("هكتولتر", "هكتولتران", "هكتولترات", "هكتولترًا", "hectolitre", "hectolitres"),
    "MTQ": _m("متر مكعب", "متران مكعبان", "أمتار مكعبة", "مترًا مكعبًا", "cubic metre", "cubic metres"),
    "GLL": _m("غالون", "غالونان", "غالونات", "غالونًا", "gallon", "gallons"),
    "BLL": _m("برميل", "برميلان", "براميل", "برميلًا", "barrel", "barrels"),
    # Energy and data
    "WTT": _m("واط", "واطان", "واطات", "واطًا", "watt", "watts"),
    "KWT": _m("كيلوواط", "كيلوواطان", "كيلوواطات", "كيلوواطًا", "kilowatt", "kilowatts"),
    "KWH": _m("كيلوواط ساعة", "كيلوواطا ساعة", "كيلوواطات ساعة", "كيلوواط ساعة", "kilowatt hour", "kilowatt hours"),
    "MWH": _m("ميغاواط ساعة", "ميغاواطا ساعة", "ميغاواطات ساعة", "ميغاواط ساعة", "megawatt hour", "megawatt hours"),
    "4L": _m("ميغابايت", "ميغابايتان", "ميغابايتات", "ميغابايتًا", "megabyte", "megabytes"),
    "E34": _m("غيغابايت", "غيغابايتان", "غيغابايتات", "غيغابايتًا", "gigabyte", "gigabytes"),
    "E35": _m("تيرابايت", "تيرابايتان", "تيرابايتات", "تيرابايتًا", "terabyte", "terabytes"),
    # Packages
    "XBX": _BOX,
    "XBG": _BAG,
    "XBO": _BOTTLE,
    "XPK": _PACKAGE,
    "XPC": _PACKAGE,
    "XCT": _CARTON,
    "XPX": _PALLET,
    "XCS": _m("صندوق شحن", "صندوقا شحن", "صناديق شحن", "صندوق شحن", "case", "cases"),
    "XCR": _m("قفص", "قفصان", "أقفاص", "قفصًا", "crate", "crates"),
    "XDR": _m("برميل", "برميلان", "براميل", "برميلًا", "drum", "drums"),
    "XRO": _f("لفة", "لفتان", "لفات", "roll", "rolls"),
    "XSA": _m("شوال", "شوالان", "شوالات", "شوالًا", "sack", "sacks"),
    "XTU": _m("أنبوب", "أنبوبان", "أنابيب", "أنبوبًا", "tube", "tubes"),
    "XCN": _f("حاوية", "حاويتان", "حاويات", "container", "containers"),
    "XBE": _f("ربطة", "ربطتان", "ربطات", "bundle", "bundles"),
    "XEN": _m("ظرف", "ظرفان", "ظروف", "ظرفًا", "envelope", "envelopes"),
    "XST": _f("صحيفة", "صحيفتان", "صحائف", "sheet", "sheets"),
    "XTY": _m("خزان", "خزانان", "خزانات", "خزانًا", "tank", "tanks"),
}


def category(n: Decimal | int) -> str:
    """CLDR's Arabic plural category of a number: zero, one, two, few, many or other."""
    n = abs(Decimal(n))
    if n != n.to_integral_value():
        return "other"
    rest = int(n) % 100
    if n in (0, 1, 2):
        return ("zero", "one", "two")[int(n)]
    if 3 <= rest <= 10:
        return "few"
    return "many" if rest >= 11 else "other"


def counted(n: Decimal | int, unit_code: str | None, lang: str, *, digits: str = "latn") -> str:
    """A quantity with its unit: 1 «ساعة», 2 «ساعتان», 3 «3 ساعات», 11 «11 ساعة», 100 «100 ساعة»; "1 hour", "3 hours".

    One and two are told by the noun alone in Arabic. An unknown unit gives the figure and the code, which is never translated.
    """
    name = UNITS.get(unit_code or "")
    figure = plain_number(n, digits=digits)
    if name is None:
        return f"{figure} {unit_code}" if unit_code else figure
    if lang != "ar":
        return f"{figure} {name.en if n == 1 else name.en_plural}"
    if n == 1:
        return name.one
    return name.two if n == 2 else f"{figure} {_arabic(name, n)}"


def unit_name(unit_code: str | None, lang: str, n: Decimal | int = 1) -> str:
    """The unit alone, in the form that `n` of it takes; an unknown code as it is."""
    name = UNITS.get(unit_code or "")
    if name is None:
        return unit_code or ""
    if lang != "ar":
        return name.en if n == 1 else name.en_plural
    return _arabic(name, n)


def _arabic(name: UnitName, n: Decimal | int) -> str:
    forms = {"two": name.two, "few": name.few, "many": name.many}
    return forms.get(category(n), name.one)
