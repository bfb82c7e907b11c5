"""One self-contained HTML page about a run: totals, files, findings with their source, in Arabic and English.

No script, nothing fetched; filters and the language are radio buttons that the style sheet follows. What is written here comes from
other people's files, so every word of it is escaped and the page forbids itself any script.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import IO, NamedTuple

from wasl.rules.report.asjson import writable
from wasl.rules.report.shown import ORDER, Both, FileReport, Shown
from wasl.rules.report.style import FONTS, MARK, SHEET, digest

SAME_RULE = 20  # findings of one rule and file that are written out
SPOOL_BYTES = 16_000_000  # of a page that waits in memory; beyond it waits on disk
POLICY = f"default-src 'none'; style-src '{digest(SHEET)}'; base-uri 'none'; form-action 'none'"
SERVED = f"default-src 'none'; style-src '{digest(SHEET + FONTS)}'; font-src 'self'; base-uri 'none'; form-action 'none'"

STATES = {
    "valid": Both("سليمة", "Valid"),
    "invalid": Both("غير سليمة", "Not valid"),
    "unchecked": Both("لم تُفحص كاملة", "Not fully checked"),
    "unreadable": Both("غير مقروءة", "Cannot be read"),
}
KINDS = {
    "fatal": Both("خطأ", "Error"),
    "warning": Both("تنبيه", "Warning"),
    "information": Both("معلومة", "Information"),
    "unevaluable": Both("تعذّر الفحص", "Could not be checked"),
}
_TOTALS = {
    "files": Both("الملفات", "Files"),
    "valid": Both("السليمة", "Valid"),
    "invalid": Both("غير السليمة", "Not valid"),
    "unchecked": Both("لم تُفحص كاملة", "Not fully checked"),
    "unreadable": Both("غير المقروءة", "Cannot be read"),
    "fatal": Both("الأخطاء", "Errors"),
    "warning": Both("التنبيهات", "Warnings"),
}
_SEEN = {
    "see-all": Both("الكل", "All"),
    "see-findings": Both("ما فيه ملاحظات", "With findings"),
    "see-invalid": Both("غير السليمة", "Not valid"),
    "see-valid": Both("السليمة", "Valid"),
}
TITLE = Both("تقرير فحص الفواتير", "Invoice check report")
_FIX = Both("الحل:", "Fix:")
_AGAIN = Both("افحص ملفًا آخر", "Check another file")
_SHOW = Both("اعرض", "Show")
_LANGUAGE = Both("اللغة", "Language")
_SKIPPED = Both("ملفات أخرى ليست فواتير ولم تُفحص: {}", "Other files, no invoices, passed over: {}")
_MORE = Both("ومثلها من القاعدة {} في مواضع أخرى: {}", "More like these of rule {}, not shown: {}")
_FACTS = Both("{} · {} · عدد القواعد {}", "{} · {} · {} rules")


class Part(NamedTuple):
    """One file's piece of the page, and what the totals need."""

    key: str
    counts: dict[str, int]
    html: bytes


def part(report: FileReport, *, everything: bool = False) -> Part:
    counts = {severity: report.count(severity) for severity in ORDER}
    return Part(report.key, counts, file_html(report, everything=everything).encode())


class Page:
    """Takes parts as they come; the page can be written once the totals above them are known."""

    def __init__(self, lang: str, home: str = "") -> None:
        from tempfile import SpooledTemporaryFile

        self.lang = lang
        self.home = home
        self.totals: dict[str, int] = {}
        self.spool: IO[bytes] = SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115  lives as long as the page

    def add(self, part: Part) -> None:
        for name in ("files", part.key):
            self.totals[name] = self.totals.get(name, 0) + 1
        for name, count in part.counts.items():
            self.totals[name] = self.totals.get(name, 0) + count
        self.spool.write(part.html)

    def pieces(self, *, skipped: int = 0) -> Iterator[bytes]:
        """The page, piece by piece. Once only."""
        with self.spool:
            yield _head(self.lang, self.totals, skipped, self.home).encode()
            self.spool.seek(0)
            while piece := self.spool.read(1 << 16):
                yield piece
            yield b"</section></main></body></html>\n"


def whole(reports: list[FileReport], lang: str, *, home: str = "") -> bytes:
    """The page about a few files at once. `home` is the address of a form for the next files, in a service."""
    page = Page(lang, home)
    for report in reports:
        page.add(part(report))
    return b"".join(page.pieces())


# -- pieces ----------------------------------------------------------------------------------------------------------------------


def words(both: Both, tag: str = "span", css: str = "") -> str:
    """The same words in both languages; the style sheet shows the chosen one."""
    return "".join(
        f'<{tag} lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}" class="{lang}{" " + css if css else ""}">{text(both.get(lang))}</{tag}>'
        for lang in ("ar", "en")
    )


def text(given: str) -> str:
    """Words of others as HTML: escaped, with what a page cannot show replaced."""
    return escape("".join(char if char.isprintable() or char in "\n\u2068\u2069\u200f\u200e" else " " for char in writable(given)))


def _head(lang: str, totals: dict[str, int], skipped: int, home: str) -> str:
    first = "en" if lang == "en" else "ar"
    counts = "".join(f"<div><dd>{totals[key]:,}</dd><dt>{words(label)}</dt></div>" for key, label in _TOTALS.items() if totals.get(key))
    passed = words(Both(_SKIPPED.ar.format(skipped), _SKIPPED.en.format(skipped)), "p", "soft small") if skipped else ""
    again = f'<p class="again"><a class="button" href="{escape(home)}?lang={first}">{words(_AGAIN)}</a></p>' if home else ""
    seen = "".join(_radio("see", name, label, checked=name == "see-all") for name, label in _SEEN.items())
    return (
        f'<!DOCTYPE html>\n<html lang="{first}" dir="{"rtl" if first == "ar" else "ltr"}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(SERVED if home else POLICY)}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="generator" content="Wasl"><title>{TITLE.get(first)} · {TITLE.get("ar" if first == "en" else "en")}</title>'
        f'<style>{SHEET + FONTS if home else SHEET}</style></head>'
        f'<body><main class="wrap"><header class="top">{MARK}<h1>{words(TITLE)}</h1>{language_choice(first)}</header>'
        f'<dl class="card totals">{counts}</dl>{passed}{again}'
        f'<fieldset class="choice filters card"><legend>{words(_SHOW)}</legend>{seen}</fieldset>'
        f'<section aria-label="{_TOTALS["files"].get(first)}">'
    )


def language_choice(first: str) -> str:
    ar = _radio("lang", "lang-ar", None, checked=first == "ar", plain='<span lang="ar">العربية</span>')
    en = _radio("lang", "lang-en", None, checked=first == "en", plain='<span lang="en">English</span>')
    return f'<fieldset class="choice filters"><legend class="unseen">{words(_LANGUAGE)}</legend>{ar}{en}</fieldset>'


def _radio(group: str, name: str, label: Both | None, *, checked: bool, plain: str = "") -> str:
    shown = words(label) if label else plain
    return f'<label><input type="radio" name="{group}" id="{name}"{" checked" if checked else ""}>{shown}</label>'


def file_html(report: FileReport, *, everything: bool = False, opened: bool = False) -> str:
    """One file: a line where there is nothing to say, else a part that opens."""
    pill = f'<span class="pill pill--{report.key}">{words(STATES[report.key])}</span>'
    inside = f" › {report.inside}" if report.inside else ""
    name = f'<bdi class="file__name">{text(report.file + inside)}</bdi>'
    if report.error is not None:
        body = words(report.error, "p", "finding__text")
        return f'<details class="file file--unreadable" open><summary>{pill}{name}</summary><div class="file__body">{body}</div></details>\n'
    facts = (report.profile, report.syntax.upper(), report.rules)
    shown = words(Both(_FACTS.ar.format(*facts), _FACTS.en.format(*facts)), css="soft small")
    if not report.findings and not report.unchecked:
        return f'<div class="file file--{report.key}"><p>{pill}{name}{shown}</p></div>\n'
    counts = "".join(f" {words(KINDS[each])} {report.count(each)}" for each in ORDER if report.count(each))
    notes = (Both(f"{each.set}: {each.reason.ar}", f"{each.set}: {each.reason.en}") for each in report.unchecked)
    missing = "".join(f'<div class="note">{words(note, "p")}</div>' for note in notes)
    picked = words(report.picked, "p", "soft small") if report.picked else ""
    state = " open" if opened or report.key != "valid" else ""
    return (
        f'<details class="file file--{report.key}"{state}><summary>{pill}{name}<span class="soft small">{counts}</span></summary>'
        f'<div class="file__body">{shown}{picked}{missing}{_findings(report, everything=everything)}</div></details>\n'
    )


def _findings(report: FileReport, *, everything: bool) -> str:
    counts: dict[str, int] = {}
    pieces: list[str] = []
    for each in sorted(report.findings, key=lambda found: (ORDER.get(found.severity, 2), found.line or 0)):
        counts[each.rule] = counts.get(each.rule, 0) + 1
        if everything or counts[each.rule] <= SAME_RULE:
            pieces.append(finding_html(each))
    beyond = {each.rule: each.count for each in report.more}
    for rule, count in counts.items():
        left = beyond.get(rule, 0) + (0 if everything else max(count - SAME_RULE, 0))
        if left:
            pieces.append(words(Both(_MORE.ar.format(rule, left), _MORE.en.format(rule, left)), "p", "soft small"))
    return "".join(pieces)


def finding_html(shown: Shown) -> str:
    kind = KINDS["unevaluable"] if shown.unevaluable else KINDS.get(shown.severity, KINDS["information"])
    severity = shown.severity if shown.severity in KINDS else "information"
    source = ""
    if shown.excerpt is not None:
        line, start, end = shown.excerpt.text, shown.excerpt.start, shown.excerpt.end
        marked = f"{text(line[:start])}<mark>{text(line[start:end])}</mark>{text(line[end:])}"
        source = f'<pre class="source"><span class="source__line">{shown.line}</span>{marked}</pre>'
    place = f"{shown.line}:{shown.column} " if shown.line is not None else ""
    foot = " · ".join(part for part in (shown.rule, shown.term, f"{place}{shown.xpath}") if part)
    return (
        f'<article class="finding finding--{severity}"><p class="finding__kind">{words(kind)}</p>'
        f'<h2>{words(shown.where)}</h2>{words(shown.message, "p", "finding__text")}{source}'
        f"{_fix(shown)}"
        f'<p class="finding__foot">{text(foot)}</p></article>'
    )


def _fix(shown: Shown) -> str:
    pieces: list[str] = []
    for lang, direction in (("ar", "rtl"), ("en", "ltr")):
        sentence = f"<b>{_FIX.get(lang)}</b> {text(shown.fix.get(lang))}"
        pieces.append(f'<p lang="{lang}" dir="{direction}" class="{lang} finding__fix">{sentence}</p>')
    return "".join(pieces)
