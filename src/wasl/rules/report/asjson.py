"""The JSON of `wasl validate --json` and of the validator service: one object a file.

`{"file","syntax","profile","sets","valid","schema_valid","findings":[...]}` or `{"file","error"}`. A finding is `{"rule","severity","term",
"where","xpath","line","column","official","message","fix"}`; with `lang="both"` message and fix are objects, and where is English.
Beyond 2,000 findings of one document the others are counted by rule in `"more"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wasl.rules.report.shown import Both, FileReport, Shown, described

if TYPE_CHECKING:
    from wasl.rules.findings import Report


def to_json(report: Report, data: bytes, *, file: str = "", lang: str = "en") -> dict[str, Any]:
    """The same for a report of `wasl.rules.validate` and the bytes it is about."""
    return file_json(described(report, data, file=file), lang)


def file_json(report: FileReport, lang: str) -> dict[str, Any]:
    """One file's outcome; `lang` is "ar", "en" or "both"."""
    if report.error is not None:
        return {"file": writable(report.file), "error": _words(report.error, lang)}
    result: dict[str, Any] = {"file": writable(report.file), "syntax": report.syntax, "profile": report.profile}
    if report.inside:
        result["inside"] = writable(report.inside)
    if report.picked is not None:
        result["picked"] = _words(report.picked, lang)
    if report.sets:
        result["sets"] = list(report.sets)
    result["valid"] = report.valid
    if report.schema_valid is not None:
        result["schema_valid"] = report.schema_valid
    result["findings"] = [finding_json(each, lang) for each in report.findings]
    if report.more:
        result["more"] = [{"rule": each.rule, "severity": each.severity, "count": each.count} for each in report.more]
    if report.unchecked:
        result["unchecked"] = [{"set": each.set, "reason": each.reason.get(lang)} for each in report.unchecked]
    return result


def finding_json(shown: Shown, lang: str) -> dict[str, Any]:
    result: dict[str, Any] = {"rule": shown.rule, "severity": shown.severity, "term": shown.term}
    result |= {"where": shown.where.get(lang), "xpath": shown.xpath}
    if shown.line is not None:
        result["line"], result["column"] = shown.line, shown.column
    result["official"] = shown.official
    result["message"], result["fix"] = _words(shown.message, lang), _words(shown.fix, lang)
    if shown.unevaluable:
        result["unevaluable"] = True
    return result


def _words(words: Both, lang: str) -> str | dict[str, str]:
    if lang == "both":
        return {"ar": writable(words.ar), "en": writable(words.en)}
    return writable(words.get(lang))


def writable(text: str) -> str:
    """File names are bytes; those that are no UTF-8 are shown with a replacement character."""
    return text.encode(errors="surrogateescape").decode(errors="replace")
