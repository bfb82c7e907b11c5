"""Bytes to report: the one entry of this package."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from wasl.errors import Words
from wasl.formats import xml
from wasl.rules import cache, profiles, sheets
from wasl.rules.columns import Irregular
from wasl.rules.compiled import Engine, NeedsAttributes
from wasl.rules.errors import UnsupportedDocument
from wasl.rules.findings import Finding, Report, Stats, Unchecked
from wasl.rules.profiles import Profile
from wasl.rules.quiet import quiet

# The interpreter takes 0.2 ms an element, so a document of a million would hold a worker for minutes. Only one that breaks the
# schema of its syntax needs it whole; beyond this, the report says that the rules were not run.
INTERPRETED_MAX = 25_000

_engines: dict[str, Engine] = {}
_lock = threading.Lock()


def engine(name: str) -> Engine:
    """The compiled sheet, loaded once a process."""
    found = _engines.get(name)
    if found is None:
        with _lock:
            found = _engines.get(name)
            if found is None:
                found = _engines[name] = Engine(cache.load(name))
    return found


def validate(source: Any, *, profile: str | Profile = "en16931") -> Report:
    """Check a document (its bytes, or its lxml root element) against the rules of a profile."""
    chosen = profiles.get(profile)
    rules = engine(chosen.base)
    started = time.perf_counter_ns()
    data = _bytes(source)
    safe = _well_formed(data)
    parsed = time.perf_counter_ns()
    reference = _Reference(data, chosen)
    if safe is None:
        return _interpreted(data, chosen, rules, reference, (started, parsed))
    try:
        with quiet():
            findings, built, size = _fast(rules, safe, chosen, reference)
    except Irregular:
        return _interpreted(safe, chosen, rules, reference, (started, parsed))
    return _report(chosen, rules, findings, (started, parsed, built), size)


def _interpreted(data: bytes, profile: Profile, rules: Engine, reference: _Reference, times: tuple[int, int]) -> Report:
    """The report of the reference engine, or one that owns up where the document is too large for it."""
    started, parsed = times
    reference.root()  # what is no document for this sheet at all is refused, whatever its size
    elements = data.count(b"<") - data.count(b"</")
    if elements <= INTERPRETED_MAX:
        return _report(profile, rules, reference().run(), (started, parsed, parsed), 0)
    reason = Words(
        f"The document is not built as its format requires, and with {elements} elements it is too large to be checked in spite of that "
        f"(at most {INTERPRETED_MAX}). Fix: export it again.",
        f"بناء المستند يخالف صيغته، وعدد عناصره {elements} فلا يُفحص على حاله (الحد {INTERPRETED_MAX}). الحل: صدّره من جديد.",
    )
    stats = Stats(parsed - started, 0, time.perf_counter_ns() - parsed, 0, elements)
    return Report(sheets.SOURCES[profile.base].syntax, profile.id, None, (), (Unchecked(profile.base, reason),), stats)


def _bytes(source: Any) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, (bytearray, memoryview)):
        return bytes(source)
    from lxml import etree

    return etree.tostring(source, encoding="utf-8", with_tail=False)


def _well_formed(data: bytes) -> bytes | None:
    """The document as UTF-8 once a real parser has found it well-formed; None where two parsers disagree."""
    safe = xml.guard(data)
    try:
        expat.ParserCreate().Parse(safe, True)
    except expat.ExpatError:
        xml.parse(data)  # raises the refusal that users see
        return None
    return safe


def _fast(rules: Engine, safe: bytes, profile: Profile, reference: Callable[[], Any]) -> tuple[list[Finding], int, int]:
    document = rules.builder.build(safe)
    built = time.perf_counter_ns()
    try:
        if (_root_of(document.root, rules)) not in sheets.SOURCES[profile.base].roots:
            raise Irregular
        try:
            findings = rules.run(document, profile.skipped, reference)
        except NeedsAttributes:
            document.release()
            document = rules.exact.build(safe)
            findings = rules.run(document, profile.skipped, reference, exact=True)
        return findings, built, sum(document.paths.values())
    finally:
        document.release()


def _root_of(root: Any, rules: Engine) -> tuple[str, str]:
    return rules.name_of(root["."].key)


class _Reference:
    """The same bytes in the reference engine, made when something first asks for it."""

    def __init__(self, data: bytes, profile: Profile) -> None:
        self.data = data
        self.profile = profile
        self.made: Any = None
        self._root: Any = None

    def root(self) -> Any:
        """The root element of lxml. Raises UnsupportedDocument where the sheet is not for it."""
        if self._root is None:
            root = xml.parse(self.data)
            tag = root.tag.rpartition("}")
            if (tag[0][1:], tag[2]) not in sheets.SOURCES[self.profile.base].roots:
                raise UnsupportedDocument(profile=self.profile.id, root=tag[2])
            self._root = root
        return self._root

    def __call__(self) -> Any:
        if self.made is None:
            from wasl.rules.reference import Reference

            self.made = Reference(self.profile, self.root())
        return self.made


def _report(profile: Profile, rules: Engine, findings: list[Finding], times: tuple[int, int, int], size: int) -> Report:
    started, parsed, built = times
    stats = Stats(parsed - started, built - parsed, time.perf_counter_ns() - built, rules.count(profile.skipped), size)
    valid = not any(finding.severity == "fatal" for finding in findings)
    return Report(sheets.SOURCES[profile.base].syntax, profile.id, valid, tuple(findings), (), stats)
