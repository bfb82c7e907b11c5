"""Invoices as a table: one row a line, one column a term, in CSV or XLSX; what is written here is read here again.

No cell can run (T37): in XLSX a text is typed as text, in CSV a text that a spreadsheet would take for a formula gets the
mark `'` before it, which our reader takes away again. Numbers and dates are written as such.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape

from wasl.formats.lexical import plain
from wasl.formats.table.grid import column_letter
from wasl.formats.table.targets import Target, all_targets, target
from wasl.formats.table.text import ESCAPED
from wasl.invoice.model import Invoice, Line, TaxSubtotal, Term
from wasl.invoice.totals import rate_key

REPEATS_MAX = 9  # columns for one term that an invoice has several times
EXCEL_DIGITS = 15  # a number of more digits is written as text: Excel would cut it
_RUNS = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NEEDS_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_|[\r]")
_FIRST_DAY = date(1900, 3, 1)  # before it, Excel counts a day that never was
_EPOCH = date(1899, 12, 30)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TEXT_STYLE, DATE_STYLE = 1, 2
SHEET = "xl/worksheets/sheet1.xml"

Value = str | Decimal | date | None


def to_csv(invoices: Sequence[Invoice], *, lang: str = "en", delimiter: str = ",") -> bytes:
    """UTF-8 with a byte order mark, CRLF, RFC 4180: Excel opens it as it is."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    columns = columns_of(invoices)
    writer.writerow([_header(each, lang) for each in columns])
    for row in _rows(invoices, columns):
        writer.writerow([csv_cell(each) for each in row])
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(invoices: Sequence[Invoice], *, lang: str = "en") -> bytes:
    """One sheet, headers frozen, from right to left in Arabic; the same bytes every time."""
    columns = columns_of(invoices)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in [*package_parts("Invoices"), (SHEET, _sheet(invoices, columns, lang))]:
            package.writestr(zipfile.ZipInfo(name, ZIP_TIME), text.encode(), compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def columns_of(invoices: Sequence[Invoice]) -> list[Target]:
    """Every term that any of the invoices has, as often as one invoice or line has it."""
    found: list[Target] = []
    for base in all_targets():
        if not base.steps:
            continue
        for number in range(1, REPEATS_MAX + 1):
            goal = base if number == 1 else target(f"{base.base}/{number}")
            if goal is None or not any(_has(invoice, goal) for invoice in invoices):
                break
            found.append(goal)
    return found


def left_out(invoices: Sequence[Invoice]) -> tuple[str, ...]:
    """What the invoices have and no column can hold: attached files, and the tenth of anything."""
    found: list[str] = []
    for invoice in invoices:
        if any(each.content for each in invoice.supporting_documents):
            found.append("BT-125")
        found += [
            f"{goal.base}/10"
            for base in all_targets()
            if base.steps and (goal := target(f"{base.base}/9")) is not None and _has(invoice, _tenth(goal))
        ]
    return tuple(dict.fromkeys(found))


def _tenth(goal: Target) -> Target:
    return goal._replace(steps=tuple(step._replace(at=step.at + 1) if step.at else step for step in goal.steps))


def _has(invoice: Invoice, goal: Target) -> bool:
    if goal.base in ("BT-120", "BT-121"):
        return any(getattr(each, goal.steps[0].name) for each in invoice.tax_breakdown)
    if goal.on_line:
        return any(_found(line, goal) is not None for line in invoice.lines)
    return _found(invoice, goal) is not None


def _found(group: Term, goal: Target) -> Value:
    here: Any = group
    for step in goal.steps:
        here = getattr(here, step.name)
        if step.at is not None:
            here = here[step.at] if step.at < len(here) else None
        if here is None:
            return None
    return here


def _rows(invoices: Sequence[Invoice], columns: Sequence[Target]) -> Iterator[list[Value]]:
    for invoice in invoices:
        head = {goal: _found(invoice, goal) for goal in columns if not goal.on_line}
        reasons = {rate_key(each.category or "", each.rate): each for each in invoice.tax_breakdown}
        for line in invoice.lines or (Line(),):
            reason = reasons.get(rate_key(line.tax_category or "", line.tax_rate))
            yield [_clear(goal, _of_line(line, reason, goal) if goal.on_line else head[goal]) for goal in columns]


def _clear(goal: Target, value: Value) -> Value:
    """Half a per cent with its sign: 0.5 alone is what people write for 50 %, and the reader would ask."""
    if goal.kind == "percent" and isinstance(value, Decimal) and 0 < value < 1:
        return f"{plain(value)}%"
    return value


def _of_line(line: Line, reason: TaxSubtotal | None, goal: Target) -> Value:
    if goal.base in ("BT-120", "BT-121"):
        return None if reason is None else getattr(reason, goal.steps[0].name)
    return _found(line, goal)


def _header(goal: Target, lang: str) -> str:
    """«سعر الوحدة [BT-146]»: what people call it, and which term it is for certain."""
    return f"{goal.label(lang)} [{goal.term}]"


def csv_cell(value: Value) -> str:
    """One cell of a CSV file that no spreadsheet runs; our reader gives the same value back."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if _RUNS.match(value) or ESCAPED.match(value) else value


def _sheet(invoices: Sequence[Invoice], columns: Sequence[Target], lang: str) -> str:
    header: list[Value] = [_header(each, lang) for each in columns]
    return "".join(sheet_texts(chain([header], _rows(invoices, columns)), lang))


def sheet_texts(rows: Iterable[Sequence[Value]], lang: str) -> Iterator[str]:
    """The markup of one sheet, a row at a time; the first row stays in view."""
    direction = ' rightToLeft="1"' if lang == "ar" else ""
    yield (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{_MAIN}"><sheetViews>'
        f'<sheetView{direction} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        "</sheetViews><sheetData>"
    )
    for number, row in enumerate(rows, 1):
        cells = "".join(xlsx_cell(f"{column_letter(at)}{number}", value) for at, value in enumerate(row) if value is not None)
        yield f'<row r="{number}">{cells}</row>'
    yield "</sheetData></worksheet>"


def xlsx_cell(place: str, value: str | Decimal | date) -> str:
    """One cell of a sheet: figures and dates as such, text typed as text, whatever it begins with."""
    if isinstance(value, Decimal) and len(value.as_tuple().digits) <= EXCEL_DIGITS:
        return f'<c r="{place}"><v>{plain(value)}</v></c>'
    if isinstance(value, date) and value >= _FIRST_DAY:
        return f'<c r="{place}" s="{DATE_STYLE}"><v>{(value - _EPOCH).days}</v></c>'
    text = plain(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value
    safe = escape(_NEEDS_ESCAPE.sub(_escaped, text))
    return f'<c r="{place}" s="{TEXT_STYLE}" t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>'


def _escaped(match: re.Match[str]) -> str:
    return "_x000D_" if match[0] == "\r" else f"_x005F{match[0]}"


def package_parts(name: str) -> list[tuple[str, str]]:
    """Every part of a workbook of one sheet, apart from the sheet itself (SHEET): its name in the package, and its text."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    relation = f'<Relationship Id="rId1" Type="{_RELATIONS}'
    return [
        (
            "[Content_Types].xml",
            f'{head}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>',
        ),
        (
            "_rels/.rels",
            f'{head}<Relationships xmlns="{_PACKAGE}/relationships">{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'{head}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'{head}<Relationships xmlns="{_PACKAGE}/relationships">{relation}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        ),
        (
            "xl/styles.xml",
            f'{head}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
            '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
            '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
        ),
    ]


__all__ = ["columns_of", "left_out", "to_csv", "to_xlsx"]
