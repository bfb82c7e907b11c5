"""A finding as people and machines read it: plain data in both languages, with its place in the file and the source there.

Everything is picklable, so that workers hand it over, and small: the document itself does not travel.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from wasl.errors import WaslError

if TYPE_CHECKING:
    from wasl.rules.explain import Explanation
    from wasl.rules.findings import Finding, Report
    from wasl.rules.report.spans import Path, Source, Span

DESCRIBED_MAX = 2_000  # findings of one document that are put into words (0.2 ms each)
DESCRIBED_OF_RULE = 20  # of each rule in any case
EXCERPT_CHARACTERS = 160  # of one source line; a minified document is one line
EXCERPT_BYTES = 4 * EXCERPT_CHARACTERS + 400  # looked at on each side: one line may have megabytes
LEAD_CHARACTERS = 24  # kept before the element where a line must be cut
ORDER = {"fatal": 0, "warning": 1, "information": 2}

# Names in a finding's xpath and in a term's UBL path: prefix, local name, and a place where there are several.
_STEP = re.compile(r"/?(?:([\w-]+):)?([\w.-]+)(?:\[(\d+)\])?(?:\[[^\]]*\])?")
_NAME_END = re.compile(rb"[\s/>]")
_ROW = re.compile(r"(\w+)\[(\d+)\]")


class ExtraFinding(Protocol):
    """A finding that brings its own words (`wasl.regimes.checks.CheckFinding`)."""

    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def official(self) -> str: ...
    @property
    def xpath(self) -> str: ...
    @property
    def explanation(self) -> Explanation: ...


@dataclass(frozen=True, slots=True)
class Both:
    """The same words in both languages."""

    ar: str
    en: str

    def get(self, lang: str) -> str:
        return self.ar if lang == "ar" else self.en


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One source line, cut to what can be read; characters [start, end) are those that the finding is about."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding. `line` and `column` (from 1) are None where the file has no such text: Wasl JSON, a sheet."""

    rule: str
    severity: str  # fatal, warning, information
    term: str
    xpath: str
    official: str
    test: str  # the official XPath; "" for a law's own check
    where: Both
    message: Both
    fix: Both
    unevaluable: bool = False
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    excerpt: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A set of rules that was not run, and why."""

    set: str
    reason: Both


@dataclass(frozen=True, slots=True)
class More:
    """How many findings of a rule are counted only: a document of nothing but mistakes would take minutes to put into words."""

    rule: str
    severity: str
    count: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: `error` with its code, or the outcome. `inside` names the attachment of a PDF that was checked."""

    file: str
    error: Both | None = None
    code: str = ""
    syntax: str = ""
    profile: str = ""
    valid: bool | None = None
    findings: tuple[Shown, ...] = ()
    more: tuple[More, ...] = ()
    unchecked: tuple[Missing, ...] = ()
    sets: tuple[str, ...] = ()
    picked: Both | None = None
    schema_valid: bool | None = None
    rules: int = 0
    seconds: float = 0.0
    inside: str = ""

    @property
    def key(self) -> str:
        """"unreadable", "valid", "invalid" or "unchecked"."""
        if self.error is not None:
            return "unreadable"
        return "unchecked" if self.valid is None else "valid" if self.valid else "invalid"

    def count(self, severity: str) -> int:
        return sum(each.severity == severity for each in self.findings) + sum(each.count for each in self.more if each.severity == severity)


def refused(file: str, error: WaslError) -> FileReport:
    """A file that could not be read."""
    return FileReport(file, Both(error.message("ar"), error.message("en")), error.code)


def both(words: str) -> Both:
    """`wasl.errors.Words`, or text that is the same in both languages."""
    return Both(getattr(words, "ar", words), str(words))


def described(
    report: Report,
    data: bytes,
    *,
    file: str,
    extra: Sequence[ExtraFinding] = (),
    seconds: float = 0.0,
    inside: str = "",
    located: bool = True,
) -> FileReport:
    """The report of one document with every finding in words and, where `data` is what the user has (`located`), in its place."""
    shown: list[Shown] = []
    more: tuple[More, ...] = ()
    if report.findings or extra:  # a clean document pays for none of this
        chosen, more = _chosen(report.findings)
        shown = _shown(chosen, data, extra, located)
    picked = getattr(report, "picked", None)
    return FileReport(
        file=file,
        syntax=report.syntax,
        profile=report.profile,
        valid=False if any(f.severity == "fatal" for f in extra) else report.valid,
        findings=tuple(shown),
        more=more,
        unchecked=tuple(Missing(each.set, both(each.reason)) for each in report.unchecked),
        sets=tuple(getattr(report, "sets", ())),
        picked=None if picked is None else both(picked),
        schema_valid=getattr(report, "schema_valid", None),
        rules=report.stats.rules,
        seconds=seconds,
        inside=inside,
    )


def _chosen(findings: Sequence[Finding]) -> tuple[list[Finding], tuple[More, ...]]:
    """The findings that are put into words, in their order: the first of each rule, then as many as fit; the others counted."""
    if len(findings) <= DESCRIBED_MAX:
        return list(findings), ()
    seen: dict[str, int] = {}
    kept: list[bool] = []
    for each in findings:
        seen[each.rule] = seen.get(each.rule, 0) + 1
        kept.append(seen[each.rule] <= DESCRIBED_OF_RULE)
    room = DESCRIBED_MAX - sum(kept)
    left: dict[tuple[str, str], int] = {}
    chosen: list[Finding] = []
    for each, sure in zip(findings, kept, strict=True):
        if sure or room > 0:
            room -= not sure
            chosen.append(each)
        else:
            left[each.rule, each.severity] = left.get((each.rule, each.severity), 0) + 1
    return chosen, tuple(More(rule, severity, count) for (rule, severity), count in left.items())


def _shown(findings: Sequence[Finding], data: bytes, extra: Sequence[ExtraFinding], located: bool) -> list[Shown]:
    from wasl.formats.xml import parse
    from wasl.rules.explain import explain_all
    from wasl.rules.report.spans import Source, spans

    words = explain_all(findings, parse(data)) if findings else []
    pairs = list(zip(findings, words, strict=True))
    found: list[tuple[Finding | ExtraFinding, Explanation, tuple[Path, ...]]] = [(f, w, _paths(f, w)) for f, w in pairs]
    found += [(f, f.explanation, _extra_paths(f)) for f in extra]
    source = Source(data) if located else None
    where = spans(source.data, {path for *_, paths in found for path in paths}) if source else {}
    result: list[Shown] = []
    for finding, explanation, paths in found:
        path = next((path for path in paths if path in where), ())
        result.append(_one(finding, explanation, source, where.get(path), depth_one=len(path) == 1))
    return result


def _one(finding: Finding | ExtraFinding, words: Explanation, source: Source | None, span: Span | None, *, depth_one: bool) -> Shown:
    place = end = None
    excerpt = None
    if source is not None and span is not None:
        place = source.place(span.start)
        end = source.place(span.inner if _is_deep(source, span) else span.end)
        if not depth_one:  # the root's own line says nothing about what is missing below it
            excerpt = _excerpt(source, span)
    return Shown(
        rule=finding.rule,
        severity=finding.severity,
        term=words.term,
        xpath=finding.xpath,
        official=finding.official,
        test=getattr(finding, "test", ""),
        where=Both(words.where_ar, words.where_en),
        message=Both(words.message_ar, words.message_en),
        fix=Both(words.fix_ar, words.fix_en),
        unevaluable=getattr(finding, "unevaluable", False),
        line=place.line if place else None,
        column=place.column if place else None,
        end_line=end.line if end else None,
        end_column=end.column if end else None,
        excerpt=excerpt,
    )


# -- which element a finding is about ------------------------------------------------------------------------------------------


def _paths(finding: Finding, words: Explanation) -> tuple[Path, ...]:
    """The element that holds the value of the finding's term, then the finding's own element, then its parents up to the root."""
    own = finding.context.path
    below = _below(own, words.term)
    parents = tuple(own[:depth] for depth in range(len(own), 0, -1))
    return (below, *parents) if below else parents


def _below(own: Path, term: str) -> Path | None:
    """The path of a term's element where it stands below the element `own`; None where it does not, or where two could be meant."""
    from wasl.invoice.terms import TERMS

    info = TERMS.get(term)
    if info is None or not info.ubl or "[" in info.ubl:
        return None
    path = info.ubl_credit_note if own[0][1] == "CreditNote" else info.ubl
    steps = _named(path.partition("/@")[0])
    inner = [(uri, local) for uri, local, _ in own[1:]]
    if len(inner) >= len(steps) or steps[: len(inner)] != inner or any(local.endswith("Line") for _, local in steps[len(inner) :]):
        return None
    return (*own, *((uri, local, 1) for uri, local in steps[len(inner) :]))


def _named(path: str) -> list[tuple[str, str]]:
    from wasl.rules.findings import PREFIXES

    uris = {prefix: uri for uri, prefix in PREFIXES.items()}
    return [(uris.get(prefix, ""), local) for prefix, local, _ in _STEP.findall(path)]


def _extra_paths(finding: ExtraFinding) -> tuple[Path, ...]:
    """A law's own finding names a term and a field of the model, "lines[2].net_amount": that gives the line."""
    steps = _named(finding.xpath)
    if len(steps) < 2:
        return ()
    rows = {name: int(number) + 1 for name, number in _ROW.findall(getattr(finding, "field", ""))}
    root = ("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice", 1)
    places = {"InvoiceLine": rows.get("lines", 1), "TaxSubtotal": rows.get("tax_breakdown", 1)}
    path = (root, *((uri, local, places.get(local, 1)) for uri, local in steps[1:]))
    return tuple(path[:depth] for depth in range(len(path), 0, -1))


# -- the source there ------------------------------------------------------------------------------------------------------------


def _is_deep(source: Source, span: Span) -> bool:
    """Whether an element holds others, so that only its start tag is meant."""
    return source.data.find(b"<", span.inner, span.close) >= 0


def _excerpt(source: Source, span: Span) -> Excerpt:
    start, end = source.line_at(span.start)
    marked = (span.start, min(span.end, end))
    if _is_deep(source, span):
        marked = (span.start, _NAME_END.search(source.data, span.start + 1).start())  # type: ignore[union-attr]  # a tag ends
    elif span.inner < min(span.close, end):
        marked = (span.inner, min(span.close, end))  # the value itself
    low, high = max(start, span.start - EXCERPT_BYTES), min(end, marked[1] + EXCERPT_BYTES)
    before = _text(source.data, low, marked[0])
    middle = _text(source.data, marked[0], min(marked[1], marked[0] + EXCERPT_BYTES))
    after = _text(source.data, marked[1], high)
    tag = len(_text(source.data, low, span.start))
    indent = len(before) - len(before.lstrip())
    cut = indent if low == start and tag <= EXCERPT_CHARACTERS // 2 else max(indent, tag - LEAD_CHARACTERS)
    before = ("…" if cut > indent or low > start else "") + before[cut:]
    room = max(EXCERPT_CHARACTERS - len(before), 20)
    if len(middle) > room:
        middle, after = middle[: room - 1] + "…", ""
    elif len(middle) + len(after) > room:
        after = after[: max(room - len(middle), 1) - 1] + "…"
    return Excerpt(before + middle + after, len(before), len(before) + len(middle))


def _text(data: bytes, start: int, end: int) -> str:
    """Bytes as text; a character that is cut at the edge is left out."""
    return data[start:end].decode(errors="ignore")
