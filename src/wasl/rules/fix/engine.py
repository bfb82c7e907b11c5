"""The one loop: propose, edit, judge by the rules, keep what only helps; and say why the rest was left alone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wasl.rules.fix import defaults, spelling, sums
from wasl.rules.fix.edits import Overlap, Splice, applied, splices
from wasl.rules.fix.proposal import Doubt, Proposal
from wasl.rules.fix.view import View
from wasl.rules.fix.why import why
from wasl.rules.report.shown import Both, FileReport, described
from wasl.rules.report.spans import Place, Source

if TYPE_CHECKING:
    from wasl.rules.findings import Report

ROUNDS_MAX = 12  # of all makers; a chain of totals is mended in one or two
TRIALS_MAX = 400  # judgements of one document
SECONDS_MAX = 60.0
MAKERS = (spelling.propose, defaults.propose, sums.propose)

Judge = Callable[[bytes], "tuple[Report, Sequence[Any]]"]
"""The rules that a fix is judged by: (report, a law's own findings) of a document."""
Key = tuple[str, str]
"""(rule, place) of a finding: what may go, and must not come."""


@dataclass(frozen=True, slots=True)
class Change:
    """One kept fix: `places` are lines and columns in the file as it was given, `gone` the rules that no longer complain."""

    kind: str
    term: str
    gone: tuple[str, ...]
    places: tuple[Place, ...]
    before: str
    after: str
    reason: Both


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that is still there, and why it was not mended."""

    rule: str
    severity: str
    xpath: str
    reason: Both


@dataclass(frozen=True, slots=True)
class Fixed:
    """The outcome. `data` is the given bytes where nothing was certain; `splices` are in the UTF-8 text `source.data`."""

    data: bytes
    changes: tuple[Change, ...]
    left: tuple[Left, ...]
    before: FileReport
    after: FileReport
    source: Source
    splices: tuple[Splice, ...]
    stopped: bool = False  # by TRIALS_MAX or SECONDS_MAX: more may be mended in another run


def fix(data: bytes, *, profile: str = "auto", judge: Judge | None = None, file: str = "") -> Fixed:
    """Mend what is certain in a UBL or CII document. Raises UnreadableInput and UnsupportedDocument like `validate`."""
    return _Fix(data, profile, judge or _by_rules(profile), file).run()


def _by_rules(profile: str) -> Judge:
    from wasl.rules.engine import validate

    return lambda data: (validate(data, profile=profile, schema=True), ())


def _keys(report: Report, extra: Iterable[Any]) -> Counter[Key]:
    found = Counter((each.rule, each.location) for each in report.findings)
    found.update((each.rule, f"{each.xpath} {getattr(each, 'field', '')}") for each in extra)
    return found


class _Fix:
    def __init__(self, data: bytes, profile: str, judge: Judge, file: str) -> None:
        self.given = data
        self.profile = profile
        self.judge = judge
        self.file = file
        self.source = Source(data)
        self.text = self.source.data
        self.report, self.extra = judge(self.text)
        self.keys = _keys(self.report, self.extra)
        self.before = described(self.report, self.text, file=file, extra=self.extra)
        self.splices: list[Splice] = []
        self.changes: list[Change] = []
        self.doubts: dict[Doubt, None] = {}
        self.broken: dict[str, Both] = {}  # rule -> what its mending would have broken
        self.tried: set[tuple[Proposal, bytes]] = set()
        self.trials = 0
        self.started = time.monotonic()

    def run(self) -> Fixed:
        for _ in range(ROUNDS_MAX):
            if self.before.valid or not self.keys or not self._round():
                break  # a valid document stays as it is, whatever warnings it has
        changed = bool(self.changes)
        after = described(self.report, self.text, file=self.file, extra=self.extra) if changed else self.before
        data = self.source.restored(self.text) if changed else self.given
        left = why(self.report, self.extra, self.doubts, self.broken)
        stopped = self._spent() and bool(self.keys)
        return Fixed(data, tuple(self.changes), tuple(left), self.before, after, self.source, tuple(self.splices), stopped)

    def _spent(self) -> bool:
        return self.trials >= TRIALS_MAX or time.monotonic() - self.started > SECONDS_MAX

    def _round(self) -> bool:
        """Every maker once; after a fix is kept the maker looks again, for its other figures may have changed."""
        helped = False
        for make in MAKERS:
            again = True
            while again and self.keys and not self._spent():
                again = False
                for proposal in make(self._view()):
                    if isinstance(proposal, Doubt):
                        self.doubts[proposal] = None
                    elif self._try(proposal):
                        helped = again = True
                        break
                    if self._spent():
                        break
        return helped

    def _view(self) -> View:
        suspects = frozenset(each.context.path for each in self.report.findings)
        return View(self.text, suspects, self.profile, frozenset(rule for rule, _ in self.keys))

    def _try(self, proposal: Proposal) -> bool:
        """Whether a proposal was kept: fewer findings, none of them new."""
        if (proposal, self.text) in self.tried:
            return False
        self.tried.add((proposal, self.text))
        made = splices(self.source, proposal.edits)
        if made is None:
            return False
        try:
            text = applied(self.source.data, [*self.splices, *made])
        except Overlap:
            return False
        if text == self.text:
            return False
        self.trials += 1
        report, extra = self.judge(text)
        keys = _keys(report, extra)
        fresh, gone = keys - self.keys, self.keys - keys
        if fresh:
            self._remember(gone, fresh)
            return False
        if not gone:
            return False
        self.changes.append(self._change(proposal, made, gone))
        self.splices += made
        self.text, self.report, self.extra, self.keys = text, report, extra, keys
        return True

    def _remember(self, gone: Counter[Key], fresh: Counter[Key]) -> None:
        new = sorted({rule for rule, _ in fresh})[0]
        for rule, _ in gone:
            self.broken.setdefault(
                rule,
                Both(
                    f"إصلاحه وحده يخالف القاعدة \u2068{new}\u2069: قد يكون الخطأ في رقم آخر.",
                    f"mending it alone would break {new}: another figure may be the wrong one.",
                ),
            )

    def _change(self, proposal: Proposal, made: list[Splice], gone: Counter[Key]) -> Change:
        first = made[0]
        before = self.source.data[first.start : first.end].decode(errors="replace")
        places = tuple(self.source.place(each.start) for each in made)
        rules = tuple(sorted({rule for rule, _ in gone}))
        return Change(proposal.kind, proposal.term, rules, places, before, first.data.decode().strip(), proposal.reason)
