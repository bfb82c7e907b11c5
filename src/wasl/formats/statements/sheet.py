"""A bank's table (CSV, or the first sheet of an XLSX) as a statement, through a `Columns`: what each column is.

Every row is read or refused by its number. Where the table has a running balance, each row is checked against it, so a
row that was cut out, doubled or edited is found and named.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice, pairwise

from wasl.errors import Words
from wasl.formats.lexical import plain
from wasl.formats.statements.amounts import of_decimal, shown
from wasl.formats.statements.columns import HEADER_ROWS_MAX, SAMPLE_ROWS, Columns, day, guess, number
from wasl.formats.statements.errors import BalanceBroken, ColumnsUnknown, LineUnreadable, NotAStatement, StatementTooLarge
from wasl.formats.statements.model import Balance, Foot, Head, Line, Part
from wasl.formats.statements.source import Source, head_of
from wasl.formats.statements.text import encoding_of, lines
from wasl.formats.table import dates, numbers, xlsx
from wasl.formats.table import text as tables
from wasl.formats.table.grid import CELL_CHARS_MAX, COLUMNS_MAX, Cell
from wasl.formats.table.grid import shown as cell_shown
from wasl.formats.table.numbers import CellWrong

ROWS_MAX = 400_000
BARE_ROWS_MAX = 2  # rows with a day and without an amount: the opening and the closing balance
HEAD_LINES = 200  # from which the delimiter is told
TEXT_CHARS_MAX = 2_000
_ZIP = b"PK\x03\x04"
_DIGIT = re.compile(r"[0-9٠-٩۰-۹]")
_OUT = frozenset(["d", "dr", "db", "debit", "debits", "مدين", "سحب", "خصم", "صادر", "-", "s", "soll", "withdrawal", "out"])
_IN = frozenset(["c", "cr", "credit", "credits", "دائن", "ايداع", "إيداع", "وارد", "+", "h", "haben", "deposit", "in"])


def sample_of(source: Source) -> list[list[str]]:
    """The first rows, for a person and for `guess`."""
    return [row for _, row in islice(rows_of(source), HEADER_ROWS_MAX + SAMPLE_ROWS)]


def read(source: Source, columns: Columns | None = None) -> Iterator[Part]:
    """One head, the lines, one foot. Raises `StatementRefused` and `TableRefused`."""
    known = columns or guess(sample_of(source))
    if known.booked is None:
        raise ColumnsUnknown(what=Words("the day of a movement", "تاريخ الحركة"))
    if not known.is_enough:
        raise ColumnsUnknown(what=Words("the amount", "المبلغ"))
    if not known.own_currency:
        raise ColumnsUnknown(what=Words("the currency of the account", "عملة الحساب"))
    yield from _Table(known).parts(source)


def rows_of(source: Source) -> Iterator[tuple[int, list[str]]]:
    """(row number as a spreadsheet shows it, cells) of every row that is not empty."""
    if head_of(source, 4) == _ZIP:
        grid = xlsx.load(b"".join(source.chunks()))
        yield from ((at, [_written(cell) for cell in row]) for at, row in enumerate(grid.rows, 1) if any(row))
        return
    encoding = encoding_of(source)
    head = "\n".join(islice(lines(source, encoding), HEAD_LINES))
    delimiter = tables.delimiter_of(head)
    csv.field_size_limit(CELL_CHARS_MAX)
    reader = csv.reader((f"{each}\n" for each in lines(source, encoding)), delimiter=delimiter)
    try:
        for row in reader:
            if reader.line_num > ROWS_MAX:
                raise StatementTooLarge(reason=Words(f"it has more than {ROWS_MAX:,} rows", f"فيه أكثر من {ROWS_MAX:,} صف"))
            if any(row):
                if len(row) > COLUMNS_MAX:
                    at = reader.line_num
                    raise StatementTooLarge(reason=Words(f"row {at} has too many columns", f"في الصف {at} أعمدة أكثر مما يُقبل"))
                yield reader.line_num, [_unescaped(cell).strip() for cell in row]
    except csv.Error:
        raise NotAStatement(reason=Words(f"row {reader.line_num} is damaged", f"الصف {reader.line_num} تالف")) from None


def _written(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return plain(cell)
    return cell.isoformat() if isinstance(cell, date) else (cell or "").strip()


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and tables.ESCAPED.match(cell) else cell


class _Table:
    """One reading of one table."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.currency = columns.own_currency
        self.decimal = columns.decimal
        self.order = columns.dates
        self.is_newest_first = False
        self.bare: set[int] = set()

    def parts(self, source: Source) -> Iterator[Part]:
        self._learn(source)
        before: int | None = None  # the balance that the row just read stood on
        ends: list[tuple[int, date]] = []  # (balance, day) after the oldest and the newest row
        movements = self._movements(source)
        first = next(movements, None)
        if first is None and self.bare:  # days without amounts: the column of amounts was not named
            raise ColumnsUnknown(what=Words("the amount", "المبلغ"))
        opening = self._opening(source, first)
        yield Head(account=self.columns.own_account, currency=self.currency, number=self._period(source, first), opening=opening)
        if first is None:
            yield Foot()
            return
        for line, balance in _after(first, movements):
            if balance is not None:
                before = self._continues(line, balance, before)
                ends = [ends[0] if ends else (balance, line.booked), (balance, line.booked)]
            yield line
        yield Foot(closing=Balance(*(ends[0] if self.is_newest_first else ends[1])) if ends and opening is not None else None)

    def _learn(self, source: Source) -> None:
        """From the first rows: which way time runs."""
        found = list(islice(self._movements(source), SAMPLE_ROWS))
        days = [line.booked for line, _ in found]
        if len(found) < 2:
            return
        pairs = [(line, before, nearer, after) for (line, before), (nearer, after) in pairwise(found) if before is not None and after is not None]
        up = sum(before + nearer.amount == after for _, before, nearer, after in pairs)
        down = sum(before - line.amount == after for line, before, _, after in pairs)
        self.is_newest_first = down > up or (down == up and days[0] > days[-1])

    def _opening(self, source: Source, first: tuple[Line, int | None] | None) -> Balance | None:
        """What stood before the oldest row; the oldest may be the last one."""
        oldest = first
        if self.is_newest_first and first is not None and first[1] is not None:
            oldest = deque(self._movements(source), maxlen=1)[0]
        if oldest is None or oldest[1] is None:
            return None
        return Balance(oldest[1] - oldest[0].amount)

    def _period(self, source: Source, first: tuple[Line, int | None] | None) -> str:
        """A table has no number: it is called by the day it begins with."""
        return "" if first is None else first[0].booked.isoformat()

    def _continues(self, line: Line, balance: int, before: int | None) -> int:
        """The balance that must stand after the next row (before it, where the newest comes first)."""
        if self.is_newest_first:
            if before is not None and balance != before:
                self._broken(line, before, balance)
            return balance - line.amount
        if before is not None and before + line.amount != balance:
            self._broken(line, before + line.amount, balance)
        return balance

    def _broken(self, line: Line, want: int, got: int) -> None:
        raise BalanceBroken(place=Words(f"Row {line.place}", f"الصف {line.place}"), want=shown(want, self.currency), got=shown(got, self.currency))

    def _movements(self, source: Source) -> Iterator[tuple[Line, int | None]]:
        """(line, running balance) of every row; its `place` is the row's number in the file."""
        above = self.columns.header
        for at, row in rows_of(source):
            if above > 0:
                above -= 1
                continue
            found = self._movement(row, at)
            if found is not None:
                yield found

    def _movement(self, row: Sequence[str], at: int) -> tuple[Line, int | None] | None:
        columns, place = self.columns, Words(f"Row {at}", f"الصف {at}")
        day_text = _cell(row, columns.booked) or _cell(row, columns.value)
        figures = [_cell(row, each) for each in (columns.amount, columns.debit, columns.credit)]
        if not _DIGIT.search(day_text):
            if any(_DIGIT.search(each) for each in figures) and day_text == "" and _cell(row, columns.balance) == "":
                raise LineUnreadable(place=place, reason=Words("it has an amount and no day", "فيه مبلغ بلا تاريخ"))
            return None  # titles, totals, "carried forward"
        if not any(_DIGIT.search(each) for each in figures):
            self.bare.add(at)  # a row of the opening or closing balance
            if len(self.bare) > BARE_ROWS_MAX:
                raise LineUnreadable(place=place, reason=Words("it has a day and no amount; is a column missing?", "فيه تاريخ بلا مبلغ؛ أينقص عمود؟"))
            return None
        other = _cell(row, columns.currency).upper()
        if other and other != self.currency:
            reason = Words(f"it is in {other[:3]}, the account in {self.currency}", f"فيه {other[:3]} والحساب بعملة {self.currency}")
            raise LineUnreadable(place=place, reason=reason)
        balance = _cell(row, columns.balance)
        line = Line(
            place=at, booked=self._day(day_text, place), value=day(_cell(row, columns.value), self.order), amount=self._amount(row, place),
            name=_cell(row, columns.name)[:200], account=_cell(row, columns.account).replace(" ", "").upper()[:64],
            references=tuple(dict.fromkeys(each[:140] for each in (_cell(row, one) for one in columns.references) if each)),
            text=" ".join(" ".join(_cell(row, one) for one in columns.text).split())[:TEXT_CHARS_MAX],
            bank_reference=_cell(row, columns.bank_reference)[:64],
        )  # fmt: skip
        return line, self._figure(balance, place) if _DIGIT.search(balance) else None

    def _day(self, text: str, place: Words) -> date:
        try:
            return dates.parse(text, self.order)[0]
        except CellWrong as wrong:
            raise LineUnreadable(place=place, reason=wrong.words) from None

    def _amount(self, row: Sequence[str], place: Words) -> int:
        columns = self.columns
        if columns.amount is not None and _cell(row, columns.amount):
            units = self._figure(_cell(row, columns.amount), place)
            return units if columns.sign is None else _with_sign(units, _cell(row, columns.sign), place)
        out, came = (self._figure(text, place) if (text := _cell(row, at)) else 0 for at in (columns.debit, columns.credit))
        if out and came:
            raise LineUnreadable(place=place, reason=Words("it has a debit and a credit", "فيه مدين ودائن معًا"))
        return abs(came) - abs(out)

    def _figure(self, text: str, place: Words) -> int:
        try:
            found = numbers.parse(text, self.decimal)
        except CellWrong as wrong:
            raise LineUnreadable(place=place, reason=wrong.words) from None
        if found.percent or (found.currency and found.currency != self.currency):
            reason = Words(f"“{cell_shown(text)}” is not an amount of the account", f"«{cell_shown(text)}» ليس مبلغًا بعملة الحساب")
            raise LineUnreadable(place=place, reason=reason)
        return of_decimal(found.value, self.currency, place)


def _after(first: tuple[Line, int | None], rest: Iterator[tuple[Line, int | None]]) -> Iterator[tuple[Line, int | None]]:
    yield first
    yield from rest


def _with_sign(units: int, text: str, place: Words) -> int:
    word = text.strip().casefold()
    if word in _OUT:
        return -abs(units)
    if word in _IN:
        return abs(units)
    if units < 0 or not word:
        return units
    seen = cell_shown(text)
    raise LineUnreadable(place=place, reason=Words(f"“{seen}” does not say whether money came or went", f"لا يُعرف من «{seen}» أوارد المبلغ أم صادر"))


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""


__all__ = ["Columns", "guess", "number", "read", "rows_of", "sample_of"]
