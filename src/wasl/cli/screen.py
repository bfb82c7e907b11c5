"""Findings on a terminal: place, message, fix; the rule's id small; colour only where a person looks."""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from wasl.cli.validate import outcome_valid

if TYPE_CHECKING:
    from wasl.cli.validate import Outcome
    from wasl.regimes.checks import CheckFinding
    from wasl.rules.explain import Explanation
    from wasl.rules.findings import Finding

SAME_RULE = 4  # findings of one rule that are shown before the rest is counted
_STYLES = {"red": "31", "yellow": "33", "green": "32", "cyan": "36", "dim": "2", "bold": "1"}
_SIGNS = {"fatal": ("✗", "red"), "warning": ("!", "yellow"), "information": ("i", "cyan")}
_WORDS = {
    "valid": ("valid", "سليمة"),
    "invalid": ("not valid", "غير سليمة"),
    "unchecked": ("not fully checked", "لم تُفحص كاملة"),
    "unreadable": ("cannot be read", "غير مقروءة"),
    "fix": ("Fix", "الحل"),
}


class Screen:
    """Writes outcomes as they come."""

    def __init__(self, lang: str, *, everything: bool = False) -> None:
        self.langs = ("en", "ar") if lang == "both" else (lang,)
        self.everything = everything
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Arabic letters must not stop the check
        self.colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.width = min(shutil.get_terminal_size((100, 24)).columns, 110)

    def style(self, text: str, *names: str) -> str:
        if not self.colour:
            return text
        return f"\x1b[{';'.join(_STYLES[name] for name in names)}m{text}\x1b[0m"

    def word(self, key: str) -> str:
        return _WORDS[key][self.langs[0] == "ar"]

    def show(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            print(f"{self.style('✗', 'red')} {_clean(outcome.file)}: {_clean(outcome.error.message(self.langs[0]))}")
            return
        self._headline(outcome)
        counts: dict[str, int] = {}
        for finding, words in self._explained(outcome):
            counts[finding.rule] = counts.get(finding.rule, 0) + 1
            if self.everything or counts[finding.rule] <= SAME_RULE:
                self._finding(finding, words, unevaluable=getattr(finding, "unevaluable", False))
        for rule, count in counts.items():
            if not self.everything and count > SAME_RULE:
                print(self.style(f"  … {rule}: {count - SAME_RULE} more like these (--all shows them)", "dim"))

    def _explained(self, outcome: Outcome) -> list[tuple[Finding | CheckFinding, Explanation]]:
        """Fatal first."""
        assert outcome.report is not None
        order = {"fatal": 0, "warning": 1}
        found: list[tuple[Finding | CheckFinding, Explanation]] = [(f, f.explanation) for f in outcome.extra]
        if outcome.doc is not None:
            from wasl.rules.explain import explain_all  # a valid invoice pays nothing for it

            found += zip(outcome.report.findings, explain_all(outcome.report.findings, outcome.doc), strict=True)
        return sorted(found, key=lambda pair: order.get(pair[0].severity, 2))

    def _headline(self, outcome: Outcome) -> None:
        assert outcome.report is not None
        valid = outcome_valid(outcome)
        key, sign, colour = ("valid", "✓", "green") if valid else ("unchecked", "?", "yellow") if valid is None else ("invalid", "✗", "red")
        report = outcome.report
        facts = f"{report.profile} · {report.syntax.upper()} · {report.stats.rules} rules · {outcome.seconds * 1000:.1f} ms"
        severities = [f.severity for f in (*report.findings, *outcome.extra)]
        counts = ", ".join(f"{severities.count(s)} {s}" for s in ("fatal", "warning", "information") if s in severities)
        title = f"{self.style(sign, colour)} {self.style(_clean(outcome.file), 'bold')}: {self.style(self.word(key), colour)}"
        print(f"{title}{f' ({counts})' if counts else ''}  {self.style(facts, 'dim')}")
        for each in report.unchecked:
            print(f"  {self.style('?', 'yellow')} {each.set}: {self._reason(each.reason)}")

    def _reason(self, reason: str) -> str:
        """Why something was not checked, in the languages asked for."""
        return " · ".join(getattr(reason, "ar", reason) if lang == "ar" else str(reason) for lang in self.langs)

    def _finding(self, finding: Finding | CheckFinding, words: Explanation, *, unevaluable: bool) -> None:
        sign, colour = ("?", "yellow") if unevaluable else _SIGNS.get(finding.severity, _SIGNS["information"])
        for lang in self.langs:
            rule = self.style(f"  {finding.rule} · {words.term}", "dim") if lang == self.langs[0] else ""
            lead = self.style(sign, colour) if lang == self.langs[0] else " "
            print(f"  {lead} {self.style(words.where(lang), 'bold')}{rule}")
            self._wrapped(words.message(lang), "    ")
            self._wrapped(f"{_WORDS['fix'][lang == 'ar']}: {words.fix(lang)}", "    ", "green")

    def _wrapped(self, text: str, indent: str, *styles: str) -> None:
        for line in textwrap.wrap(text, self.width - len(indent), break_long_words=False, break_on_hyphens=False) or [""]:
            print(indent + (self.style(line, *styles) if styles else line))

    def sum_up(self, outcomes: list[Outcome]) -> None:
        """One line for several files."""
        if len(outcomes) < 2:
            return
        keys = ["unreadable" if o.error else {True: "valid", False: "invalid", None: "unchecked"}[outcome_valid(o)] for o in outcomes]
        parts = [f"{keys.count(key)} {self.word(key)}" for key in ("valid", "invalid", "unchecked", "unreadable") if key in keys]
        total = sum(o.seconds for o in outcomes)
        print(f"\n{len(outcomes)} files: {', '.join(parts)}  {self.style(f'{total * 1000:.0f} ms', 'dim')}")


def _clean(name: str) -> str:
    """Words of others without the control characters that could repaint a terminal; line ends become spaces."""
    return "".join(char if char.isprintable() or char in "\u2068\u2069" else " " if char in "\n\t" else "?" for char in name)
