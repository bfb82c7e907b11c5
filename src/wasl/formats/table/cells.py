"""One cell to one value of the model, by the kind of its term. What a cell cannot mean is refused with the way to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from wasl.formats.lexical import FORBIDDEN, plain, to_decimal
from wasl.formats.table import dates, numbers
from wasl.formats.table._vocabulary import CATEGORY_WORDS, COUNTRY_WORDS, CURRENCY_WORDS, TYPE_WORDS, UNIT_WORDS, fold
from wasl.formats.table.grid import Cell, FormulaWithoutValue, shown
from wasl.formats.table.numbers import CellWrong
from wasl.formats.table.targets import Target
from wasl.invoice.codes import COUNTRIES, CURRENCIES, VAT_CATEGORIES
from wasl.invoice.numerals import ascii_digits
from wasl.invoice.plurals import UNITS

REMEMBERED_MAX = 20_000  # different cells of one column whose values are kept

_CODE = re.compile(r"[A-Z0-9]{2,3}\Z")
_TYPE_CODE = re.compile(r"[0-9]{2,3}\Z")


class Category(str):
    """A VAT category that stood where a rate was expected: «معفى»."""

    __slots__ = ()


# Registers give these in ASCII, whatever digits the sheet's keyboard had: numbers of tax, company and account.
IN_ASCII = frozenset({"BT-30", "BT-31", "BT-32", "BT-47", "BT-48", "BT-63", "BT-84"})


class Timed(date):
    """A date whose cell also held a time of day."""


Value = str | Decimal | date | numbers.Number


class Converter:
    """Cells of one column to values; equal cells are converted once."""

    def __init__(self, goal: Target, *, decimal: str | None, strict: bool, order: str | None) -> None:
        self.goal, self._decimal, self._strict, self._order = goal, decimal, strict, order
        self._known: dict[Cell, Value | CellWrong] = {}
        self._convert: Callable[[Cell], Value] = getattr(self, f"_{goal.kind}")

    def __call__(self, cell: Cell) -> Value:
        """The value of a cell that is not empty. Raises `CellWrong`."""
        found = self._known.get(cell)
        if found is None:
            try:
                if isinstance(cell, FormulaWithoutValue):
                    raise _formula()
                found = self._convert(cell)
            except CellWrong as wrong:
                found = wrong
            if len(self._known) < REMEMBERED_MAX:
                self._known[cell] = found
        if isinstance(found, CellWrong):
            raise found
        return found

    def _text(self, cell: Cell) -> str:
        text = as_text(cell)
        if FORBIDDEN.search(text):
            raise CellWrong(
                f"“{shown(text)}” holds a control character. Fix: type the text anew.", f"في «{shown(text)}» محرف تحكّم. الحل: اكتب النص من جديد."
            )
        if self.goal.base in IN_ASCII and (figures := ascii_digits(text)).isascii():
            return figures
        return text

    def _number(self, cell: Cell) -> numbers.Number:
        if isinstance(cell, Decimal):
            value = to_decimal(plain(cell))
            if value is None:
                raise numbers.not_a_number(shown(as_text(cell)))
            return numbers.Number(value)
        if isinstance(cell, date):
            raise CellWrong(
                f"{cell} is a date, and a number is expected. Fix: format the cell as a number.",
                f"{cell} تاريخ، والمتوقع رقم. الحل: غيّر تنسيق الخلية إلى رقم.",
            )
        text = str(cell)
        if len(text) > numbers.CHARS_MAX:
            raise numbers.not_a_number(shown(text))
        return numbers.parse(text, self._decimal, strict=self._strict)

    def _amount(self, cell: Cell) -> Value:
        number = self._number(cell)
        if number.percent:
            text = shown(as_text(cell))
            raise CellWrong(
                f"“{text}” is a percentage, and an amount is expected. Fix: write the amount.",
                f"«{text}» نسبة مئوية، والمتوقع مبلغ. الحل: اكتب المبلغ.",
            )
        return number if number.currency else number.value

    def _percent(self, cell: Cell) -> Value:
        if self.goal.base == "BT-152" and isinstance(cell, str) and (category := CATEGORY_WORDS.get(fold(cell))) is not None:
            return Category(category)
        number = self._number(cell)
        if 0 < number.value < 1 and not number.percent:
            text, whole = as_text(cell), plain((number.value * 100).normalize())
            raise CellWrong(
                f"“{text}” would be {text} %. Fix: write {whole} or {whole}%, or {text}% if that is meant.",
                f"«{text}» تعني {text}%. الحل: اكتب {whole} أو {whole}%، أو {text}% إن كان هذا هو المقصود.",
            )
        return number.value

    def _date(self, cell: Cell) -> Value:
        if isinstance(cell, date):
            return cell
        found, time = dates.parse(as_text(cell), self._order)
        return found if time is None else Timed(found.year, found.month, found.day)

    def _category(self, cell: Cell) -> Value:
        text = as_text(cell).strip()
        found = text.upper() if text.upper() in VAT_CATEGORIES else CATEGORY_WORDS.get(fold(text))
        if found is None:
            raise CellWrong(
                f"“{shown(text)}” is no VAT category. Fix: write S, Z, E, AE, K, G or O.",
                f"«{shown(text)}» ليست فئة ضريبية. الحل: اكتب S أو Z أو E أو AE أو K أو G أو O.",
            )
        return found

    def _unit(self, cell: Cell) -> Value:
        text = as_text(cell).strip()
        if text in UNITS:
            return text
        found = _units().get(fold(text)) or (text if _CODE.match(text) else None)
        if found is None:
            raise CellWrong(
                f"“{shown(text)}” is no unit that is known. Fix: write its code, such as H87 for pieces (UN/ECE Recommendation 20).",
                f"«{shown(text)}» ليست وحدة نعرفها. الحل: اكتب رمزها، مثل H87 للقطعة (توصية الأمم المتحدة رقم 20).",
            )
        return found

    def _type(self, cell: Cell) -> Value:
        text = as_text(cell).strip()
        found = text if _TYPE_CODE.match(text) else _types().get(fold(text))
        if found is None:
            raise CellWrong(
                f"“{shown(text)}” is no kind of document. Fix: write 380 for an invoice, 381 for a credit note.",
                f"«{shown(text)}» ليس نوعًا من المستندات. الحل: اكتب 380 للفاتورة و381 للإشعار الدائن.",
            )
        return found

    def _currency(self, cell: Cell) -> Value:
        text = as_text(cell).strip()
        found = text.upper() if text.upper() in CURRENCIES else CURRENCY_WORDS.get(text.casefold().replace(" ", "").strip("."))
        if found is None:
            raise CellWrong(
                f"“{shown(text)}” is no currency code. Fix: write it like SAR.", f"«{shown(text)}» ليس رمز عملة. الحل: اكتبه على صورة SAR."
            )
        return found

    def _country(self, cell: Cell) -> Value:
        text = as_text(cell).strip()
        found = text.upper() if text.upper() in COUNTRIES else _countries().get(fold(text))
        if found is None:
            raise CellWrong(
                f"“{shown(text)}” is no country. Fix: write its code of two letters, like SA.",
                f"«{shown(text)}» ليس بلدًا. الحل: اكتب رمزه من حرفين، مثل SA.",
            )
        return found


def as_text(cell: Cell) -> str:
    """What a person sees in the cell; a whole number without the decimals of its format."""
    if isinstance(cell, Decimal):
        text = plain(cell)
        return text.rstrip("0").rstrip(".") if "." in text else text
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _formula() -> CellWrong:
    return CellWrong(
        "the cell holds a formula without its result, and none is computed here. Fix: open the file in a spreadsheet programme and save it.",
        "في الخلية صيغة حسابية بلا نتيجة محفوظة، ونحن لا نحسب الصيغ. الحل: افتح الملف في برنامج الجداول ثم احفظه.",
    )


@cache
def _units() -> dict[str, str]:
    found = {fold(word): code for word, code in UNIT_WORDS.items()}
    for code, name in UNITS.items():
        for word in (name.one, name.two, name.few, name.many, name.en, name.en_plural):
            found.setdefault(fold(word), code)
    return found


@cache
def _types() -> dict[str, str]:
    from wasl.invoice.codes import DOCUMENT_TYPES

    found = {fold(word): code for word, code in TYPE_WORDS.items()}
    for code, names in DOCUMENT_TYPES.items():
        found |= {fold(name): code for name in names if fold(name) not in found}
    return found


@cache
def _countries() -> dict[str, str]:
    from babel import Locale  # CLDR data: loaded where a country is written out

    found: dict[str, str] = {}
    for lang in ("en", "ar", "de", "fr"):
        found |= {fold(name): code for code, name in Locale.parse(lang).territories.items() if code in COUNTRIES}
    return found | COUNTRY_WORDS
