"""`wasl validate FILE|FOLDER|ZIP...`: what is wrong with invoices, where, and how to mend it, in Arabic and English.

Exit codes: 0 every file is valid, 1 a fatal finding, 2 a file that cannot be read or wrong usage, 4 not fully checked;
the first that applies of 2, 1, 4, 0.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wasl.service.many import Done

DESCRIPTION = """\
Check invoices (UBL, CII, Wasl JSON, or the XML inside a PDF) against the official rules: files, whole folders, ZIP files.
Every finding says where it is, what is wrong with this invoice's own figures, and how to mend it.
"""
EPILOG = """\
Examples:
  wasl validate invoice.xml
  wasl validate outbox/ archive.zip        every invoice inside, found by its content, on all cores
  wasl validate *.xml --lang ar            findings in Arabic
  wasl validate invoice.xml --profile sa   by Saudi law: see `wasl rules list --profile sa`
  wasl validate outbox/ --json             for machines; --sarif for code-scanning tools
  wasl validate outbox/ --html > report.html
Line and column are those of the element that holds the value; where it is missing, of the element at the xpath.
"""


def add_parser(sub: argparse._SubParsersAction[Any]) -> None:
    from wasl.cli.arguments import number

    parser = sub.add_parser(
        "validate",
        help="check invoices against the official rules",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder or a ZIP; - reads standard input")
    parser.add_argument("--profile", default="auto", help="which rules apply, such as auto, en16931, peppol, sa (default: auto, by the document)")
    parser.add_argument("--lang", choices=("ar", "en", "both"), help="language of the findings (default: the terminal's, else en; --json: en)")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", dest="shape", action="store_const", const="json", help="print JSON: a list, one object a file")
    shape.add_argument("--sarif", dest="shape", action="store_const", const="sarif", help="print SARIF 2.1.0")
    shape.add_argument("--html", dest="shape", action="store_const", const="html", help="print one self-contained page in both languages")
    parser.add_argument("--jobs", type=number(1, 256), metavar="N", help="processes for many files (default: all cores)")
    parser.add_argument("--all", action="store_true", help="show every finding, also many of the same rule")
    parser.set_defaults(run=command, shape="screen")


def command(arguments: argparse.Namespace) -> int:
    from wasl.rules import profiles
    from wasl.service import many
    from wasl.service.intake import Intake

    profiles.get(arguments.profile)  # an unknown one stops before any file is read
    intake = Intake(arguments.files)
    sink = _sink(arguments)
    order = many.Order(arguments.profile, sink.lang, sink.render)
    keys: set[str] = set()
    sink.begin()
    with _progress(arguments.shape) as seen:
        for done in many.run(intake, order, jobs=arguments.jobs):
            keys.add(done.key)
            sink.take(done)
            seen(done)
    sink.end(intake)
    return exit_code(keys)


def exit_code(keys: Iterable[str]) -> int:
    """The first that applies of 2, 1, 4, 0."""
    codes = {"unreadable": 2, "invalid": 1, "unchecked": 4, "valid": 0}
    found = {codes[key] for key in keys}
    return next(code for code in (2, 1, 4, 0) if code in found or not code)


def _sink(arguments: argparse.Namespace) -> Any:
    from wasl.cli import sinks
    from wasl.cli.screen import Screen

    lang = arguments.lang or (sinks.language() if arguments.shape == "screen" else "en")
    if arguments.shape == "json":
        return sinks.Json(lang)
    if arguments.shape == "sarif":
        return sinks.Sarif(lang)
    if arguments.shape == "html":
        return sinks.Html(lang, everything=arguments.all)
    return Screen(lang, everything=arguments.all)


def _progress(shape: str) -> Any:
    """A line that counts, where somebody looks and it takes longer than a moment."""
    import contextlib
    import sys

    if not sys.stderr.isatty():
        return contextlib.nullcontext(_nothing)
    from wasl.cli.progress import Progress

    return Progress(shared=shape == "screen" and sys.stdout.isatty())


def _nothing(_done: Done) -> None:
    """The progress of a run that nobody watches."""
