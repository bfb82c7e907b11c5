"""The cells of a table before anything is known about their meaning, whatever file they came from; and every bound of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from wasl.errors import Words
from wasl.formats.table.errors import TableTooLarge

BYTES_MAX = 100_000_000  # as for every other format
ROWS_MAX = 50_000  # lines of invoices in one file; the rules are measured to as many in one invoice
COLUMNS_MAX = 500  # EN 16931 has 165 terms
CELLS_MAX = 500_000  # ten columns in every row; 20 MB are read in 3 seconds
CELL_CHARS_MAX = 32_767  # Excel's own limit of one cell
SHOWN_MAX = 60  # characters of a foreign value repeated in a message

Cell = str | Decimal | date | None  # text as written; a number or date of a workbook; an empty cell


class FormulaWithoutValue(str):
    """Stands in a cell whose formula was stored without its last result: it is named in the problem, never computed."""

    __slots__ = ()


class Grid(msgspec.Struct, kw_only=True):
    """All rows, each as long as its last cell that is not empty. `kind` is "csv" or "xlsx"; `rows[0]` is row 1 of the file."""

    kind: str
    rows: list[list[Cell]]
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None


def too_many_rows() -> TableTooLarge:
    return TableTooLarge(reason=Words(f"it has more than {ROWS_MAX:,} rows", f"فيه أكثر من {ROWS_MAX:,} صف"))


def too_many_columns(row: int) -> TableTooLarge:
    return TableTooLarge(reason=Words(f"row {row} has more than {COLUMNS_MAX} columns", f"في الصف {row} أكثر من {COLUMNS_MAX} عمود"))


def too_many_cells() -> TableTooLarge:
    return TableTooLarge(reason=Words(f"it has more than {CELLS_MAX:,} cells", f"فيه أكثر من {CELLS_MAX:,} خلية"))


def too_long_cell(row: int) -> TableTooLarge:
    return TableTooLarge(
        reason=Words(f"a cell in row {row} has more than {CELL_CHARS_MAX:,} characters", f"في الصف {row} خلية فيها أكثر من {CELL_CHARS_MAX:,} محرف")
    )


def too_many_bytes(size: int) -> TableTooLarge:
    return TableTooLarge(reason=Words(f"it has {size:,} bytes, the limit is {BYTES_MAX:,}", f"حجمه {size:,} بايت والحد {BYTES_MAX:,}"))


def column_letter(at: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def shown(text: str) -> str:
    """A short, harmless picture of a foreign value."""
    cut = text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"
    return "".join(each if each.isprintable() else " " if each in "\r\n\t" else "\N{REPLACEMENT CHARACTER}" for each in cut)
