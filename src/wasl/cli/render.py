"""`wasl render IN -o OUT.pdf [--lang ar|en]`: an invoice as a bilingual PDF/A-3.

An XML file is attached to the PDF byte for byte; a file IN.xades beside it, or --seal, goes in with it. The document's
date is the invoice's issue date, so the same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasl.formats.result import ReadResult
    from wasl.render import RenderContext

EPILOG = """\
Examples:
  wasl render invoice.xml -o invoice.pdf
  wasl render invoice.xml -o invoice.pdf --lang en --logo logo.svg
  wasl render draft.json -o draft.pdf          Wasl JSON: nothing is attached
"""


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser(
        "render",
        help="make a bilingual PDF/A-3 of an invoice",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", type=Path, metavar="IN", help="a UBL file, Wasl JSON, or a PDF that carries an invoice")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.pdf")
    parser.add_argument("--lang", choices=("ar", "en"), default="ar", help="the language that comes first (default: ar)")
    parser.add_argument("--logo", type=Path, metavar="FILE", help="PNG, JPEG or a plain SVG drawing, at most 512 KB")
    parser.add_argument("--accent", default="#0b4f4a", metavar="#RRGGBB", help="colour of titles and table heads")
    parser.add_argument("--seal", type=Path, metavar="FILE.xades", help="the signature to attach (default: IN.xades, if there is one)")
    parser.add_argument("--pay-url", metavar="URL", help="print a Pay card with this address and its QR code")
    parser.add_argument("--verify-url", metavar="URL", help="print a Verify card with this address and its QR code")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl import files
    from wasl.formats.read import read
    from wasl.invoice.totals import totals
    from wasl.render import render_pdf

    data = files.read_bytes(arguments.input)
    result = read(data, name=arguments.input.name)
    for loss in result.losses:
        print(f"not shown: {loss.xpath} = {loss.value!r}: {loss.en}", file=sys.stderr)
    invoice = result.invoice if result.invoice.totals else totals(result.invoice)
    made = render_pdf(invoice, context=_context(arguments, data, result))
    files.write_atomic(arguments.output, made.data)
    if made.substitutes:
        shown = " ".join(f"U+{ord(c):04X}" for c in made.substitutes)
        print(f"warning: no font for {shown}: marks stand in their place. For Chinese, Japanese, Korean: wasl[cjk].", file=sys.stderr)
    return 0


def _context(arguments: argparse.Namespace, data: bytes, result: ReadResult) -> RenderContext:
    from datetime import UTC, datetime, time

    from wasl import files
    from wasl.render import RenderContext

    issued = result.invoice.issue_date
    xml, seal = _originals(arguments, data)
    return RenderContext(
        issued_at=datetime.combine(issued, time(), UTC) if issued else datetime.now(UTC).replace(microsecond=0),
        language=arguments.lang,
        logo=files.read_bytes(arguments.logo) if arguments.logo else None,
        accent=arguments.accent,
        pay_url=arguments.pay_url,
        verify_url=arguments.verify_url,
        document_xml=xml,
        xades=seal,
    )


def _originals(arguments: argparse.Namespace, data: bytes) -> tuple[bytes | None, bytes | None]:
    """The bytes to attach: the XML as given, or as it was inside a PDF, and its signature."""
    from wasl import files
    from wasl.formats import pdf
    from wasl.formats.read import sniff

    kind = sniff(data)
    inside = {a.name: a.data for a in pdf.attachments(data)} if kind == "pdf" else {}
    xml = data if kind == "xml" else pdf.document(data).data if kind == "pdf" else None
    beside = arguments.input.with_name(arguments.input.name + ".xades")
    if arguments.seal or (xml is not None and kind == "xml" and beside.is_file()):
        return xml, files.read_bytes(arguments.seal or beside)
    return xml, next((content for name, content in sorted(inside.items()) if name.endswith(".xades")), None)
