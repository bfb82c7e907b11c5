"""CSV as people send it: any of the usual encodings and delimiters, told by looking at the bytes, refused where two readings are left.

Encodings: UTF-8 with or without a byte order mark, UTF-16 with or without one, and the two 8-bit ones of Windows that
meet invoices in Arabic (CP1256) and in Western Europe (CP1252). Delimiters: comma, semicolon, tab, bar, Arabic comma and
semicolon; Excel's first line `sep=;` is obeyed. Quoted line breaks and doubled quotes are read as RFC 4180 says.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from wasl.errors import Words
from wasl.formats.table import grid as bounds
from wasl.formats.table.errors import MixedEncodings, NotATable, TableTooLarge
from wasl.formats.table.grid import CELL_CHARS_MAX, CELLS_MAX, COLUMNS_MAX, ROWS_MAX, Cell, Grid

LINE_CHARS_MAX = 1_000_000  # a line of 500 full sentences; more is no table
SNIFFED_CHARS = 65_536
SNIFFED_ROWS = 25
SNIFFED_BYTES = 1_000_000  # of the bytes beyond ASCII, to tell two 8-bit encodings apart
DELIMITERS = (",", ";", "\t", "|", "؛", "،")
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "cp1252", "iso-8859-6", "iso-8859-1", "iso-8859-15")
# A workbook's own mark of text; what `write` puts before a cell that a spreadsheet would run, and takes away again here (T37).
ESCAPED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SEP = re.compile(r'"?sep=(.)"?[ \t]*\r?\n', re.IGNORECASE)
_UTF8_ARABIC = re.compile(rb"[\xd8-\xdb][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_WORD_BEYOND_ASCII = re.compile(rb"(?<![A-Za-z\x80-\xff])[\x80-\xff]{2,}(?![A-Za-z\x80-\xff])")  # not the "öß" of "Größe"


def load(data: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Grid:
    """The rows of `data`. `encoding` and `delimiter` None: told from the bytes. Raises `TableRefused` subclasses only."""
    if len(data) > bounds.BYTES_MAX:
        raise bounds.too_many_bytes(len(data))
    known = encoding or encoding_of(data)
    try:
        head = _head(data, known)
        mark = _SEP.match(head)
        chosen = delimiter or (mark[1] if mark else delimiter_of(head))
        rows = _rows(data, known, chosen, skip=1 if mark else 0)
    except UnicodeError:
        raise NotATable(reason=Words(f"its bytes do not fit the encoding {known}", f"محتواه لا يطابق الترميز {known}")) from None
    return Grid(kind="csv", rows=rows, encoding=known, delimiter=chosen)


def encoding_of(data: bytes) -> str:
    """The encoding by its byte order mark, else by what the bytes can be. Raises `MixedEncodings` and `NotATable`."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise NotATable(reason=Words("it is written in UTF-32", "ترميزه UTF-32"))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:4096]
    if b"\x00" in sample:
        return _without_mark(sample)
    bad = _first_bad(data)
    if bad is None:
        return "utf-8"
    return _eight_bit(data, bad)


def delimiter_of(head: str) -> str:
    """The delimiter that cuts the first rows into most cells, counting only rows of the width that most rows have."""
    best, best_score = ",", 0
    for each in DELIMITERS:
        if each not in head:
            continue
        widths = [len(row) for row in _sniffed(head, each) if len(row) > 1 or (row and row[0])]
        if not widths:
            continue
        (width, count), *_ = Counter(width for width in widths if width > 1).most_common(1) or [(0, 0)]
        score = count * width
        if score > best_score:
            best, best_score = each, score
    return best


def _sniffed(head: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == SNIFFED_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _head(data: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    return decoder.decode(data[: SNIFFED_CHARS * 2]).removeprefix("\ufeff")[:SNIFFED_CHARS]


def _rows(data: bytes, encoding: str, delimiter: str, *, skip: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[] for _ in range(skip)]
    cells = 0
    csv.field_size_limit(CELL_CHARS_MAX)
    lines = _lines(data, encoding)
    for _ in range(skip):
        next(lines, None)
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if len(rows) >= ROWS_MAX:
                raise bounds.too_many_rows()
            if len(row) > COLUMNS_MAX:
                row = _trimmed(row)
                if len(row) > COLUMNS_MAX:
                    raise bounds.too_many_columns(len(rows) + 1)
            cells += len(row)
            if cells > CELLS_MAX:
                raise bounds.too_many_cells()
            rows.append([_cell(each) for each in row])
    except csv.Error as error:
        if "field larger" in str(error):
            raise bounds.too_long_cell(len(rows) + 1) from None
        raise NotATable(reason=Words(f"row {len(rows) + 1} is damaged", f"الصف {len(rows) + 1} تالف")) from None
    return rows


def _cell(text: str) -> str | None:
    if not text:
        return None
    if text[0] == "'" and ESCAPED.match(text):
        return text[1:]
    return text


def _trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at the end: some programmes pad every row to thousands of columns."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def _lines(data: bytes, encoding: str) -> Iterator[str]:
    """Line by line, never the whole text at once, and never a line without bound."""
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    first = True
    number = 0
    while line := stream.readline(LINE_CHARS_MAX):
        number += 1
        if len(line) >= LINE_CHARS_MAX:
            raise TableTooLarge(
                reason=Words(f"line {number} has more than {LINE_CHARS_MAX:,} characters", f"في السطر {number} أكثر من {LINE_CHARS_MAX:,} محرف")
            )
        yield line.removeprefix("\ufeff") if first else line
        first = False


def _without_mark(sample: bytes) -> str:
    """UTF-16 without its mark: in a table every other byte of the delimiters and line ends is zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    name = "utf-16-le" if odd and not even else "utf-16-be" if even and not odd else None
    if name is not None and _CONTROL.search(sample[: len(sample) // 2 * 2].decode(name, "replace")) is None:
        return name
    raise NotATable(reason=Words("it holds binary data", "فيه بيانات ثنائية"))


def _first_bad(data: bytes) -> int | None:
    """The place of the first byte that is no UTF-8; None where all are. Decoded in parts: the text is not kept."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    step = 1 << 20
    for at in range(0, len(data), step):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(view[at : at + step], at + step >= len(data))
        except UnicodeDecodeError as error:
            return at - pending + error.start
    return None


def _eight_bit(data: bytes, bad: int) -> str:
    """CP1256 or CP1252 by the neighbours of the bytes beyond ASCII; refused where parts of the file are UTF-8."""
    sample = data[max(0, bad - SNIFFED_BYTES // 2) : bad + SNIFFED_BYTES // 2]
    high = sum(map(len, _HIGH.findall(sample)))
    as_utf8 = 2 * len(_UTF8_ARABIC.findall(sample))
    if as_utf8 * 4 > high or _HIGH.search(data, 0, bad):
        raise MixedEncodings(line=data.count(b"\n", 0, bad) + 1)
    arabic = sum(len(run) for run in _WORD_BEYOND_ASCII.findall(sample) if _is_arabic(run))
    return "cp1256" if arabic * 2 > high else "cp1252"


def _is_arabic(run: bytes) -> bool:
    return all("\u0600" <= letter <= "\u06ff" or letter in "\u200c\u200d\u200e\u200f\u00a0" for letter in run.decode("cp1256"))
