"""`wasl render IN -o OUT.pdf|OUT.html [--theme T] [--lang ar|en]`: any readable invoice as a bilingual PDF/A-3 or page.

What the file holds is shown as it is, also where it is incomplete or breaks rules. In a PDF, an XML file is attached byte for
byte; a file IN.xades beside it, or --seal, goes in with it. The document's date is the invoice's issue date, so the same
input gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wasl.errors import WaslError

if TYPE_CHECKING:
    from wasl.formats.result import ReadResult
    from wasl.render import RenderContext, Theme

EPILOG = """\
Examples:
  wasl render invoice.xml -o invoice.pdf
  wasl render invoice.xml -o invoice.html --lang en      one page, no script, nothing fetched
  wasl render invoice.xml -o invoice.pdf --theme classic --logo logo.svg --accent '#1e56a8' --footer 'Sanad Co., Riyadh'
  wasl render simplified.xml -o receipt.pdf --theme receipt
  wasl render invoice.xml -o invoice.pdf --theme ./my-theme     a folder with main.typ and theme.toml
  wasl render draft.json -o quote.pdf --as quote                Wasl JSON: nothing is attached
  wasl render --list-themes
"""


class OutputUnknown(WaslError):
    """An output that is neither a PDF nor a page, or none at all."""

    code = "WASL-RENDER-11"
    en = "Give IN and -o OUT.pdf or -o OUT.html: the ending says which of the two is made."
    ar = "أعطِ الملف ثم ‎-o OUT.pdf أو ‎-o OUT.html: لاحقة الاسم تحدد أيهما يُصنع."
    exit_code = 2


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser(
        "render",
        help="make a bilingual PDF/A-3 or HTML page of an invoice",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", type=Path, nargs="?", metavar="IN", help="an invoice as XML, Wasl JSON, or a PDF that carries one")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="a name that ends in .pdf or .html")
    parser.add_argument("--theme", default="modern", metavar="NAME|FOLDER", help="see --list-themes; a path with a slash is a folder of your own")
    parser.add_argument("--list-themes", action="store_true", help="the installed themes, or those in the folder --theme, and end")
    parser.add_argument("--lang", choices=("ar", "en"), default="ar", help="the language that comes first (default: ar)")
    parser.add_argument("--as", dest="kind", choices=("quote", "pro-forma"), help="what it is, where the document's type does not say so")
    parser.add_argument("--logo", type=Path, metavar="FILE", help="PNG, JPEG or a plain SVG drawing, at most 512 KB")
    parser.add_argument("--accent", default="#0b4f4a", metavar="#RRGGBB", help="colour of titles and table heads")
    parser.add_argument("--footer", metavar="TEXT", help="your lines at the foot of every page, at most three")
    parser.add_argument("--terms", metavar="TEXT", help="your terms and conditions, after the notes")
    parser.add_argument("--seal", type=Path, metavar="FILE.xades", help="the signature to attach (default: IN.xades, if there is one)")
    parser.add_argument("--pay-url", metavar="URL", help="print a Pay card with this address and its QR code")
    parser.add_argument("--verify-url", metavar="URL", help="print a Verify card with this address and its QR code")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli.errors import refuse_same

    if arguments.list_themes:
        return _list(arguments)
    if arguments.input is None or arguments.output is None or arguments.output.suffix.lower() not in (".pdf", ".html", ".htm"):
        raise OutputUnknown
    refuse_same(arguments.input, arguments.output)
    return _render(arguments)


def _render(arguments: argparse.Namespace) -> int:
    from wasl import files
    from wasl.formats.read import read
    from wasl.invoice.totals import totals
    from wasl.render import render_pdf

    theme = _theme(arguments.theme)
    data = files.read_bytes(arguments.input)
    result = read(data, name=arguments.input.name)
    for loss in result.losses:
        print(f"not shown: {loss.xpath} = {loss.value!r}: {loss.en}", file=sys.stderr)
    # A draft without totals is reckoned; a document of someone else's is shown as it came
    invoice = totals(result.invoice) if result.syntax in ("wasl-json", "table") and result.invoice.totals is None else result.invoice
    context = _context(arguments, theme, data, result)
    if arguments.output.suffix.lower() != ".pdf":
        from wasl.render.html import render_html

        files.write_atomic(arguments.output, render_html(invoice, context=context).encode())
        return 0
    made = render_pdf(invoice, context=context)
    files.write_atomic(arguments.output, made.data)
    if made.substitutes:
        shown = " ".join(f"U+{ord(c):04X}" for c in made.substitutes)
        print(f"warning: no font for {shown}: marks stand in their place. For Chinese, Japanese, Korean: wasl[cjk].", file=sys.stderr)
    return 0


def _theme(given: str) -> Theme:
    """An installed theme by its name, or a folder by its path: a name never becomes a path, a path never a name."""
    from wasl.render import find_theme, read_theme

    return read_theme(Path(given)) if "/" in given or "\\" in given or given in (".", "..") else find_theme(given)


def _list(arguments: argparse.Namespace) -> int:
    from wasl.render import find_theme, read_theme, themes

    if "/" in arguments.theme:
        place = Path(arguments.theme)
        inside = sorted(p for p in place.iterdir() if p.is_dir()) if place.is_dir() and not (place / "theme.toml").is_file() else [place]
        found = [read_theme(each) for each in inside]
    else:
        found = [find_theme(name) for name in themes()]
    for theme in found:
        print(f"{theme.id:<10} {theme.paper:<5} {theme.name} · {theme.name.ar}\n{'':<17}{theme.about}\n{'':<17}{theme.about.ar}")
    return 0


def _context(arguments: argparse.Namespace, theme: Theme, data: bytes, result: ReadResult) -> RenderContext:
    from datetime import UTC, datetime, time

    from wasl import files
    from wasl.render import RenderContext

    issued = result.invoice.issue_date
    xml, seal = _originals(arguments, data)
    return RenderContext(
        issued_at=datetime.combine(issued, time(), UTC) if issued else datetime.now(UTC).replace(microsecond=0),
        language=arguments.lang,
        theme=theme,
        kind=arguments.kind,
        logo=files.read_bytes(arguments.logo) if arguments.logo else None,
        accent=arguments.accent,
        footer=arguments.footer,
        terms=arguments.terms,
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
