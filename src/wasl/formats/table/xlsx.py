"""XLSX (ECMA-376, transitional and strict): the cells of one sheet, streamed, within the bounds of `grid`.

A formula is never computed: its last result is read where the file holds one, else the cell says so. Macros, external
links, pictures, hidden definitions and everything else of a workbook are not opened at all.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

from wasl.errors import Words
from wasl.formats.lexical import plain
from wasl.formats.table import grid as bounds
from wasl.formats.table.errors import NotATable, TableTooLarge, WorkbookRefused
from wasl.formats.table.grid import CELL_CHARS_MAX, CELLS_MAX, COLUMNS_MAX, ROWS_MAX, Cell, FormulaWithoutValue, Grid
from wasl.formats.table.package import DEPTH_MAX, Handler, Package, too_deep

SMALL_PART_BYTES_MAX = 4_000_000  # workbook, relations; styles of the oldest workbooks
STRINGS_MAX = CELLS_MAX
STRING_CHARS_MAX = 60_000_000  # of all shared strings together: one string used a million times costs once
SHEETS_MAX = 256
STRANGE_MAX = 1_000_000  # tags that carry no cell: two in each, as for inline texts
TAGS_MAX = 1_000  # different names kept, of tags and of styles
EXCEL = Context(prec=15, rounding=ROUND_HALF_EVEN)  # what Excel keeps and shows; the file's 17 digits are those of a binary fraction
ROWS_SCANNED_MAX = 1_048_576  # of a sheet: empty rows at its end are passed over

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?\Z")
_LETTERS = re.compile(r"[A-Z]{1,3}\Z")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Number formats: those built in that show a date or a percentage (ECMA-376-1, 18.8.30); others are told by their code.
_DATE_FORMATS = frozenset([*range(14, 18), 22, *range(27, 32), 34, 35, 36, *range(50, 59)])
_PERCENT_FORMATS = frozenset([9, 10])
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIALS = (61, 2_958_465)  # 1900-03-01, after the leap day that never was, to 9999-12-31

PLAIN, DATE, PERCENT = 0, 1, 2


def load(data: bytes, *, sheet: str | None = None) -> Grid:
    """The rows of one sheet: the one named, else the first that is not hidden. Raises `TableRefused` subclasses only."""
    package = Package(data)
    book = _Workbook(package)
    name, part = book.find(sheet)
    strings = _shared_strings(package, book.strings) if book.strings else []
    reader = _SheetReader(strings, _formats(package, book.styles) if book.styles else [], _EPOCH_1904 if book.dates_1904 else _EPOCH_1900)
    package.parse(part, start=reader.start, end=reader.end, text=reader.text)
    while reader.rows and not reader.rows[-1]:
        reader.rows.pop()
    return Grid(kind="xlsx", rows=reader.rows, sheet=name, sheets=tuple(each[0] for each in book.sheets))


def _local(tag: str) -> str:
    return tag[tag.rfind(" ") + 1 :]


class _Workbook:
    """Names of the sheets, and where their parts stand."""

    def __init__(self, package: Package) -> None:
        self.sheets: list[tuple[str, str, bool]] = []  # name, relation, hidden
        self.dates_1904 = False
        self.strings: str | None = None
        self.styles: str | None = None
        self._targets: dict[str, str] = {}
        package.parse("xl/workbook.xml", start=self._sheet, limit=SMALL_PART_BYTES_MAX)
        package.parse("xl/_rels/workbook.xml.rels", start=self._relation, limit=SMALL_PART_BYTES_MAX)

    def _sheet(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "workbookPr":
            self.dates_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            if len(self.sheets) >= SHEETS_MAX:
                raise TableTooLarge(reason=Words(f"it has more than {SHEETS_MAX} sheets", f"فيه أكثر من {SHEETS_MAX} ورقة"))
            relation = next((value for key, value in attributes.items() if _local(key) == "id" and " " in key), "")
            self.sheets.append((attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))

    def _relation(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        path = target[1:] if target.startswith("/") else f"xl/{target}"
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "sharedStrings":
            self.strings = path
        elif kind == "styles":
            self.styles = path
        elif kind == "worksheet":
            self._targets[attributes.get("Id", "")] = path

    def find(self, wanted: str | None) -> tuple[str, str]:
        """Name and part of the sheet to read."""
        names = [each[0] for each in self.sheets]
        for name, relation, hidden in self.sheets:
            if (name == wanted) if wanted is not None else (not hidden and relation in self._targets):
                part = self._targets.get(relation)
                if part is None:
                    break
                return name, part
        if wanted is not None:
            known = ", ".join(each[: bounds.SHOWN_MAX] for each in names[:10])
            raise NotATable(reason=Words(f"it has no sheet “{wanted}”, only: {known}", f"لا ورقة فيه باسم «{wanted}»، بل: {known}"))
        raise NotATable(reason=Words("it has no sheet of cells", "لا ورقة خلايا فيه"))


def _shared_strings(package: Package, part: str) -> list[str]:
    found: list[str] = []
    parts: list[str] = []
    state = [False, 0, 0, 0]  # inside a text, depth of phonetic hints, characters so far, depth

    def start(tag: str, _: dict[str, str]) -> None:
        name = _local(tag)
        state[3] += 1
        if state[3] > DEPTH_MAX:
            raise too_deep()
        if name == "si":
            parts.clear()
        elif name == "t":
            state[0] = True
        elif name == "rPh":
            state[1] += 1

    def end(tag: str) -> None:
        name = _local(tag)
        state[3] -= 1
        if name == "t":
            state[0] = False
        elif name == "rPh":
            state[1] -= 1
        elif name == "si":
            if len(found) >= STRINGS_MAX:
                raise bounds.too_many_cells()
            found.append(_unescaped("".join(parts)))

    def text(data: str) -> None:
        if state[0] and not state[1]:
            state[2] += len(data)
            if state[2] > STRING_CHARS_MAX:
                raise TableTooLarge(reason=Words("its texts are too long", "نصوصه أطول مما يُقبل"))
            parts.append(data)

    package.parse(part, start=start, end=end, text=text)
    return found


def _formats(package: Package, part: str) -> list[int]:
    """For every cell style: PLAIN, DATE or PERCENT."""
    codes: dict[int, int] = {}
    found: list[int] = []
    inside = [False]

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "numFmt":
            codes[_int(attributes.get("numFmtId"))] = _kind_of(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0] and len(found) < 65_536:
            number = _int(attributes.get("numFmtId"))
            known = DATE if number in _DATE_FORMATS else PERCENT if number in _PERCENT_FORMATS else PLAIN
            found.append(codes.get(number, known))

    def end(tag: str) -> None:
        if _local(tag) == "cellXfs":
            inside[0] = False

    package.parse(part, start=start, end=end, limit=SMALL_PART_BYTES_MAX)
    return found


def _kind_of(code: str) -> int:
    bare = _QUOTED.sub("", code[:255]).lower()
    if "%" in bare:
        return PERCENT
    return DATE if "d" in bare or "yy" in bare else PLAIN


def _int(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 7 else 0


def _unescaped(text: str) -> str:
    """`_x000D_` is how a workbook writes what XML cannot."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _nothing() -> None:
    """At the end of a tag that carries no cell."""


class _SheetReader:
    """Handlers that build rows while a sheet's XML passes by."""

    def __init__(self, strings: list[str], formats: list[int], epoch: date) -> None:
        self.rows: list[list[Cell]] = []
        self._strings, self._formats, self._epoch = strings, formats, epoch
        self._row: list[Cell] = []
        self._cells = 0
        self._number = 0  # of the row, as the file says
        self._at = 0  # column of the cell being read
        self._type, self._shape = "n", PLAIN
        self._formula = self._has_value = False
        self._parts: list[str] = []
        self._take = False
        self._phonetic = self._depth = self._strange = 0
        self._columns: dict[str, int] = {}
        self._styles: dict[str, int] = {}
        self._starts: dict[str, Handler] = {}
        self._ends: dict[str, Handler] = {}

    # One look-up for every tag, a namespace included; what is not listed here is nothing.
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        handler = self._starts.get(tag)
        if handler is None:
            known = {
                "c": self._start_cell,
                "v": self._start_value,
                "t": self._start_text,
                "f": self._start_formula,
                "row": self._start_row,
                "rPh": self._start_hint,
            }
            handler = known.get(_local(tag), self._start_strange)
            if len(self._starts) < TAGS_MAX:
                self._starts[tag] = handler
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise too_deep()
        handler(attributes)

    def end(self, tag: str) -> None:
        handler = self._ends.get(tag)
        if handler is None:
            known = {"c": self._end_cell, "v": self._end_text, "t": self._end_text, "row": self._end_row, "rPh": self._end_hint}
            handler = known.get(_local(tag), _nothing)
            if len(self._ends) < TAGS_MAX:
                self._ends[tag] = handler
        self._depth -= 1
        handler()

    def _start_strange(self, _: dict[str, str]) -> None:
        """A tag that carries no cell."""
        self._strange += 1
        if self._strange > STRANGE_MAX:
            raise WorkbookRefused(reason=Words("its sheet holds other things than cells", "في ورقته غير الخلايا"))

    def _start_value(self, _: dict[str, str]) -> None:
        self._take = self._has_value = True

    def _start_text(self, _: dict[str, str]) -> None:
        self._take = True

    def _end_text(self) -> None:
        self._take = False

    def _start_formula(self, _: dict[str, str]) -> None:
        self._formula = True

    def _start_hint(self, _: dict[str, str]) -> None:
        self._phonetic += 1

    def _end_hint(self) -> None:
        self._phonetic -= 1

    def text(self, data: str) -> None:
        if self._take and not self._phonetic:
            self._parts.append(data)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = _int(attributes.get("r")) or self._number + 1
        if number <= self._number or number > ROWS_SCANNED_MAX:
            raise WorkbookRefused(reason=Words("its rows are out of order", "صفوفه على غير ترتيب"))
        self._number = number
        self._row = []
        self._at = -1

    def _end_row(self) -> None:
        if not self._row:
            return
        if self._number > ROWS_MAX:
            raise bounds.too_many_rows()
        while len(self.rows) < self._number - 1:
            self.rows.append([])
        self.rows.append(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > CELLS_MAX:
            raise bounds.too_many_cells()
        reference = attributes.get("r")
        if reference is None:
            self._at += 1
        else:
            letters = reference.rstrip("0123456789")
            at = self._columns.get(letters)
            self._at = self._column(letters) if at is None else at
        self._type = attributes.get("t", "n")
        style = attributes.get("s")
        self._shape = PLAIN if style is None else self._styles.get(style, -1)
        if self._shape < 0:
            self._shape = self._styled(style)
        self._formula = self._has_value = self._take = False
        self._parts = []

    def _styled(self, style: str | None) -> int:
        number = _int(style)
        shape = self._formats[number] if number < len(self._formats) else PLAIN
        if style is not None and len(self._styles) < TAGS_MAX:
            self._styles[style] = shape
        return shape

    def _column(self, letters: str) -> int:
        if _LETTERS.match(letters) is None:
            raise WorkbookRefused(reason=Words("a cell has no place", "فيه خلية لا موضع لها"))
        at = 0
        for letter in letters:
            at = at * 26 + ord(letter) - 64
        self._columns[letters] = at - 1
        return at - 1

    def _end_cell(self) -> None:
        value = self._value()
        if value is None:
            return
        if self._at >= COLUMNS_MAX:
            raise bounds.too_many_columns(self._number)
        row = self._row
        if self._at < len(row):
            raise WorkbookRefused(reason=Words("its cells are out of order", "خلاياه على غير ترتيب"))
        while len(row) < self._at:
            row.append(None)
        row.append(value)

    def _value(self) -> Cell:
        text = "".join(self._parts)
        kind = self._type
        if kind == "s":
            at = _int(text.strip())
            if not self._parts or at >= len(self._strings):
                raise WorkbookRefused(reason=Words("a cell names a text that is not there", "خلية تشير إلى نص لا وجود له"))
            text = self._strings[at]
        elif kind in ("str", "inlineStr"):
            text = _unescaped(text)
        if self._formula and not text and not (kind == "str" and self._has_value):
            return FormulaWithoutValue("")
        if len(text) > CELL_CHARS_MAX:
            raise bounds.too_long_cell(self._number)
        if not text:
            return None
        if kind == "n":
            return self._numeric(text.strip())
        if kind == "d" and _ISO_DATE.match(text):
            return text
        return text  # text, an error such as #REF!, or 0 and 1 for false and true

    def _numeric(self, text: str) -> Cell:
        if len(text) > 100 or _NUMBER.match(text) is None:
            return text
        shape = self._shape
        exact = Decimal(text)
        if exact and abs(exact.adjusted()) > 40:
            return text
        number = EXCEL.plus(exact)
        if shape == DATE:
            return self._dated(number)
        if shape == PERCENT:
            return f"{plain(EXCEL.multiply(number, Decimal(100)).normalize(EXCEL))}%"
        return number

    def _dated(self, number: Decimal) -> Cell:
        days = int(number)
        low, high = _SERIALS if self._epoch == _EPOCH_1900 else (0, _SERIALS[1] - 1462)
        return self._epoch + timedelta(days=days) if low <= days <= high else number
