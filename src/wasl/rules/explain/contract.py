"""The JSON of `wasl validate` and of the API: one shape for findings of the official rules and of a law's own checks."""

from __future__ import annotations

from typing import Any, Protocol

from wasl.rules.explain import Explanation, explain_all
from wasl.rules.explain.facts import Node
from wasl.rules.findings import Finding, Report


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


def to_json(report: Report, doc: Node, *, file: str, lang: str = "en", extra: tuple[ExtraFinding, ...] = ()) -> dict[str, Any]:
    """One file's outcome. `lang` is "ar", "en" or "both" (then message and fix are objects, and where is English)."""
    explained = zip(report.findings, explain_all(report.findings, doc), strict=True)
    findings = [finding_json(f, words, lang, unevaluable=f.unevaluable) for f, words in explained]
    findings += [finding_json(f, f.explanation, lang) for f in extra]
    result: dict[str, Any] = {
        "file": file,
        "syntax": report.syntax,
        "profile": report.profile,
        "valid": valid(report, extra),
        "findings": findings,
    }
    if report.unchecked:
        result["unchecked"] = [{"set": each.set, "reason": _in(each.reason, lang)} for each in report.unchecked]
    return result


def _in(reason: str, lang: str) -> str:
    """Words in the language of the output; English where both are asked for, as in `where`."""
    return getattr(reason, "ar", reason) if lang == "ar" else str(reason)


def valid(report: Report, extra: tuple[ExtraFinding, ...] = ()) -> bool | None:
    """False as soon as one finding is fatal; None where not everything was checked."""
    return False if any(f.severity == "fatal" for f in extra) else report.valid


def finding_json(finding: Finding | ExtraFinding, words: Explanation, lang: str, *, unevaluable: bool = False) -> dict[str, Any]:
    result: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity,
        "term": words.term,
        "where": words.where(lang),
        "xpath": finding.xpath,
        "official": finding.official,
        "message": _words(words.message_ar, words.message_en, lang),
        "fix": _words(words.fix_ar, words.fix_en, lang),
    }
    if unevaluable:
        result["unevaluable"] = True
    return result


def _words(ar: str, en: str, lang: str) -> str | dict[str, str]:
    return {"ar": ar, "en": en} if lang == "both" else ar if lang == "ar" else en
