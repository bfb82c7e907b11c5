"""Bytes to report: the one entry of this package."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from wasl.rules import profiles, reference, sheets
from wasl.rules.errors import UnsupportedDocument
from wasl.rules.findings import Finding, Report, Stats
from wasl.rules.profiles import Profile
from wasl.rules.sheet import Sheet, read_xslt
from wasl.rules.tree import from_lxml, split_tag


@lru_cache(maxsize=8)
def load_sheet(name: str) -> Sheet:
    return read_xslt(sheets.locate(name).read_bytes())


def validate(source: Any, *, profile: str | Profile = "en16931") -> Report:
    """Check a document (its bytes, or its lxml root element) against the rules of a profile."""
    chosen = profiles.get(profile)
    sheet = load_sheet(chosen.base)
    started = time.perf_counter_ns()
    if isinstance(source, (bytes, bytearray, memoryview)):
        from wasl.formats.xml import parse

        root = parse(bytes(source))
    else:
        root = source
    tag = split_tag(root.tag)
    if tag not in sheets.SOURCES[chosen.base].roots:
        raise UnsupportedDocument(profile=chosen.id, root=tag[1])
    parsed = time.perf_counter_ns()
    document = from_lxml(root)
    built = time.perf_counter_ns()
    findings = reference.run(sheet, document, chosen.skipped)
    done = time.perf_counter_ns()
    stats = Stats(parsed - started, built - parsed, done - built, len(sheet.asserts()))
    return Report(sheets.SOURCES[chosen.base].syntax, chosen.id, verdict(findings), tuple(findings), (), stats)


def verdict(findings: list[Finding]) -> bool:
    return not any(finding.severity == "fatal" for finding in findings)
