"""SARIF 2.1.0 (OASIS): findings for code-scanning tools, with each rule's help in both languages.

`part` turns one file's report into results; `Log` writes them as they come and the rules that they name at the end, so that memory
does not grow with the number of files. Levels: fatal is error, warning is warning, information is note. Columns count Unicode code points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from wasl.rules.report.asjson import writable
from wasl.rules.report.shown import Both, FileReport, Shown

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"fatal": "error", "warning": "warning", "information": "note"}
LANGUAGES = {"ar": "ar", "en": "en-US", "both": "en-US"}
_FIX = Both("الحل", "Fix")


def part(report: FileReport, lang: str) -> dict[str, Any]:
    """`{"results", "rules", "notes"}` of one file: results, descriptors by rule id, notifications."""
    location = {"artifactLocation": {"uri": uri(report.file)}}
    if report.error is not None:
        return {"results": [], "rules": {}, "notes": [_note(report.error, report.code, "error", location, lang)]}
    notes = [_note(Both(f"{m.set}: {m.reason.ar}", f"{m.set}: {m.reason.en}"), "unchecked", "warning", location, lang) for m in report.unchecked]
    for more in report.more:
        words = Both(f"{more.rule}: {more.count} أخرى لم تُسرد", f"{more.rule}: {more.count} more are not listed")
        notes.append(_note(words, more.rule, "warning", location, lang))
    rules: dict[str, Any] = {}
    for each in report.findings:
        if each.rule not in rules:
            rules[each.rule] = _descriptor(each)
    return {"results": [_result(each, report, lang) for each in report.findings], "rules": rules, "notes": notes}


def uri(name: str) -> str:
    """A file name as a URI reference; an absolute path becomes a file: URI."""
    if name == "-":
        return "stdin"
    text = quote(writable(name), safe="/!$&'()*+,;=@~")
    return f"file://{text}" if text.startswith("/") else text


def _result(shown: Shown, report: FileReport, lang: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(report.file)}}
    if shown.line is not None:
        region: dict[str, Any] = {"startLine": shown.line, "startColumn": shown.column, "endLine": shown.end_line, "endColumn": shown.end_column}
        if shown.excerpt is not None:
            region["snippet"] = {"text": shown.excerpt.text}
        physical["region"] = region
    mark = hashlib.sha256(f"{shown.rule}\n{shown.xpath}".encode()).hexdigest()[:32]
    return {
        "ruleId": shown.rule,
        "level": LEVELS.get(shown.severity, "note"),
        "message": {"text": _sentence(shown, lang)},
        "locations": [{"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": shown.xpath, "kind": "element"}]}],
        "partialFingerprints": {"waslRuleAndPlace/v1": mark},
        "properties": {
            "term": shown.term,
            "where": {"ar": shown.where.ar, "en": shown.where.en},
            "message": {"ar": shown.message.ar, "en": shown.message.en},
            "fix": {"ar": shown.fix.ar, "en": shown.fix.en},
            "unevaluable": shown.unevaluable,
        },
    }


def _sentence(shown: Shown, lang: str) -> str:
    languages = ("en", "ar") if lang == "both" else (lang,)
    return "\n".join(writable(f"{shown.message.get(each)} {_FIX.get(each)}: {shown.fix.get(each)}") for each in languages)


def _descriptor(shown: Shown) -> dict[str, Any]:
    """What a rule wants in general: the official text, and help in both languages."""
    from wasl.rules.explain import explain_rule

    words = explain_rule(shown.rule, test=shown.test, official=shown.official)
    english, arabic = f"{words.message_en} Fix: {words.fix_en}", f"{words.message_ar} الحل: {words.fix_ar}"
    return {
        "id": shown.rule,
        "shortDescription": {"text": words.message_en or shown.rule},
        "fullDescription": {"text": shown.official or words.message_en},
        "help": {"text": f"{english}\n\n{arabic}", "markdown": f"{english}\n\n<div dir=\"rtl\" lang=\"ar\">{arabic}</div>"},
        "defaultConfiguration": {"level": LEVELS.get(shown.severity, "note")},
        "properties": {"term": shown.term, "tags": ["e-invoicing", "EN 16931", shown.term]},
    }


def _note(words: Both, code: str, level: str, location: dict[str, Any], lang: str) -> dict[str, Any]:
    text = f"{words.en}\n{words.ar}" if lang == "both" else words.get(lang)
    return {"level": level, "message": {"text": writable(text)}, "locations": [{"physicalLocation": location}], "descriptor": {"id": code}}


class Log:
    """One SARIF log with one run, written piece by piece."""

    def __init__(self, write: Callable[[bytes], object], lang: str) -> None:
        from importlib.metadata import version

        import orjson

        self.version = version("wasl")
        self.dumps = orjson.dumps
        self.write = write
        self.lang = lang
        self.rules: dict[str, Any] = {}
        self.notes: list[Any] = []
        self.count = 0

    def begin(self) -> None:
        head = f'{{"$schema":"{SCHEMA}","version":"{VERSION}","runs":[{{"columnKind":"unicodeCodePoints",'
        self.write(f'{head}"language":"{LANGUAGES[self.lang]}","results":['.encode())

    def add(self, part: dict[str, Any]) -> None:
        for result in part["results"]:
            self.write((b",\n" if self.count else b"\n") + self.dumps(result))
            self.count += 1
        self.rules.update((name, rule) for name, rule in part["rules"].items() if name not in self.rules)
        self.notes += part["notes"]

    def end(self) -> None:
        rules = [self.rules[name] for name in sorted(self.rules)]
        driver = {"name": "Wasl", "version": self.version, "semanticVersion": self.version, "rules": rules}
        done = not any(note["level"] == "error" for note in self.notes)
        invocation = {"executionSuccessful": done, "toolExecutionNotifications": self.notes}
        self.write(b'\n],"tool":' + self.dumps({"driver": driver}) + b',"invocations":' + self.dumps([invocation]) + b"}]}\n")


def whole(reports: list[FileReport], lang: str) -> bytes:
    """A log of a few files at once."""
    pieces: list[bytes] = []
    log = Log(pieces.append, lang)
    log.begin()
    for report in reports:
        log.add(part(report, lang))
    log.end()
    return b"".join(pieces)
