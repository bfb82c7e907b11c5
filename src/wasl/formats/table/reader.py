"""A table of invoices to invoices: one row is one line, rows of one number are one invoice, all or nothing.

Fields of the invoice itself may stand in every row or only in the first of each invoice; where they differ, the row is
named. Every amount that can be computed is computed by `wasl.invoice.totals` and compared with what the table gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from wasl.errors import UnreadableInput, Words
from wasl.formats.result import Loss, ReadResult
from wasl.formats.table import columns as guessing
from wasl.formats.table import dates, numbers, text, xlsx
from wasl.formats.table.build import Builder, FromTable
from wasl.formats.table.cells import Converter
from wasl.formats.table.errors import CellsRefused, ColumnsMissing, MappingRefused, NotATable, Problem, SeveralInvoices
from wasl.formats.table.grid import Cell, Grid
from wasl.formats.table.mapping import Mapping
from wasl.formats.table.targets import Target, target

ZIP_MARK = b"PK\x03\x04"
SNIFFED_BYTES = 65_536

# What an invoice cannot be made without: any one group of each row of this table.
_NEEDED: tuple[tuple[frozenset[str], ...], ...] = (
    (frozenset({"BT-1"}),),
    (frozenset({"BT-129", "BT-146"}), frozenset({"BT-129", "BT-148"}), frozenset({"BT-131"})),
    (frozenset({"BT-152"}), frozenset({"BT-151"})),
)
# What the standard wants besides: named by `wasl sheet columns`, judged by the rules.
WANTED = ("BT-1", "BT-2", "BT-5", "BT-27", "BT-31", "BT-40", "BT-44", "BT-55", "BT-129", "BT-146", "BT-152", "BT-153")


class Recognised(msgspec.Struct, kw_only=True):
    """A table with what is known about its columns. `names` are the headers, `header` the index of their row, `columns` what was recognised."""

    grid: Grid
    header: int
    names: list[str]
    mapping: Mapping
    guessed: bool

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns with values that no term is known for."""
        used = {at for row in self.grid.rows[self.header + 1 :] for at, cell in enumerate(row) if cell is not None}
        return tuple(name for at, name in enumerate(self.names) if not self.mapping.columns.get(name) and at in used)

    @property
    def missing(self) -> tuple[str, ...]:
        """Terms of `WANTED` that neither a column nor a constant gives."""
        given = {goal.base for goal in (*self.mapping.targets().values(), *self.mapping.fixed())}
        given |= {"BT-146"} & given or ({"BT-146"} if given & {"BT-148", "BT-131"} else set())
        return tuple(term for term in WANTED if term not in given and not (term == "BT-152" and "BT-151" in given))


class Examined(msgspec.Struct, kw_only=True):
    """All invoices of a table that are whole, in order, and everything that is wrong with the others."""

    table: Recognised
    invoices: tuple[FromTable, ...]
    problems: tuple[Problem, ...]
    refused: int  # invoices with a problem


def read(data: bytes, *, mapping: Mapping | None = None) -> list[FromTable]:
    """Every invoice of the table. Raises `TableRefused` subclasses; `CellsRefused` carries each wrong cell: nothing is half-read."""
    found = examine(data, mapping=mapping)
    if found.problems:
        raise CellsRefused(found.problems)
    return list(found.invoices)


def read_one(data: bytes) -> ReadResult:
    """The one invoice of the table. Raises `SeveralInvoices` where there are more."""
    found = read(data)
    if len(found) != 1:
        raise SeveralInvoices(count=len(found))
    return msgspec.structs.replace(found[0], source=data)


def looks_like_one(data: bytes) -> bool:
    """Whether `data` is a workbook, or text whose first rows hold two headers that are known: for a door that tells kinds apart."""
    if data.startswith((ZIP_MARK, b"\xd0\xcf\x11\xe0")):
        return True
    try:
        head = data[:SNIFFED_BYTES]
        last = max(head.rfind(b"\n"), head.rfind(b"\r"))
        grid = text.load(head if len(data) == len(head) or last < 0 else head[: last + 1])
    except UnreadableInput:
        return False
    return guessing.find_header(grid) is not None


def examine(data: bytes, *, mapping: Mapping | None = None) -> Examined:
    """As `read`, but wrong cells are handed back beside the invoices that are whole."""
    table = recognise(data, mapping=mapping)
    plan = _Plan(table)
    return plan.run()


def recognise(data: bytes, *, mapping: Mapping | None = None) -> Recognised:
    """The table, its header row and its mapping: the given one, or the guessed one."""
    grid = load(data, mapping)
    header = _header(grid, mapping)
    names = guessing.names_of(grid.rows[header])
    if mapping is None:
        sample = [row for row in grid.rows[header + 1 : header + 1 + 4 * guessing.SAMPLE_ROWS] if any(cell is not None for cell in row)]
        return Recognised(grid=grid, header=header, names=names, mapping=guessing.guess(names, sample), guessed=True)
    absent = [name for name, term in mapping.columns.items() if term and name not in set(names)]
    if absent:
        name = absent[0][:60]
        raise MappingRefused(reason=Words(f"the table has no column “{name}”", f"لا عمود في الجدول باسم «{name}»"))
    return Recognised(grid=grid, header=header, names=names, mapping=mapping, guessed=False)


def load(data: bytes, mapping: Mapping | None = None) -> Grid:
    """The cells of a CSV or XLSX file."""
    if not data.strip(b" \t\r\n\x00"):
        raise NotATable(reason=Words("it is empty", "الملف فارغ"))
    if data.startswith((ZIP_MARK, b"\xd0\xcf\x11\xe0", b"PK\x05\x06")):
        return xlsx.load(data, sheet=mapping.sheet if mapping else None)
    return text.load(data, encoding=mapping.encoding if mapping else None, delimiter=mapping.delimiter if mapping else None)


def _header(grid: Grid, mapping: Mapping | None) -> int:
    if mapping is not None and mapping.header_row is not None:
        if mapping.header_row > len(grid.rows):
            raise MappingRefused(reason=Words(f"the table has no row {mapping.header_row}", f"لا صف في الجدول رقمه {mapping.header_row}"))
        return mapping.header_row - 1
    if mapping is not None:
        wanted = {name for name, term in mapping.columns.items() if term}
        counts = [len(wanted.intersection(guessing.names_of(row))) for row in grid.rows[: guessing.HEADER_ROWS_MAX]]
        if counts and max(counts) > 0:
            return counts.index(max(counts))
    found = guessing.find_header(grid)
    if found is None:
        raise NotATable(reason=Words("no row of it names columns that are known", "لا صف فيه يسمّي أعمدة نعرفها"))
    return found


class _Plan:
    """Everything that is decided once for a table."""

    def __init__(self, table: Recognised) -> None:
        self.table = table
        at = {name: place for place, name in enumerate(table.names)}
        self.columns: list[tuple[int, str, Target]] = [(at[name], name, goal) for name, goal in table.mapping.targets().items() if name in at]
        self.rows = table.grid.rows
        self._check_needed()
        self.number_at = next((place for place, _, goal in self.columns if goal.term == "BT-1"), None)
        self.builder = Builder(self.columns, table.mapping.fixed(), self._converters())

    def run(self) -> Examined:
        for number, indices in self._groups().items():
            self.builder.add(number, indices, self.rows)
        if not self.builder.invoices and not self.builder.problems:
            raise NotATable(reason=Words("it has no rows below its headers", "لا صفوف فيه تحت العناوين"))
        losses = tuple(self._losses())
        invoices = tuple(msgspec.structs.replace(each, losses=each.losses + losses) if losses else each for each in self.builder.invoices)
        return Examined(table=self.table, invoices=invoices, problems=tuple(self.builder.problems), refused=self.builder.refused)

    def _check_needed(self) -> None:
        given = {goal.base for _, _, goal in self.columns} | {goal.base for goal in self.table.mapping.fixed()}
        for groups in _NEEDED:
            if not any(group <= given for group in groups):
                goals = [goal for term in sorted(groups[0] - given) if (goal := target(term)) is not None]
                raise ColumnsMissing(
                    what=Words(
                        " and ".join(f"the {goal.label('en')} ({goal.base})" for goal in goals),
                        " و".join(f"{goal.label('ar')} ({goal.base})" for goal in goals),
                    )
                )

    def _converters(self) -> dict[Target, Converter]:
        mapping = self.table.mapping
        decimal = mapping.decimal or numbers.decimal_sign(self._texts("amount", "percent"))
        order = mapping.dates or dates.day_order(self._texts("date"))
        goals = [*(goal for _, _, goal in self.columns), *mapping.fixed()]
        return {goal: Converter(goal, decimal=decimal, strict=mapping.decimal is not None, order=order) for goal in goals}

    def _texts(self, *kinds: str) -> Iterator[str]:
        """Different texts of the columns of these kinds, short ones only."""
        places = [place for place, _, goal in self.columns if goal.kind in kinds]
        seen: set[str] = set()
        for row in self.rows[self.table.header + 1 :]:
            for place in places:
                cell = row[place] if place < len(row) else None
                if isinstance(cell, str) and len(cell) < numbers.CHARS_MAX and cell not in seen:
                    seen.add(cell)
                    yield cell

    def _groups(self) -> dict[str | None, list[int]]:
        """Number of the invoice -> its rows, in order of first appearance; a row without a number goes on with the one before."""
        places = [place for place, _, _ in self.columns]
        found: dict[str | None, list[int]] = {}
        current: str | None = None
        for at in range(self.table.header + 1, len(self.rows)):
            row = self.rows[at]
            if all(place >= len(row) or row[place] is None for place in places) or self.builder.is_sum(row):
                continue
            if self.number_at is not None:
                cell = row[self.number_at] if self.number_at < len(row) else None
                if cell is not None:
                    current = self.builder.number_of(cell, at)
                elif current is None:
                    self.builder.without_number(at)
                    continue
            found.setdefault(current, []).append(at)
        return found

    def _losses(self) -> Iterator[Loss]:
        """Columns with values that were left out without anybody saying so."""
        for name in self.table.unknown:
            if self.table.guessed or name not in self.table.mapping.columns:
                at = self.table.names.index(name)
                first = next((str(row[at]) for row in self.rows[self.table.header + 1 :] if at < len(row) and row[at] is not None), "")
                yield Loss(
                    xpath=f"column “{name}”",
                    value=first[:200],
                    en="no term is known for this column; it was left out",
                    ar="لا نعرف البند الذي يمثله هذا العمود، فتُرك",
                )


def rows_shown(rows: Sequence[int]) -> str:
    """ "2-5, 9": row numbers as a person names them."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


__all__ = ["Cell", "Examined", "FromTable", "Recognised", "examine", "load", "looks_like_one", "read", "read_one", "recognise"]
