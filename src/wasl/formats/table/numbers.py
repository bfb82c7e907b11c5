"""Numbers as people type them into tables: three digit sets, points, commas and Arabic separators, currency words, signs.

“1.234” is a thousand and more in one country and one and a bit in another. The rest of the file usually tells (12,50 or
12.50 stands somewhere); where it does not, the cell is refused and the mapping says which sign is the decimal one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from wasl.errors import Words
from wasl.formats.lexical import to_decimal
from wasl.formats.table._vocabulary import CURRENCY_WORDS
from wasl.formats.table.grid import shown
from wasl.invoice.codes import CURRENCIES

CHARS_MAX = 80  # 28 digits, signs between them, a currency's name
_TO_ASCII = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹\u2212،\u00a0\u202f\u2009\u2019٪", "01234567890123456789-,   '%")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_DIGIT = re.compile("[0-9]")
_SHAPE = re.compile(r"[0-9.,٫٬' ]+\Z")
_SEPARATORS = re.compile(r"[.,٫٬' ]")


class CellWrong(Exception):
    """A cell that cannot be read: what is wrong with it and how to mend it, in both languages."""

    def __init__(self, en: str, ar: str) -> None:
        super().__init__(en)
        self.words = Words(en, ar)


class Number(NamedTuple):
    """What a cell says: the value, whether it carries a percent sign, and the currency that it names (None: none, or several could be meant)."""

    value: Decimal
    percent: bool = False
    currency: str | None = None


class _Parts(NamedTuple):
    body: str
    negative: bool
    percent: bool
    currency: str | None


def not_a_number(text: str) -> CellWrong:
    return CellWrong(
        f"“{shown(text)}” is not a number. Fix: write digits only, like 1234.50.",
        f"«{shown(text)}» ليس رقمًا. الحل: اكتب الأرقام وحدها، مثل 1234.50.",
    )


def parse(text: str, decimal: str | None = None, *, strict: bool = False) -> Number:
    """The number in `text`. `decimal` is the file's decimal sign, None where nothing told it; `strict` admits no other.

    Raises `CellWrong`.
    """
    parts = _take_apart(text)
    whole, fraction, sign, grouping, unclear = _read(text, parts.body)
    if unclear:
        if decimal is None:
            raise _unclear(text)
        if sign != decimal:
            whole, fraction = whole + fraction, ""
    elif strict and decimal is not None and ((sign in (".", ",") and sign != decimal) or grouping == decimal):
        raise CellWrong(
            f"“{shown(text)}” does not use “{decimal}” as its decimal sign, as the mapping says. Fix: correct one of the two.",
            f"«{shown(text)}» لا يستعمل «{decimal}» فاصلةً عشرية كما يقول ملف الربط. الحل: صحّح أحدهما.",
        )
    value = to_decimal(f"{'-' if parts.negative else ''}{whole or '0'}.{fraction}")
    if value is None:
        raise CellWrong(f"“{shown(text)}” has more than 28 digits. Fix: round it.", f"في «{shown(text)}» أكثر من 28 خانة. الحل: قرّبه.")
    return Number(value, parts.percent, parts.currency)


def decimal_sign(texts: Iterable[str]) -> str | None:
    """The decimal sign that the clear ones among `texts` use; None where none is clear, or both signs occur."""
    seen: set[str] = set()
    for text in texts:
        try:
            _, _, sign, grouping, unclear = _read(text, _take_apart(text).body)
        except CellWrong:
            continue
        if not unclear:
            if sign in (".", ","):
                seen.add(sign)
            elif grouping in (".", ","):
                seen.add("," if grouping == "." else ".")
    return seen.pop() if len(seen) == 1 else None


def _take_apart(text: str) -> _Parts:
    """The digits with their separators, and what stands around them."""
    cleaned = INVISIBLE.sub("", text).translate(_TO_ASCII).strip()
    first = _DIGIT.search(cleaned)
    if first is None or len(cleaned) > CHARS_MAX:
        raise not_a_number(text)
    start = first.start()
    if start and cleaned[start - 1] in ".٫" and not cleaned[: start - 1].strip(" +-("):
        start -= 1
    end = len(cleaned)
    while not ("0" <= cleaned[end - 1] <= "9"):
        end -= 1
    before, after = cleaned[:start].strip(), cleaned[end:].strip(" .")
    percent = "%" in before + after
    negative = False
    if before.startswith("(") and after.endswith(")"):
        before, after, negative = before[1:].strip(), after[:-1].strip(), True
    for sign in "+-":
        if sign in before + after:
            if negative or (before + after).count(sign) > 1:
                raise not_a_number(text)
            negative = sign == "-"
            before, after = before.replace(sign, "").strip(), after.replace(sign, "").strip()
    before, after = before.replace("%", "", 1).strip(), after.replace("%", "", 1).strip()
    if before and after:
        raise not_a_number(text)
    return _Parts(cleaned[start:end], negative, percent, _currency(before or after, text))


def _currency(word: str, text: str) -> str | None:
    if not word:
        return None
    if word.upper() in CURRENCIES:
        return word.upper()
    key = word.casefold().replace(" ", "").strip(".")
    if key not in CURRENCY_WORDS:
        raise not_a_number(text)
    return CURRENCY_WORDS[key]


def _read(text: str, body: str) -> tuple[str, str, str | None, str | None, bool]:
    """(whole, fraction, decimal sign, grouping sign, whether it could be read in two ways)."""
    if body.isascii() and body.isdigit():
        return body, "", None, None, False
    if _SHAPE.match(body) is None:
        raise not_a_number(text)
    signs = _SEPARATORS.findall(body)
    kinds = dict.fromkeys(signs)
    sign = signs[-1]
    if len(kinds) > 2 or (len(kinds) == 2 and signs.count(sign) > 1):
        raise not_a_number(text)
    if len(kinds) == 1 and (len(signs) > 1 or sign in "٬' "):
        return _grouped(text, body, sign), "", None, sign, False
    whole, _, fraction = body.rpartition(sign)
    if len(kinds) == 2:
        if sign in "٬' ":
            raise not_a_number(text)
        return _grouped(text, whole, signs[0]), fraction, sign, signs[0], False
    if sign != "٫" and len(fraction) == 3 and len(whole) > 1 and whole[0] == "0":
        raise not_a_number(text)
    unclear = sign != "٫" and len(fraction) == 3 and 0 < len(whole) <= 3 and whole[0] != "0"
    return whole, fraction, sign, None, unclear


def _grouped(text: str, whole: str, sign: str) -> str:
    """The digits of groups of three (or, as in India, of two before the last three)."""
    groups = whole.split(sign)
    if not 0 < len(groups[0]) <= 3 or groups[0].startswith("0") or len(groups[-1]) != 3 or any(len(each) not in (2, 3) for each in groups[1:]):
        raise not_a_number(text)
    if any(len(each) == 2 for each in groups[1:]) and (sign != "," or any(len(each) != 2 for each in groups[1:-1]) or len(groups[0]) > 2):
        raise not_a_number(text)
    return "".join(groups)


def _unclear(text: str) -> CellWrong:
    return CellWrong(
        f"“{shown(text)}” can mean two numbers, for nothing in the file shows which sign is the decimal one. "
        'Fix: write decimal = "." or decimal = "," in the mapping.',
        f"«{shown(text)}» يحتمل رقمين، ولا شيء في الملف يبيّن أي العلامتين هي الفاصلة العشرية. "
        'الحل: اكتب decimal = "." أو decimal = "," في ملف الربط.',
    )
