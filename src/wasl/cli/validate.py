"""`wasl validate FILE...`: what is wrong with an invoice, where, and how to mend it, in Arabic and English.

Exit codes: 0 every file is valid, 1 a fatal finding, 2 a file that cannot be read or wrong usage, 4 not fully checked;
the first that applies of 2, 1, 4, 0.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lxml import etree

    from wasl.errors import WaslError
    from wasl.regimes.checks import CheckFinding
    from wasl.rules.findings import Report

DESCRIPTION = """\
Check invoices (UBL, Wasl JSON, or the XML inside a PDF) against the official EN 16931 rules.
Every finding says where it is, what is wrong with this invoice's own figures, and how to mend it.
"""
EPILOG = """\
Examples:
  wasl validate invoice.xml
  wasl validate *.xml --lang ar            findings in Arabic
  wasl validate invoice.xml --profile sa   by Saudi law: see `wasl rules list --profile sa`
  wasl validate invoice.xml --json         for machines
"""


# `<` in ASCII, UTF-16 with and without a byte order mark, and EBCDIC: the parser says what is wrong with the last ones.
_XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<", b"\x4c\x6f")


class Outcome(NamedTuple):
    """One file: either `error`, or the report with the document it speaks of."""

    file: str
    error: WaslError | None = None
    report: Report | None = None
    doc: etree._Element | None = None
    extra: tuple[CheckFinding, ...] = ()
    seconds: float = 0.0


def add_parser(sub: argparse._SubParsersAction[Any]) -> None:
    parser = sub.add_parser(
        "validate",
        help="check invoices against the official rules",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="UBL, Wasl JSON or PDF; - reads standard input")
    parser.add_argument("--profile", default="auto", help="which rules apply: auto, en16931, sa, jo (default: auto)")
    parser.add_argument("--lang", choices=("ar", "en", "both"), default="en", help="language of the findings (default: en)")
    parser.add_argument("--json", action="store_true", help="print JSON: a list, one object a file")
    parser.add_argument("--all", action="store_true", help="show every finding, also many of the same rule")
    parser.set_defaults(run=command)


def run(argv: list[str]) -> int:
    """The command as a function: `run(["invoice.xml", "--json"])`."""
    parser = argparse.ArgumentParser(prog="wasl")
    add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["validate", *argv])
    return int(arguments.run(arguments))


def command(arguments: argparse.Namespace) -> int:
    from wasl.rules import profiles

    profile = profiles.get(arguments.profile)  # an unknown one stops before any file is read
    outcomes: list[Outcome] = []
    if not arguments.json:
        from wasl.cli.screen import Screen

        screen = Screen(arguments.lang, everything=arguments.all)
        for file in arguments.files:
            outcomes.append(examine(file, profile))
            screen.show(outcomes[-1])
        screen.sum_up(outcomes)
    else:
        outcomes = [examine(file, profile) for file in arguments.files]
        print_json(outcomes, arguments.lang)
    return exit_code(outcomes)


def examine(file: str, profile: Any) -> Outcome:
    """Read and check one file; whatever is wrong with it becomes part of the outcome."""
    import time

    from wasl.errors import UnreadableInput, WaslError
    from wasl.rules.errors import UnsupportedDocument

    started = time.perf_counter()
    try:
        doc, report, extra = check(read(file), profile)
    except (UnreadableInput, UnsupportedDocument) as error:
        return Outcome(file, error=error)
    except WaslError as error:
        if error.exit_code != UnreadableInput.exit_code:
            raise
        return Outcome(file, error=error)
    return Outcome(file, None, report, doc, extra, time.perf_counter() - started)


def read(file: str) -> bytes:
    """The document's XML: as it stands, taken out of a PDF, or written from Wasl JSON."""
    from pathlib import Path

    from wasl.files import FILE_BYTES_MAX, FileTooLarge, read_bytes

    if file == "-":
        import sys

        data = sys.stdin.buffer.read(FILE_BYTES_MAX + 1)
        if len(data) > FILE_BYTES_MAX:
            raise FileTooLarge(path="-", limit=FILE_BYTES_MAX // (1024 * 1024))
    else:
        data = read_bytes(Path(file))
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[:1024].find(b"%PDF-") >= 0:
        from wasl.formats.pdf import document

        return document(data).data
    if head.startswith(b"{"):
        from wasl.formats import ubl, wasljson

        return ubl.write(wasljson.read(data).invoice)
    if head and not head.startswith(_XML_STARTS):
        from wasl.cli.errors import NotAnInvoice

        raise NotAnInvoice()
    return data


def check(data: bytes, profile: Any) -> tuple[Any, Report, tuple[CheckFinding, ...]]:
    """Run the rules, then the law's own checks where the profile belongs to a law."""
    from wasl.rules import validate

    report = validate(data, profile=profile)
    extra: tuple[CheckFinding, ...] = ()
    if profile.excluded:  # a law's profile
        from wasl.regimes import REGIMES, regime

        if profile.id in REGIMES:
            from wasl.formats import ubl

            extra = tuple(regime(profile.id).checks(ubl.read(data).invoice))
    if not report.findings:
        return None, report, extra
    from wasl.formats.xml import parse

    return parse(data), report, extra


def outcome_valid(outcome: Outcome) -> bool | None:
    """None where the file could not be read, or was not fully checked."""
    if outcome.report is None:
        return None
    return False if any(f.severity == "fatal" for f in outcome.extra) else outcome.report.valid


def exit_code(outcomes: list[Outcome]) -> int:
    """The first that applies of 2, 1, 4, 0."""
    if any(outcome.error for outcome in outcomes):
        return 2
    verdicts = [outcome_valid(outcome) for outcome in outcomes]
    return 1 if False in verdicts else 4 if None in verdicts else 0


def print_json(outcomes: list[Outcome], lang: str) -> None:
    import sys

    import orjson

    from wasl.rules.explain.contract import to_json

    entries: list[dict[str, Any]] = []
    for outcome in outcomes:
        if outcome.report is not None:
            entries.append(to_json(outcome.report, outcome.doc, file=writable(outcome.file), lang=lang, extra=outcome.extra))
        elif outcome.error is not None:
            entries.append({"file": writable(outcome.file), "error": _error(outcome.error, lang)})
    text = orjson.dumps(entries, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


def _error(error: WaslError, lang: str) -> str | dict[str, str]:
    ar, en = writable(error.message("ar")), writable(error.message("en"))
    return {"ar": ar, "en": en} if lang == "both" else ar if lang == "ar" else en


def writable(text: str) -> str:
    """File names are bytes; those that are no UTF-8 are shown with a replacement character."""
    return text.encode(errors="surrogateescape").decode(errors="replace")
