"""What `wasl validate` writes for machines and reports, a file at a time: JSON, SARIF, one HTML page."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING, Any

from wasl.rules.report.asjson import file_json

if TYPE_CHECKING:
    from wasl.rules.report.shown import FileReport
    from wasl.service.intake import Intake
    from wasl.service.many import Done


def language() -> str:
    """The language of this terminal: Arabic where the locale says so, else English."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "ar" if named.lower().startswith("ar") else "en"


def json_bytes(report: FileReport, lang: str) -> bytes:
    import orjson

    return orjson.dumps(file_json(report, lang), option=orjson.OPT_INDENT_2).replace(b"\n", b"\n  ")


class Json:
    """A list in input order, written as it comes: memory does not grow with the number of files."""

    render = staticmethod(json_bytes)

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.out = _out()
        self.count = 0

    def begin(self) -> None:
        self.out.write(b"[")

    def take(self, done: Done) -> None:
        self.out.write(b",\n  " if self.count else b"\n  ")
        self.out.write(done.body)
        self.count += 1

    def end(self, _intake: Intake) -> None:
        self.out.write(b"\n]\n" if self.count else b"]\n")
        self.out.flush()


def sarif_part(report: FileReport, lang: str) -> Any:
    from wasl.rules.report import sarif

    return sarif.part(report, lang)


class Sarif:
    """SARIF 2.1.0: results are written as they come, the rules they name at the end."""

    render = staticmethod(sarif_part)

    def __init__(self, lang: str) -> None:
        from wasl.rules.report.sarif import Log

        self.lang = lang
        self.log = Log(_out().write, lang)

    def begin(self) -> None:
        self.log.begin()

    def take(self, done: Done) -> None:
        self.log.add(done.body)

    def end(self, _intake: Intake) -> None:
        self.log.end()
        _out().flush()


def html_part(report: FileReport, _lang: str) -> Any:
    from wasl.rules.report import page

    return page.part(report)


def html_part_whole(report: FileReport, _lang: str) -> Any:
    from wasl.rules.report import page

    return page.part(report, everything=True)


class Html:
    """One page: the parts wait in a temporary file until the totals above them are known."""

    def __init__(self, lang: str, *, everything: bool = False) -> None:
        from wasl.rules.report.page import Page

        self.lang = lang
        self.render = html_part_whole if everything else html_part
        self.page = Page(lang)

    def begin(self) -> None:
        """Nothing can be written before the totals are known."""

    def take(self, done: Done) -> None:
        self.page.add(done.body)

    def end(self, intake: Intake) -> None:
        out = _out()
        for piece in self.page.pieces(skipped=intake.skipped):
            out.write(piece)
        out.flush()


def _out() -> IO[bytes]:
    sys.stdout.flush()
    return sys.stdout.buffer
