"""One document, bytes to a report in words: what kind it is, the official rules, and the law's own checks where the profile is a law."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wasl.errors import UnreadableInput, WaslError, Words
from wasl.rules.given import Document, document
from wasl.rules.report.shown import FileReport, described, refused

if TYPE_CHECKING:
    from wasl.formats.pdf_checks import PdfFinding
    from wasl.rules.explain import Explanation
    from wasl.rules.findings import Report
    from wasl.rules.profiles import Profile

ACCOUNTS = frozenset({"PDF-IBAN", "PDF-HIDDEN", "PDF-COVERED"})


def examine(data: bytes, file: str, profile: Profile | str) -> FileReport:
    """Check one document. Whatever is wrong with its bytes becomes part of the report; other errors are raised."""
    started = time.perf_counter()
    try:
        found = document(data)
        report, extra = check(found, profile)
        if found.inside:
            extra += suspicious(data, found.data)
        seconds = time.perf_counter() - started
        return described(report, found.data, file=file, extra=extra, seconds=seconds, inside=found.inside, located=found.given)
    except WaslError as error:
        if error.exit_code != UnreadableInput.exit_code:
            raise
        return refused(file, error)


def check(found: Document, profile: Profile | str) -> tuple[Any, tuple[Any, ...]]:
    """(report of the rules, findings of the law's own checks)."""
    from wasl.rules import profiles, validate

    chosen = profiles.get(profile)
    report = validate(found.data, profile=chosen, schema=True)
    if chosen.id == "auto" and report.valid is False and report.profile == "en16931":
        return _with_law_named(report, found.data), ()
    if not chosen.excluded:
        return report, ()
    from wasl.regimes import REGIMES, regime

    if chosen.id not in REGIMES:
        return report, ()
    from wasl.formats import ubl

    return report, tuple(regime(chosen.id).checks(ubl.read(found.data).invoice))


def _with_law_named(report: Report, data: bytes) -> Report:
    """No identifier in a document names a national law, so the seller's country does: it is said, not applied."""
    from wasl.formats.roots import read_xml
    from wasl.regimes import REGIMES

    try:
        seller = read_xml(data).invoice.seller
    except WaslError:
        return report
    country = seller.address.country if seller and seller.address else None
    if report.picked is None or country is None or country.lower() not in REGIMES:
        return report
    law = f"--profile {country.lower()}"
    picked = Words(
        f"{report.picked}. The seller is in {country}: {law} judges by its law",
        f"{report.picked.ar}. والبائع في {country}، وللفحص بنظام بلده استعمل \u2068{law}\u2069",
    )
    return replace(report, picked=picked)


@dataclass(frozen=True, slots=True)
class PdfNote:
    """What is suspicious about the PDF around an invoice, shaped like a finding of the rules."""

    rule: str
    severity: str
    explanation: Explanation
    official: str = ""
    xpath: str = ""


def suspicious(pdf: bytes, inside: bytes) -> tuple[PdfNote, ...]:
    """Programs, actions, changes after a signature, and accounts on the pages that are not those of the invoice (T30, T32, T33, T35)."""
    from wasl.formats import pdf_checks
    from wasl.formats.roots import read_xml

    return tuple(_note(each) for each in pdf_checks.check(pdf, read_xml(inside).invoice))


def _note(finding: PdfFinding) -> PdfNote:
    from wasl.rules.explain import Explanation

    (en, _, fix_en), (ar, _, fix_ar) = finding.en.partition(" Fix: "), finding.ar.partition(" الحل: ")
    where = (f"page {finding.page}", f"الصفحة {finding.page}") if finding.page else ("the PDF file", "ملف PDF")
    term = "BT-84" if finding.rule in ACCOUNTS else "BG-0"
    fix = (_capital(fix_en) or "Check the rest yourself.", fix_ar or "افحص الباقي بنفسك.")
    return PdfNote(finding.rule, finding.severity, Explanation(*where, en, ar, *fix, term))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
