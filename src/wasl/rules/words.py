"""Findings in words, for a program that has a report and the bytes: `wasl.explain(report, data)`."""

from __future__ import annotations

from wasl.formats import xml
from wasl.rules.explain import Explanation, explain_all
from wasl.rules.findings import Report


def explain(report: Report, data: bytes) -> list[Explanation]:
    """One explanation a finding, in the report's order: place, message with this invoice's own figures, and the fix, in "ar" and "en".

    `data` are the bytes that were validated. Raises UnreadableInput where they are no XML.
    """
    return explain_all(report.findings, xml.parse(data)) if report.findings else []
