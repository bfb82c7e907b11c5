"""From what came in to what goes out: the documents of a request checked in turn, and their reports as JSON, SARIF or a page."""

from __future__ import annotations

import io
import re
import time
from typing import NamedTuple

from wasl.errors import WaslError
from wasl.rules.report.shown import Both, FileReport, refused
from wasl.service.body import Upload
from wasl.service.examine import examine
from wasl.service.intake import Intake, Item
from wasl.service.limits import Limits, OutOfTime, TooManyDocuments

JSON, SARIF, HTML = "application/json", "application/sarif+json", "text/html"
FORMATS = {"json": JSON, "sarif": SARIF, "html": HTML}
_ACCEPTED = re.compile(r"\s*([\w*+.-]+/[\w*+.-]+)\s*(?:;([^,]*))?")
_QUALITY = re.compile(r"\bq=([01](?:\.\d{1,3})?)")


class Answer(NamedTuple):
    """An HTTP answer: status, content type, body."""

    status: int
    kind: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def wanted(accept: str) -> str:
    """The media type that an Accept header likes best among ours; JSON where it likes none or all alike."""
    best, quality = JSON, 0
    for kind, parameters in _ACCEPTED.findall(accept[:500]):
        found = _QUALITY.search(parameters)
        weight = round(float(found[1]) * 1000) if found else 1000  # no amount: a preference
        exact = kind.lower()
        if exact in FORMATS.values() and weight > quality:
            best, quality = exact, weight
    return best


def preferred_language(header: str) -> str:
    """"ar" where Accept-Language asks for Arabic before English, else "en"."""
    for each in header[:200].split(","):
        code = each.strip().lower()
        if code.startswith(("ar", "en")):
            return code[:2]
    return "en"


def check(uploads: list[Upload], profile: str, limits: Limits) -> list[FileReport]:
    """The reports of all documents, a ZIP's one by one. Raises TooManyDocuments."""
    deadline = time.monotonic() + limits.check_seconds
    reports: list[FileReport] = []
    for upload in uploads:
        for item in _items(upload):
            if len(reports) >= limits.documents_max:
                raise TooManyDocuments(limit=limits.documents_max)
            late = time.monotonic() > deadline
            reports.append(refused(item.name, OutOfTime(seconds=limits.check_seconds)) if late else _one(item, profile))
    return reports


def _items(upload: Upload) -> list[Item]:
    if not upload.data.startswith((b"PK\x03\x04", b"PK\x05\x06")) or b"[Content_Types].xml" in upload.data[:4096]:
        return [Item(upload.name, data=upload.data)]
    try:
        found = list(Intake([]).archive(io.BytesIO(upload.data), upload.name))
    except WaslError as error:
        return [Item(upload.name, error=error)]
    from wasl.service.intake import NothingToCheck

    return found or [Item(upload.name, error=NothingToCheck(path=upload.name, skipped=0))]


def _one(item: Item, profile: str) -> FileReport:
    try:
        return examine(item.read(), item.name, profile)
    except WaslError as error:
        return refused(item.name, error)


def report(reports: list[FileReport], kind: str, lang: str) -> Answer:
    """200 for what was checked, valid or not; 422 where not one document could be read."""
    status = 422 if reports and all(each.error is not None for each in reports) else 200
    if kind == SARIF:
        from wasl.rules.report import sarif

        return Answer(status, SARIF, sarif.whole(reports, lang))
    if kind == HTML:
        from wasl.rules.report import page

        return Answer(status, "text/html; charset=utf-8", page.whole(reports, "en" if lang == "en" else "ar", home="./"))
    import orjson

    from wasl.rules.report.asjson import file_json

    return Answer(status, JSON, orjson.dumps([file_json(each, lang) for each in reports]))


def refusal(error: WaslError, status: int, kind: str, lang: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    words = Both(error.message("ar"), error.message("en"))
    if kind == HTML:
        from wasl.service.home import failure

        return Answer(status, "text/html; charset=utf-8", failure(words, "en" if lang == "en" else "ar"), headers)
    import orjson

    body = {"error": {"code": error.code, "ar": words.ar, "en": words.en}}
    return Answer(status, JSON, orjson.dumps(body), headers)
