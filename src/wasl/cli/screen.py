"""Findings on a terminal: what and how bad, the place, the words, the source with the element marked, the fix.

Calm: a line a file, findings in groups by severity, the id of a rule small, colour only where a person looks (NO_COLOR, no terminal).
Arabic is written in its logical order, as terminals that know Arabic want it: each line begins with a right-to-left mark, what is Latin
inside it is isolated, source and paths stand on lines of their own, and the terminal is asked to find the direction of each paragraph
(DECSET 2501 of the terminal bidi specification; others ignore it).
"""

from __future__ import annotations

import io
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from wasl.rules.report.shown import ORDER, FileReport
from wasl.service.many import as_it_is

if TYPE_CHECKING:
    from wasl.rules.report.shown import Both, Excerpt, Shown
    from wasl.service.intake import Intake
    from wasl.service.many import Done

SAME_RULE = 4  # findings of one rule that are shown before the rest is counted
NAMED_LINES = 12  # of those that are only counted
WIDTH_MAX, WIDTH_MIN, WIDTH_PIPED = 110, 24, 100
RLM, FSI, PDI = "\u200f", "\u2068", "\u2069"
_BIDI_ON, _BIDI_OFF = "\x1b[?2501h", "\x1b[?2501l"
_STYLES = {"red": "31", "yellow": "33", "green": "32", "cyan": "36", "dim": "2", "bold": "1"}
_SIGNS = {"fatal": ("✗", "red"), "warning": ("!", "yellow"), "information": ("i", "cyan"), "unevaluable": ("?", "yellow")}
_WORDS = {
    "valid": ("valid", "سليمة"),
    "invalid": ("not valid", "غير سليمة"),
    "unchecked": ("not fully checked", "لم تُفحص كاملة"),
    "unreadable": ("cannot be read", "غير مقروءة"),
    "fix": ("Fix", "الحل"),
    "n fatal": ("{} fatal", "الأخطاء {}"),
    "n warning": ("{} warning", "التنبيهات {}"),
    "n information": ("{} information", "المعلومات {}"),
    "n valid": ("{} valid", "السليمة {}"),
    "n invalid": ("{} not valid", "غير السليمة {}"),
    "n unchecked": ("{} not fully checked", "لم تُفحص كاملة {}"),
    "n unreadable": ("{} cannot be read", "غير المقروءة {}"),
    "fatal": ("fatal", "خطأ"),
    "warning": ("warning", "تنبيه"),
    "information": ("information", "معلومة"),
    "unevaluable": ("not checkable", "تعذّر الفحص"),
    "rules": ("rules", "قاعدة"),
    "files": ("files", "الملفات"),
    "more": ("more like these (--all shows them)", "أخرى مثلها (\u2068--all\u2069 يعرضها)"),
    "beyond": ("more like these, counted only", "أخرى مثلها عُدّت ولم تُسرد"),
    "lines": ("lines", "الأسطر"),
    "skipped": ("other files were passed over", "ملفات أخرى لم تُفحص لأنها ليست فواتير"),
}
_FIGURE = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w-])")


class Screen:
    """Writes outcomes as they come."""

    render = staticmethod(as_it_is)

    def __init__(self, lang: str, *, everything: bool = False) -> None:
        self.lang = lang
        self.langs = ("en", "ar") if lang == "both" else (lang,)
        self.everything = everything
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Arabic letters must not stop the check
        self.terminal = sys.stdout.isatty()
        self.colour = self.terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self.width = max(min(_columns(), WIDTH_MAX), WIDTH_MIN)
        self.counts: dict[str, int] = {}
        self.seconds = 0.0
        self.files = 0

    # -- what `wasl validate` calls ----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        if self.terminal and "ar" in self.langs:
            sys.stdout.write(_BIDI_ON)

    def take(self, done: Done) -> None:
        self.files += 1
        self.seconds += done.seconds
        self.counts[done.key] = self.counts.get(done.key, 0) + 1
        self.show(done.body)

    def end(self, intake: Intake) -> None:
        """One line for several files."""
        if self.files > 1:
            keys = [key for key in ("valid", "invalid", "unchecked", "unreadable") if key in self.counts]
            parts = [self.word(f"n {key}").format(f"{self.counts[key]:,}") for key in keys]
            mark, and_ = (RLM, "، ") if self.arabic else ("", ", ")
            total = f"{self.word('files')}: {self.files:,}" if self.arabic else f"{self.files:,} {self.word('files')}"
            self._say(f"\n{mark}{total}{'، ' if self.arabic else ': '}{and_.join(parts)}  {self.style(_time(self.seconds), 'dim')}")
        if intake.skipped:
            mark = RLM if self.arabic else ""
            passed = f"{intake.skipped:,} {self.word('skipped')}"
            self._say(mark + self.style(passed, "dim"))
            for name in intake.passed if self.everything else ():
                self._say(self.style(f"  {clean(name)}", "dim"))
        if self.terminal and "ar" in self.langs:
            sys.stdout.write(_BIDI_OFF)
        sys.stdout.flush()

    # -- one file ----------------------------------------------------------------------------------------------------------------

    @property
    def arabic(self) -> bool:
        return self.langs[0] == "ar"

    def word(self, key: str) -> str:
        return _WORDS[key][self.arabic]

    def style(self, text: str, *names: str) -> str:
        if not self.colour:
            return text
        return f"\x1b[{';'.join(_STYLES[name] for name in names)}m{text}\x1b[0m"

    def show(self, report: FileReport) -> None:
        if report.error is not None:
            words = " · ".join(clean(report.error.get(lang)) for lang in self.langs)
            self._say(f"{self.style('✗', 'red')} {self._name(report.file)}: {words}")
            return
        self._headline(report)
        counts: dict[str, int] = {}
        hidden: dict[str, list[int]] = {}
        for each in sorted(report.findings, key=lambda found: (ORDER.get(found.severity, 2), found.line or 0)):
            counts[each.rule] = counts.get(each.rule, 0) + 1
            if self.everything or counts[each.rule] <= SAME_RULE:
                self._finding(each)
            else:
                hidden.setdefault(each.rule, []).append(each.line or 0)
        beyond = {each.rule: each.count for each in report.more}
        for rule in dict.fromkeys((*hidden, *beyond)):
            self._more(rule, hidden.get(rule, []), beyond.get(rule, 0))

    def _headline(self, report: FileReport) -> None:
        sign, colour = {"valid": ("✓", "green"), "unchecked": ("?", "yellow")}.get(report.key, ("✗", "red"))
        facts = f"{report.profile} · {report.syntax.upper()} · {report.rules} {self.word('rules')} · {_time(report.seconds)}"
        counted = [self.word(f"n {each}").format(report.count(each)) for each in ORDER if report.count(each)]
        counts = f" ({('، ' if self.arabic else ', ').join(counted)})" if counted else ""
        inside = f" › {self._name(report.inside)}" if report.inside else ""
        title = f"{self.style(sign, colour)} {self.style(self._name(report.file), 'bold')}{inside}: {self.style(self.word(report.key), colour)}"
        self._say(f"{title}{counts}  {self.style(facts, 'dim')}")
        if report.picked is not None and (self.everything or report.key != "valid"):
            self._wrapped(report.picked, "  ", "dim")
        for each in report.unchecked:
            reason = " · ".join(each.reason.get(lang) for lang in self.langs)
            self._say(f"  {self.style('?', 'yellow')} {each.set}: {clean(reason)}")

    def _finding(self, shown: Shown) -> None:
        kind = "unevaluable" if shown.unevaluable else shown.severity if shown.severity in _SIGNS else "information"
        sign, colour = _SIGNS[kind]
        ids = f"{shown.rule} · {shown.term}"
        for lang in self.langs:
            first = lang == self.langs[0]
            lead = f"{self.style(sign, colour)} {self.style(_WORDS[kind][lang == 'ar'], colour)} " if first else "  "
            rule = f"  {self.style(f'{FSI}{ids}{PDI}' if lang == 'ar' else ids, 'dim')}" if first else ""
            mark = RLM if lang == "ar" else ""
            self._say(f"  {mark}{lead}{self.style(clean(shown.where.get(lang)), 'bold')}{rule}")
            self._paragraph(shown.message.get(lang), "    ", lang)
            if first:
                self._source(shown)
            self._paragraph(f"{_WORDS['fix'][lang == 'ar']}: {shown.fix.get(lang)}", "    ", lang, fix=True)

    def _source(self, shown: Shown) -> None:
        """Where it stands in the file: line and column, the path, and the line itself with the element marked."""
        place = f"{shown.line}:{shown.column}  " if shown.line else ""
        if not place and not shown.xpath:
            return  # of the PDF around the invoice, which has no lines
        self._say(self.style(f"    {place}{_shortened(shown.xpath, self.width - len(place) - 4)}", "dim"))
        if shown.excerpt is None:
            return
        gutter = f"    {shown.line} │ "
        text, start, end = _window(shown.excerpt, self.width - len(gutter))
        before, middle, after = clean(text[:start]), clean(text[start:end]), clean(text[end:])
        if self.colour:
            self._say(f"{self.style(gutter, 'dim')}{before}\x1b[4;31m{middle}\x1b[0m{after}")
            return
        self._say(f"{gutter}{before}{middle}{after}")
        if text.replace("…", "").isascii():  # carets stand under the right letters only where each letter has a place of its own
            self._say(f"{' ' * (len(gutter) - 2)}│ {' ' * len(before)}{'^' * max(len(middle), 1)}")

    def _more(self, rule: str, lines: list[int], beyond: int) -> None:
        mark, more = RLM if self.arabic else "", self.word("more") if lines else self.word("beyond")
        named = ", ".join(str(line) for line in lines[:NAMED_LINES] if line)
        where = f": {self.word('lines')} {named}{' …' if len(lines) > NAMED_LINES or beyond else ''}" if named else ""
        self._say(f"  {mark}{self.style(f'… {rule}: {len(lines) + beyond} {more}{where}', 'dim')}")

    def _wrapped(self, words: Both, indent: str, *styles: str) -> None:
        for lang in self.langs:
            self._paragraph(words.get(lang), indent, lang, *styles)

    def _paragraph(self, text: str, indent: str, lang: str, *styles: str, fix: bool = False) -> None:
        """Words in lines that fit; in a fix the figures stand out, for one of them is the number that would be right."""
        for line in self._lines(clean(text), self.width - len(indent)):
            shown = line
            if fix and self.colour:
                shown = "\x1b[32m" + _FIGURE.sub(lambda found: f"\x1b[1m{found[0]}\x1b[22m", line) + "\x1b[0m"
            elif styles:
                shown = self.style(line, *styles)
            self._say(f"{indent}{RLM if lang == 'ar' else ''}{shown}")

    def _lines(self, text: str, width: int) -> list[str]:
        """Wrapped by the cells that letters take on a terminal: combining marks none, wide letters two."""
        from rich.text import Text  # a valid invoice does not wait for it

        return [line.plain.rstrip() for line in Text(text).wrap(_console(), max(width, 10))]

    def _name(self, name: str) -> str:
        return f"{FSI}{clean(name)}{PDI}" if self.arabic else clean(name)

    def _say(self, line: str) -> None:
        sys.stdout.write(line + "\n")


def _columns() -> int:
    """Of the terminal, or as COLUMNS says; without either a width for pipes. (shutil has the same and takes 10 ms to load.)"""
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and len(said) < 6 and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or WIDTH_PIPED
    except (OSError, ValueError, AttributeError):
        return WIDTH_PIPED


def _console() -> Any:
    from rich.console import Console

    found = getattr(_console, "found", None)
    if found is None:
        found = _console.found = Console(file=io.StringIO(), width=WIDTH_MAX)  # type: ignore[attr-defined]
    return found


def _window(excerpt: Excerpt, width: int) -> tuple[str, int, int]:
    """The part of a source line that fits, with what is marked inside it."""
    text, start, end = excerpt.text, excerpt.start, excerpt.end
    if len(text) <= width:
        return text, start, end
    left = max(0, min(start - 4, end - width + 2))
    piece = ("…" if left else "") + text[left + (1 if left else 0) :]
    start, end = start - left, min(end - left, width - 1)
    if len(piece) > width:
        piece = piece[: width - 1] + "…"
    return piece, min(start, width - 1), max(end, start)


def _shortened(path: str, width: int) -> str:
    """A path that fits on the line, its end kept: that is the element."""
    return path if len(path) <= width else "…" + path[-(max(width, 12) - 1) :]


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def clean(name: str) -> str:
    """Words of others without the control characters that could repaint a terminal; line ends become spaces."""
    return "".join(char if char.isprintable() or char in _KEPT else " " if char in "\n\t" else "?" for char in name)


_KEPT = FSI + PDI + RLM + "\u200e"
