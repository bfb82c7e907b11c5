"""`wasl convert IN --to ubl|cii|xrechnung|facturx|json -o OUT`: one model, another syntax; what does not arrive is named.

IN is anything that can be read: UBL, CII, Wasl JSON, a PDF that carries an invoice, a sheet with one invoice. What was written is read
back and compared. A `lost` value stops the writing (exit code 1) unless --force is given; `left out` is what the chosen profile has
no place for, and `changed` what the syntax wants otherwise though the invoice says the same.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasl.formats.result import ReadResult
    from wasl.invoice.model import Invoice

TARGETS = ("ubl", "cii", "xrechnung", "facturx", "json")
PROFILES = ("minimum", "basicwl", "basic", "en16931", "extended", "xrechnung")
EPILOG = """\
Examples:
  wasl convert invoice.xml --to cii -o invoice-cii.xml
  wasl convert invoice.xml --to facturx -o invoice.pdf                    PDF/A-3 with factur-x.xml inside (EN 16931)
  wasl convert invoice.xml --to facturx --profile basic -o invoice.pdf    a smaller profile; what it leaves out is told
  wasl convert invoice.pdf --to ubl -o invoice.xml                        the invoice out of a Factur-X or ZUGFeRD PDF
  wasl convert draft.json --to ubl --profile xrechnung -o xrechnung.xml   XRechnung as UBL; --to xrechnung gives CII
"""


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser(
        "convert",
        help="turn one syntax into another",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", type=Path, metavar="IN", help="UBL, CII, Wasl JSON, a PDF that carries an invoice, or a sheet with one")
    parser.add_argument("--to", required=True, choices=TARGETS, help="the syntax to write; facturx is a PDF")
    parser.add_argument("--profile", choices=PROFILES, metavar="LEVEL", help=f"one of {', '.join(PROFILES)} (default: the whole core)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")
    parser.add_argument("--lang", choices=("ar", "en"), default="ar", help="facturx: the language that comes first (default: ar)")
    parser.add_argument("--force", action="store_true", help="write even where something is lost")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl import files
    from wasl.cli import losses
    from wasl.cli.errors import refuse_same
    from wasl.formats.convert import convert_invoice
    from wasl.formats.read import read
    from wasl.formats.write import level

    refuse_same(arguments.input, arguments.output)
    target = "cii" if arguments.to == "facturx" else arguments.to
    level(target, arguments.profile)  # a profile that does not fit is said before a large file is read
    data = files.read_bytes(arguments.input)
    source = read(data, name=arguments.input.name)
    _tell_origin(data, source)
    invoice = _with_totals(source.invoice) if arguments.to == "facturx" else source.invoice
    done = convert_invoice(invoice, to=target, profile=arguments.profile)
    found = source.losses + done.losses
    for kind in ("lost", "left out", "changed"):
        losses.tell([loss for loss in found if loss.kind == kind], kind)
    if any(loss.kind == "lost" for loss in found) and not arguments.force:
        print("wasl: not written, for the above would be lost. Use --force to write all the same.", file=sys.stderr)
        return 1
    files.write_atomic(arguments.output, _hybrid(arguments, data, source, invoice) if arguments.to == "facturx" else done.data)
    return 0


def _tell_origin(data: bytes, source: ReadResult) -> None:
    """For a PDF: which file was taken and why, and what is suspicious about the PDF itself."""
    if not source.inside:
        return
    from wasl.formats import pdf_checks

    for each in source.inside:
        if each.role != "other":
            print(f"{each.role}: {each.name} ({each.size:,} bytes): {each.en}", file=sys.stderr)
    for finding in pdf_checks.check(data, source.invoice):
        if finding.severity != "information":
            print(f"{finding.severity}: {finding.rule}: {finding.en}", file=sys.stderr)


def _with_totals(invoice: Invoice) -> Invoice:
    """Pages need sums: those of the document, or computed where it has none."""
    from wasl.invoice.totals import totals

    return invoice if invoice.totals else totals(invoice)


def _hybrid(arguments: argparse.Namespace, data: bytes, source: ReadResult, invoice: Invoice) -> bytes:
    """The PDF. A sealed original stays inside with its seal; CII of the wanted profile goes in byte for byte."""
    from datetime import UTC, datetime, time

    from wasl.render import RenderContext
    from wasl.render.facturx import render_facturx

    issued = invoice.issue_date
    context = RenderContext(
        issued_at=datetime.combine(issued, time(), UTC) if issued else datetime.now(UTC).replace(microsecond=0),
        language=arguments.lang,
        xades=_seal(arguments.input, data, source),
    )
    if context.xades is not None or _is_wanted_cii(source, arguments.profile):
        from dataclasses import replace

        context = replace(context, document_xml=source.source)
    return render_facturx(invoice, context=context, profile=arguments.profile or "en16931").data


def _is_wanted_cii(source: ReadResult, profile: str | None) -> bool:
    """Whether the source is itself the CII that was asked for."""
    from wasl.formats.cii.levels import level_of

    if source.syntax != "cii":
        return False
    given = level_of(source.invoice.specification)
    return given is not None and given == (profile or given)


def _seal(path: Path, data: bytes, source: ReadResult) -> bytes | None:
    """The signature beside an XML file, or beside the document in a PDF."""
    from wasl import files
    from wasl.formats import pdf

    if source.inside:
        seals = [each.data for each in pdf.attachments(data) if each.name.lower().endswith(".xades")]
        return seals[0] if len(seals) == 1 else None
    beside = path.with_name(path.name + ".xades")
    return files.read_bytes(beside) if beside.is_file() and source.source == data else None
