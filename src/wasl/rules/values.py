"""Atomic values of XPath 2.0 as the rules need them: casts, comparison, arithmetic, rounding.

Used by the reference interpreter and by the generated code, so both agree by construction. Python types stand for XDM types:
`Untyped` (text of an untyped node), str (xs:string), bool, int (xs:integer), Decimal (xs:decimal), float (xs:double), Date (xs:date).
Only the four XML characters are white space and only ASCII digits are digits: Python's own str methods know more of both.
"""

from __future__ import annotations

import math
import re
from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from wasl.rules.errors import XPathError

XML_SPACE = " \t\n\r"
# Additions and products are exact in XPath implementations that use big decimals: a precision no invoice can exceed.
EXACT = Context(prec=1_000_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
DIVIDE_PLACES = 18
HALF = Decimal("0.5")

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z").match
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z").match
_DATE = re.compile(r"(-?)([1-9][0-9]{4,}|[0-9]{4})-([0-9]{2})-([0-9]{2})(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?\Z").match
_SPACES = re.compile(r"[ \t\n\r]+")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_SPECIAL = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}


class Untyped(str):
    """xs:untypedAtomic: the typed value of a node in a document without a schema."""

    __slots__ = ()


class Date:
    """xs:date, compared by the instant it starts at (the implicit time zone is UTC)."""

    __slots__ = ("minutes",)

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes


_WANTED = {"xs:decimal": "decimal", "xs:integer": "integer", "xs:double": "double", "xs:boolean": "boolean", "xs:date": "date"}


def wanted_of(name: str) -> str:
    """What `XPathError.wanted` says for a type."""
    return _WANTED.get(name, "text")


def normalize_space(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ")


def to_decimal(text: str) -> Decimal:
    """xs:decimal(text): no exponent, no NaN, no digits but ASCII ones."""
    trimmed = text.strip(XML_SPACE)
    if _DECIMAL(trimmed) is None:
        raise XPathError("FORG0001", "decimal", text)
    return EXACT.create_decimal(trimmed)


def to_double(text: str) -> float:
    trimmed = text.strip(XML_SPACE)
    if _DOUBLE(trimmed) is not None:
        return float(trimmed)
    special = _SPECIAL.get(trimmed)
    if special is None:
        raise XPathError("FORG0001", "double", text)
    return special


def to_boolean(text: str) -> bool:
    value = _BOOLEANS.get(text)
    if value is None:
        value = _BOOLEANS.get(text.strip(XML_SPACE))
    if value is None:
        raise XPathError("FORG0001", "boolean", text)
    return value


def _days(year: int, month: int, day: int) -> int:
    """Days of the proleptic Gregorian calendar; any year, also before 1 and beyond 9999."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year


def to_date(text: str) -> Date:
    found = _DATE(text.strip(XML_SPACE))
    if found is None or len(found[2]) > 9:
        raise XPathError("FORG0001", "date", text)
    year = int(found[2]) * (-1 if found[1] else 1)
    month, day = int(found[3]), int(found[4])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        raise XPathError("FORG0001", "date", text)
    offset = 0
    if found[6]:
        offset = int(found[7]) * 60 + int(found[8])
        if offset > 14 * 60 or int(found[8]) > 59:
            raise XPathError("FORG0001", "date", text)
        offset = offset if found[6] == "+" else -offset
    return Date(_days(year, month, day) * 1440 - offset)


def double_to_decimal(value: float) -> Decimal:
    """The exact binary expansion, as casting xs:double to xs:decimal demands."""
    if math.isnan(value) or math.isinf(value):
        raise XPathError("FOCA0002", "decimal", str(value))
    return Decimal(value)


def cast_decimal(value: Any) -> Decimal | int:
    if isinstance(value, str):
        return to_decimal(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return double_to_decimal(value)
    if isinstance(value, (int, Decimal)):
        return value
    raise XPathError("XPTY0004", "decimal", str(value))


DIGITS_MAX = 20_000  # of an xs:integer: making an int of more takes quadratic time


def cast_integer(value: Any) -> int:
    """xs:integer of an atomic value: text without a point, a number cut towards zero."""
    if isinstance(value, str):
        trimmed = value.strip(XML_SPACE)
        if "." in trimmed or _DECIMAL(trimmed) is None:
            raise XPathError("FORG0001", "integer", value)
        if len(trimmed) > DIGITS_MAX:
            raise XPathError("FOAR0002", "integer", value[:80])
        return int(EXACT.create_decimal(trimmed))
    number = cast_decimal(value)
    if isinstance(number, Decimal) and number.adjusted() > DIGITS_MAX:
        raise XPathError("FOAR0002", "integer", "")
    return int(number)


def from_codepoints(codes: list[Any]) -> str:
    """fn:codepoints-to-string: every code must be a character that XML allows."""
    for code in codes:
        if not isinstance(code, int) or isinstance(code, bool):
            raise XPathError("XPTY0004", "integer", str(code))
        if not (code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF):
            raise XPathError("FOCH0001", "character", str(code))
    return "".join(map(chr, codes))


def round_half_even(value: Any, places: int) -> Any:
    """fn:round-half-to-even."""
    if abs(places) > DIGITS_MAX:
        raise XPathError("FOAR0002", "integer", str(places))
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value) or not value:
            return value
        return float(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, EXACT))
    number = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, EXACT) if places < scale_of(Decimal(value)) else value
    return int(number) if isinstance(value, int) else number


def as_double(value: Any) -> float:
    if isinstance(value, Untyped):
        return to_double(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise XPathError("XPTY0004", "double", str(value))
    return to_float(value)


def to_float(value: Any) -> float:
    """A number as xs:double; beyond its range, infinity."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def round_half_up(value: Any) -> Any:
    """fn:round: towards positive infinity on a tie, so round(-2.5) is -2."""
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value) or not value:
            return value
        whole = math.floor(value)
        rounded = float(whole + 1 if value - whole >= 0.5 else whole)
        return math.copysign(rounded, value) if rounded == 0 else rounded
    return (value + HALF).to_integral_value(ROUND_FLOOR, EXACT)


def divide(left: Decimal | int, right: Decimal | int) -> Decimal:
    """Decimal division to at least 18 places. The specification leaves the precision to the implementation."""
    divisor = Decimal(right)
    if not divisor:
        raise XPathError("FOAR0001", "divisible", str(left))
    dividend = Decimal(left)
    places = max(DIVIDE_PLACES, DIVIDE_PLACES + scale_of(dividend) - scale_of(divisor))
    whole, rest = EXACT.divmod(dividend.scaleb(places, EXACT), divisor)
    if rest:
        twice = EXACT.compare(EXACT.abs(EXACT.multiply(rest, Decimal(2))), EXACT.abs(divisor))
        if twice > 0:
            whole += 1 if (dividend < 0) == (divisor < 0) else -1
    return whole.scaleb(-places, EXACT)


def scale_of(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def arithmetic(op: str, left: Any, right: Any) -> Any:
    """One of + - * div idiv mod on two atomic values; untyped text counts as xs:double."""
    if isinstance(left, (float, Untyped)) or isinstance(right, (float, Untyped)):
        return _double_arithmetic(op, as_double(left), as_double(right))
    for value in (left, right):
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise XPathError("XPTY0004", "double", str(value))
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    if op == "div":
        return divide(left, right)
    if not right:
        raise XPathError("FOAR0001", "divisible", str(left))
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return quotient if op == "idiv" else left - quotient * right
    if op == "idiv":
        return int(EXACT.divide_int(Decimal(left), Decimal(right)))
    return EXACT.remainder(Decimal(left), Decimal(right))


def _double_arithmetic(op: str, left: float, right: float) -> Any:
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    if op == "div":
        if right:
            return left / right
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    if op == "mod":
        return math.nan if not right or math.isinf(left) else math.fmod(left, right)
    if not right or math.isnan(left) or math.isinf(left) or math.isnan(right):
        raise XPathError("FOAR0001", "divisible", str(left))
    return int(left / right)


def _order(op: str, left: Any, right: Any) -> bool:
    if op == "=":
        return bool(left == right)
    if op == "!=":
        return bool(left != right)
    if op == "<":
        return bool(left < right)
    if op == "<=":
        return bool(left <= right)
    if op == ">":
        return bool(left > right)
    return bool(left >= right)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def compare_values(op: str, left: Any, right: Any) -> bool:
    """Compare two atomic values after the conversions of a comparison; refuse types that do not compare."""
    if isinstance(left, str) and isinstance(right, str):
        return _order(op, str(left), str(right))
    if is_number(left) and is_number(right):
        if isinstance(left, float) or isinstance(right, float):
            return _order(op, to_float(left), to_float(right))
        return _order(op, left, right)
    if isinstance(left, bool) and isinstance(right, bool):
        return _order(op, left, right)
    if isinstance(left, Date) and isinstance(right, Date):
        return _order(op, left.minutes, right.minutes)
    raise XPathError("XPTY0004", "comparable", str(left))


def general(op: str, left: Any, right: Any) -> bool:
    """One pair of a general comparison: untyped text takes the type of the other side."""
    if isinstance(left, Untyped) and not isinstance(right, str):
        left = convert_untyped(left, right)
    elif isinstance(right, Untyped) and not isinstance(left, str):
        right = convert_untyped(right, left)
    return compare_values(op, left, right)


def convert_untyped(text: Untyped, like: Any) -> Any:
    if isinstance(like, bool):
        return to_boolean(text)
    if isinstance(like, Date):
        return to_date(text)
    return to_double(text)


def _double_text(value: float) -> str:
    """xs:double as text: plain between 0.000001 and 1,000,000, else a mantissa with at least one place and an exponent."""
    if not value:
        return "0" if math.copysign(1, value) > 0 else "-0"
    exact = Decimal(repr(value))
    if 1e-6 <= abs(value) < 1e6:
        text = format(exact, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    sign, digits, exponent = exact.normalize(EXACT).as_tuple()
    assert isinstance(exponent, int)
    tail = "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{digits[0]}.{tail}E{exponent + len(digits) - 1}"


def number_text(value: Any) -> str:
    """The canonical text of an atomic value, as fn:string gives it."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "INF" if value > 0 else "-INF"
        return _double_text(value)
    if isinstance(value, int) and abs(value) >= 10**4000:
        return format(EXACT.create_decimal(value), "f")  # str() of an integer stops at 4,300 digits
    return str(value)


def substring(text: str, start: Any, length: Any = None) -> str:
    """fn:substring with its rounding: positions p with round(start) <= p < round(start) + round(length)."""
    first = round_half_up(float(start))
    if math.isnan(first):
        return ""
    last = math.inf if length is None else first + round_half_up(float(length))
    if math.isnan(last):
        return ""
    begin = max(first, 1)
    if begin >= last or begin > len(text):
        return ""
    end = len(text) if last > len(text) else int(last) - 1
    return text[int(begin) - 1 : end]


def substring_after(text: str, mark: str) -> str:
    return text if mark == "" else text.partition(mark)[2]


def substring_before(text: str, mark: str) -> str:
    head, found, _ = text.partition(mark) if mark else ("", "", "")
    return head if found else ""
