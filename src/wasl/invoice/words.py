"""Amounts in words (tafqit), Arabic and English, as legal documents carry them.

Arabic is in the nominative. The counted noun agrees: one riyal, a dual, three to ten with a plural, eleven to
ninety-nine with an accusative singular, hundreds and thousands with a genitive singular; a remainder of one or two
after hundreds repeats the noun («مئة ريال وريال واحد»). Feminine minor units turn the numerals' gender round.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from wasl.errors import WaslError
from wasl.invoice.money import minor_units, to_minor

UNITS_MAX = 10**18 - 1  # whole currency units that the scale words below can count


class NoWords(WaslError):
    """A currency or size that has no words here."""

    code = "WASL-WORDS-01"
    en = "{amount} {currency} cannot be written in words. Fix: show the figures only."
    ar = "لا يمكن كتابة {amount} {currency} بالحروف. الحل: اكتفِ بالأرقام."


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted Arabic noun. `construct` is the dual before another noun; only scale words need it."""

    one: str
    two: str
    few: str
    many: str
    feminine: bool = False
    construct: str = ""


@dataclass(frozen=True, slots=True)
class _Currency:
    major: Noun
    minor: Noun
    major_en: tuple[str, str]
    minor_en: tuple[str, str]


_HALALA = Noun("هللة", "هللتان", "هللات", "هللة", feminine=True)
_FILS = Noun("فلس", "فلسان", "فلوس", "فلسًا")
_CENT = Noun("سنت", "سنتان", "سنتات", "سنتًا")
_QIRSH = Noun("قرش", "قرشان", "قروش", "قرشًا")
_DINAR = Noun("دينار", "ديناران", "دنانير", "دينارًا")

_CURRENCIES = {
    "SAR": _Currency(Noun("ريال", "ريالان", "ريالات", "ريالًا"), _HALALA, ("Saudi riyal", "Saudi riyals"), ("halala", "halalas")),
    "AED": _Currency(Noun("درهم", "درهمان", "دراهم", "درهمًا"), _FILS, ("UAE dirham", "UAE dirhams"), ("fils", "fils")),
    "EGP": _Currency(Noun("جنيه", "جنيهان", "جنيهات", "جنيهًا"), _QIRSH, ("Egyptian pound", "Egyptian pounds"), ("piastre", "piastres")),
    "JOD": _Currency(_DINAR, _FILS, ("Jordanian dinar", "Jordanian dinars"), ("fils", "fils")),
    "KWD": _Currency(_DINAR, _FILS, ("Kuwaiti dinar", "Kuwaiti dinars"), ("fils", "fils")),
    "USD": _Currency(Noun("دولار", "دولاران", "دولارات", "دولارًا"), _CENT, ("US dollar", "US dollars"), ("cent", "cents")),
    "EUR": _Currency(Noun("يورو", "يوروان", "يورو", "يورو"), _CENT, ("euro", "euros"), ("cent", "cents")),
}

_SCALES = (
    Noun("ألف", "ألفان", "آلاف", "ألفًا", construct="ألفا"),
    Noun("مليون", "مليونان", "ملايين", "مليونًا", construct="مليونا"),
    Noun("مليار", "ملياران", "مليارات", "مليارًا", construct="مليارا"),
    Noun("تريليون", "تريليونان", "تريليونات", "تريليونًا", construct="تريليونا"),
    Noun("كوادريليون", "كوادريليونان", "كوادريليونات", "كوادريليونًا", construct="كوادريليونا"),
)

# Three to ten: the form beside a masculine noun, then beside a feminine one.
_UNITS = {
    3: ("ثلاثة", "ثلاث"),
    4: ("أربعة", "أربع"),
    5: ("خمسة", "خمس"),
    6: ("ستة", "ست"),
    7: ("سبعة", "سبع"),
    8: ("ثمانية", "ثماني"),
    9: ("تسعة", "تسع"),
    10: ("عشرة", "عشر"),
}
_IN_TENS = {1: ("واحد", "إحدى"), 2: ("اثنان", "اثنتان"), 8: ("ثمانية", "ثمانٍ")}
_TENS = ("", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
_HUNDREDS = ("", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة")
_TWO_HUNDRED_OF = "مئتا"
_AND = " و"

_EN_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_EN_SCALES = ("thousand", "million", "billion", "trillion", "quadrillion")


def has_words(currency: str | None) -> bool:
    """Whether `amount_in_words` knows the currency."""
    return currency in _CURRENCIES


def amount_in_words(amount: Decimal, currency: str, lang: str) -> str:
    """The amount, rounded to minor units, in words of `lang` ("ar" or "en"); raises `NoWords` where it has none."""
    names = _CURRENCIES.get(currency)
    units = to_minor(abs(amount), currency) if abs(amount) <= UNITS_MAX else None
    if names is None or units is None:
        raise NoWords(amount=amount, currency=currency)
    major, minor = divmod(units, 10 ** minor_units(currency))
    negative = amount < 0 and units > 0
    return _arabic(names, major, minor, negative) if lang == "ar" else _english(names, major, minor, negative)


def legal_amount_in_words(amount: Decimal, currency: str, lang: str) -> str:
    """The same between the words that keep anyone from adding to it: «فقط ... لا غير», "... only"."""
    words = amount_in_words(amount, currency, lang)
    return f"فقط {words} لا غير" if lang == "ar" else f"{words} only"


def _arabic(names: _Currency, major: int, minor: int, negative: bool) -> str:
    parts = [counted_noun(major, names.major)] if major or not minor else []
    if minor:
        parts.append(counted_noun(minor, names.minor))
    return ("سالب " if negative else "") + _AND.join(parts)


def counted_noun(n: int, noun: Noun) -> str:
    """`n` of a noun in words, nominative: 0 <= n < 10^18."""
    if n == 0:
        return f"صفر {noun.one}"
    rest = n % 100
    if rest in (1, 2):
        last = _one_or_two(rest, noun)
        return last if n == rest else _before_singular(n - rest, noun) + _AND + last
    if rest == 0:
        return _before_singular(n, noun)
    parts = _scale_parts(n // 1000, construct=False)
    if hundreds := n % 1000 // 100:
        parts.append(_HUNDREDS[hundreds])
    parts.append(_below_hundred(rest, feminine=noun.feminine))
    return f"{_AND.join(parts)} {noun.few if rest <= 10 else noun.many}"


def _one_or_two(n: int, noun: Noun) -> str:
    if n == 2:
        return noun.two
    return f"{noun.one} {'واحدة' if noun.feminine else 'واحد'}"


def _before_singular(n: int, noun: Noun) -> str:
    """Whole hundreds, thousands, ... stand in the construct state before the singular noun."""
    hundreds = n % 1000 // 100
    parts = _scale_parts(n // 1000, construct=not hundreds)
    if hundreds:
        parts.append(_TWO_HUNDRED_OF if hundreds == 2 else _HUNDREDS[hundreds])
    return f"{_AND.join(parts)} {noun.one}"


def _scale_parts(thousands: int, *, construct: bool) -> list[str]:
    """Thousands, millions, ... from the top; the last one in the construct state where the noun follows at once."""
    groups: list[tuple[int, Noun]] = []
    for scale in _SCALES:
        thousands, group = divmod(thousands, 1000)
        if group:
            groups.append((group, scale))
    parts = [_scale(group, scale, construct=construct and at == 0) for at, (group, scale) in enumerate(groups)]
    return parts[::-1]


def _scale(n: int, scale: Noun, *, construct: bool) -> str:
    """1 to 999 of a scale word."""
    hundreds, rest = divmod(n, 100)
    two = scale.construct if construct else scale.two
    if rest in (1, 2):
        last = scale.one if rest == 1 else two
        return f"{_hundreds_of(hundreds)} {scale.one}{_AND}{last}" if hundreds else last
    if rest == 0:
        return f"{_hundreds_of(hundreds)} {scale.one}"
    head = _HUNDREDS[hundreds] + _AND if hundreds else ""
    noun = scale.few if rest <= 10 else (scale.one if construct else scale.many)
    return f"{head}{_below_hundred(rest, feminine=False)} {noun}"


def _hundreds_of(hundreds: int) -> str:
    return _TWO_HUNDRED_OF if hundreds == 2 else _HUNDREDS[hundreds]


def _below_hundred(n: int, *, feminine: bool) -> str:
    """3 to 99 with the gender of the counted noun."""
    if n <= 10:
        return _UNITS[n][feminine]
    tens, unit = divmod(n, 10)
    if tens == 1:
        return _teen(unit, feminine=feminine)
    if unit == 0:
        return _TENS[tens]
    return f"{_IN_TENS.get(unit, _UNITS.get(unit, ('', '')))[feminine]}{_AND}{_TENS[tens]}"


def _teen(unit: int, *, feminine: bool) -> str:
    if unit == 1:
        return "إحدى عشرة" if feminine else "أحد عشر"
    if unit == 2:
        return "اثنتا عشرة" if feminine else "اثنا عشر"
    return f"{_UNITS[unit][feminine]} {'عشرة' if feminine else 'عشر'}"


def _english(names: _Currency, major: int, minor: int, negative: bool) -> str:
    parts = [f"{number_in_english(major)} {names.major_en[major != 1]}"] if major or not minor else []
    if minor:
        parts.append(f"{number_in_english(minor)} {names.minor_en[minor != 1]}")
    text = ("minus " if negative else "") + " and ".join(parts)
    return text[0].upper() + text[1:]


def number_in_english(n: int) -> str:
    """0 <= n < 10^18 in words: "one thousand two hundred and five"."""
    if n < 1000:
        return _english_below_thousand(n)
    groups: list[str] = []
    rest, last = divmod(n, 1000)
    for scale in _EN_SCALES:
        rest, group = divmod(rest, 1000)
        if group:
            groups.append(f"{_english_below_thousand(group)} {scale}")
    parts = groups[::-1]
    if last >= 100:
        parts.append(_english_below_thousand(last))
    elif last:
        parts.append(f"and {_english_below_thousand(last)}")
    return " ".join(parts)


def _english_below_thousand(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    small = _EN_SMALL.split()
    if rest < 20:
        words = small[rest]
    else:
        words = _EN_TENS.split()[rest // 10] + (f"-{small[rest % 10]}" if rest % 10 else "")
    if not hundreds:
        return words
    return f"{small[hundreds]} hundred" + (f" and {words}" if rest else "")
