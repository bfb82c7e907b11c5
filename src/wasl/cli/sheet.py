"""`wasl sheet`: tables of invoices (CSV, XLSX) to invoices and back, with a mapping that people read and edit.

Nothing is written unless every cell of every invoice was read: `wasl sheet read FILE` without -o is the rehearsal.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wasl.errors import EnvironmentFault, WaslError

if TYPE_CHECKING:
    from wasl.formats.table import Examined, FromTable, Mapping
    from wasl.invoice.model import Invoice

SHOWN_MAX = 50  # problems and invoices on a screen
NAME_CHARS_MAX = 100

EPILOG = """\
Examples:
  wasl sheet columns sales.xlsx                     what was recognised, what is missing; prints a mapping
  wasl sheet columns sales.xlsx > sales.toml        keep the mapping, edit it
  wasl sheet read sales.xlsx --map sales.toml       rehearsal: every invoice with its total, every wrong cell
  wasl sheet read sales.xlsx --map sales.toml --to ubl -o invoices/
  wasl sheet write invoices/*.xml -o sales.xlsx     the other way round
"""


class FileExists(WaslError):
    code = "WASL-SHEET-01"
    en = "{path} is there already, so nothing was written. Fix: choose another folder, or use --force."
    ar = "الملف {path} موجود من قبل، فلم يُكتب شيء. الحل: اختر مجلدًا آخر، أو استعمل --force."
    exit_code = EnvironmentFault.exit_code


class UnknownEnding(WaslError):
    code = "WASL-SHEET-02"
    en = "{path} ends neither in .csv nor in .xlsx. Fix: name the output file so."
    ar = "اسم الملف {path} لا ينتهي بـ ‎.csv ولا ‎.xlsx. الحل: سمّ ملف الناتج بأحدهما."
    exit_code = 2


def add_parser(sub: argparse._SubParsersAction[Any]) -> None:
    parser = sub.add_parser(
        "sheet", help="tables to invoices and back", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    columns = verbs.add_parser("columns", help="which column is which term; prints a mapping to edit")
    columns.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
    columns.add_argument("--map", type=Path, metavar="MAP", help="check this mapping against the file")
    columns.set_defaults(run=show_columns)
    reading = verbs.add_parser("read", help="turn the rows into invoices; without -o a rehearsal")
    reading.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
    reading.add_argument("--map", type=Path, metavar="MAP", help="a mapping (default: what the headers say)")
    reading.add_argument("--to", choices=("ubl", "cii", "json"), default="ubl", help="syntax of the files (default: ubl)")
    reading.add_argument("-o", "--output", type=Path, metavar="DIR", help="folder for one file an invoice")
    reading.add_argument("--force", action="store_true", help="write over files that are there")
    reading.add_argument("--lang", choices=("ar", "en"), default="en", help="language of the problems (default: en)")
    reading.set_defaults(run=read)
    writing = verbs.add_parser("write", help="write invoices as a table")
    writing.add_argument("files", nargs="+", type=Path, metavar="IN", help="UBL, CII, Wasl JSON or PDF")
    writing.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="OUT.csv or OUT.xlsx")
    writing.add_argument("--lang", choices=("ar", "en"), default="en", help="language of the headers (default: en)")
    writing.set_defaults(run=write)
    terms = verbs.add_parser("terms", help="every term that a column can give")
    terms.set_defaults(run=show_terms)


def show_columns(arguments: argparse.Namespace) -> int:
    """The mapping on standard output, what a person should know on standard error; 1 where a wanted term is missing."""
    from wasl import files
    from wasl.formats.table import mapping as mappings
    from wasl.formats.table.reader import recognise
    from wasl.formats.table.targets import label

    table = recognise(files.read_bytes(arguments.file), mapping=_mapping(arguments.map))
    grid = table.grid
    shape = f"sheet {grid.sheet!r}" if grid.kind == "xlsx" else f"{grid.encoding}, delimiter {grid.delimiter!r}"
    print(f"{arguments.file.name}: {grid.kind.upper()}, {shape}, headers in row {table.header + 1}, {len(grid.rows)} rows", file=sys.stderr)
    for name in table.unknown:
        print(f"not recognised: {_line(name)}", file=sys.stderr)
    for term in table.missing:
        print(f"missing: {term} {label(term, 'en')} · {label(term, 'ar')}", file=sys.stderr)
    print(mappings.dump(table.mapping, without=table.unknown), end="")
    return 1 if table.missing else 0


def read(arguments: argparse.Namespace) -> int:
    """Rehearse, then write everything or nothing. 0 done, 1 totals disagree, 2 cells cannot be read."""
    from wasl import files
    from wasl.formats.table.reader import examine

    found = examine(files.read_bytes(arguments.file), mapping=_mapping(arguments.map))
    _summary(found, arguments.lang)
    if found.problems:
        whole = found.refused + len(found.invoices)
        if arguments.lang == "ar":
            print(f"لم يُكتب شيء. المشكلات: {len(found.problems)}، في {found.refused} من أصل {whole} من الفواتير.", file=sys.stderr)
        else:
            print(f"Nothing was written: {len(found.problems)} problem(s) in {found.refused} of {whole} invoice(s).", file=sys.stderr)
        return 2 if any(problem.kind == "cell" for problem in found.problems) else 1
    if arguments.output is None:
        count = len(found.invoices)
        ar, en = f"الفواتير المقروءة: {count}. اكتبها بالخيار -o DIR.", f"{count} invoice(s) can be read. Write them with -o DIR."
        print(ar if arguments.lang == "ar" else en, file=sys.stderr)
        return 0
    suffix = "json" if arguments.to == "json" else "xml"
    names = _names(found.invoices, suffix)
    paths = [arguments.output / name for name in names]
    standing = next((path for path in paths if path.exists()), None)
    if standing is not None and not arguments.force:
        raise FileExists(path=standing)
    made = [_written(each.invoice, arguments.to) for each in found.invoices]  # all of them before the first file
    arguments.output.mkdir(parents=True, exist_ok=True)
    for path, data in zip(paths, made, strict=True):
        files.write_atomic(path, data)
    ar, en = f"كُتبت الملفات في {arguments.output}، وعددها {len(paths)}.", f"{len(paths)} file(s) written to {arguments.output}."
    print(ar if arguments.lang == "ar" else en, file=sys.stderr)
    return 0


def write(arguments: argparse.Namespace) -> int:
    """Invoices of any readable kind as one table; 1 where something had to be left out."""
    from wasl import files
    from wasl.formats.read import read as read_any
    from wasl.formats.table import write as tables

    kind = arguments.output.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise UnknownEnding(path=arguments.output)
    invoices = [read_any(files.read_bytes(path), name=path.name).invoice for path in arguments.files]
    lost = tables.left_out(invoices)
    for term in lost:
        print(f"left out: {term} has no place in a table", file=sys.stderr)
    files.write_atomic(
        arguments.output, tables.to_xlsx(invoices, lang=arguments.lang) if kind == ".xlsx" else tables.to_csv(invoices, lang=arguments.lang)
    )
    return 1 if lost else 0


def show_terms(_: argparse.Namespace) -> int:
    from wasl.formats.table.targets import all_targets

    for goal in all_targets():
        print(f"{goal.term:<9}{goal.label('en'):<45}{goal.label('ar')}{'  (compared)' if goal.computed else ''}")
    return 0


def _mapping(path: Path | None) -> Mapping | None:
    from wasl import files
    from wasl.formats.table import mapping as mappings

    return None if path is None else mappings.parse(files.read_bytes(path))


def _summary(found: Examined, lang: str) -> None:
    from wasl.formats.table.reader import rows_shown
    from wasl.invoice.numerals import grouped

    for each in found.invoices[:SHOWN_MAX]:
        invoice = each.invoice
        due = invoice.totals.payable_amount if invoice.totals else None
        amount = "" if due is None else f"{invoice.currency} {grouped(due)}"
        date = invoice.issue_date or ("بلا تاريخ" if lang == "ar" else "no date")
        rows = rows_shown(each.rows)
        lines = f"البنود: {len(invoice.lines)}" if lang == "ar" else f"{len(invoice.lines)} line(s)"
        print(f"{_line(invoice.number or '?')}  {date}  {lines}  {amount}  {'الصفوف' if lang == 'ar' else 'rows'} {rows}")
    if len(found.invoices) > SHOWN_MAX:
        print(f"... and {len(found.invoices) - SHOWN_MAX:,} more")
    for loss in dict.fromkeys(loss for each in found.invoices[:1] for loss in each.losses):
        head, why = ("تُرك", loss.ar) if lang == "ar" else ("left out", loss.en)
        print(f"{head}: {_line(loss.xpath)} = {_line(loss.value[:60])!r}: {why}", file=sys.stderr)
    for problem in found.problems[:SHOWN_MAX]:
        print(_line(problem.message(lang)), file=sys.stderr)
    if len(found.problems) > SHOWN_MAX:
        print(f"... and {len(found.problems) - SHOWN_MAX:,} more problems", file=sys.stderr)


def _written(invoice: Invoice, syntax: str) -> bytes:
    if syntax == "json":
        from wasl.formats import wasljson

        return wasljson.write(invoice)
    if syntax == "cii":
        from wasl.formats import cii

        return cii.write(invoice)
    from wasl.formats import ubl

    return ubl.write(invoice)


def _names(invoices: Sequence[FromTable], suffix: str) -> list[str]:
    """A harmless file name for every invoice, each once: letters, digits, dots and dashes of its number."""
    names: list[str] = []
    taken: set[str] = set()  # compared as Windows and macOS do
    for at, each in enumerate(invoices, 1):
        stem = re.sub(r"[^\w.-]+", "_", each.invoice.number or "")[:NAME_CHARS_MAX].strip("._-") or f"invoice-{at}"
        if stem.casefold() in taken:
            stem = f"{stem}-{at}"
        taken.add(stem.casefold())
        names.append(f"{stem}.{suffix}")
    return names


def _line(text: str) -> str:
    """Words of others on one line, without what could repaint a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
