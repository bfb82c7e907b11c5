"""The validator's one page: choose or drop a file, in Arabic or English, without any script.

A file field takes dropped files by itself in every browser, so it is shown as the place to drop them.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from wasl.rules.report.page import text
from wasl.rules.report.shown import Both
from wasl.rules.report.style import FONTS, MARK, SHEET, digest

OWN = Path(__file__).with_name("home.css").read_text(encoding="utf-8")
STYLE = SHEET + FONTS + OWN
POLICY = (
    f"default-src 'none'; style-src '{digest(STYLE)}' '{digest(SHEET + FONTS)}'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_SAYS = {
    "title": Both("افحص فاتورتك", "Check an invoice"),
    "product": Both("وصل", "Wasl"),
    "lead": Both(
        "أفلت ملف الفاتورة هنا فتعرف في لحظة ما يخالف القواعد الرسمية، وأين، وكيف يُصحَّح.",
        "Drop an invoice here and see at once what breaks the official rules, where, and how to mend it.",
    ),
    "file": Both("أفلت الملفات هنا أو اخترها", "Drop files here, or choose them"),
    "kinds": Both("UBL أو CII أو PDF أو Wasl JSON، أو ملف ZIP فيه عدة فواتير", "UBL, CII, PDF, Wasl JSON, or a ZIP of several"),
    "profile": Both("القواعد", "Rules"),
    "go": Both("افحص", "Check"),
    "other": Both("English", "العربية"),
    "kept": Both("لا شيء يُحفظ", "Nothing is kept"),
    "kept_more": Both(
        "يُفحص الملف في الذاكرة ثم يُنسى: لا يُخزَّن ولا يُدوَّن شيء منه.", "The file is checked in memory and forgotten: nothing of it is stored or logged."
    ),
    "machine": Both("للبرامج", "For programs"),
    "machine_more": Both(
        "أرسل المستند إلى هذا العنوان بطريقة POST. الوصف الكامل:", "POST the document to this address. The full description:"
    ),
    "failed": Both("لم يكتمل الفحص", "That did not work"),
    "back": Both("ارجع إلى البداية", "Back to the start"),
    "auto": Both("تلقائيًا، بحسب ما يقوله المستند عن نفسه", "Automatic: by what the document says of itself"),
}


def home(lang: str, profiles: list[tuple[str, Both]], limit: int, origin: str) -> bytes:
    """The page; `profiles` are ids with their names, `limit` the largest file in bytes."""
    shown = [(name, _SAYS["auto"] if name == "auto" else words) for name, words in profiles]
    options = "".join(f'<option value="{escape(name)}">{text(words.get(lang))}</option>' for name, words in shown)
    example = f"curl --data-binary @invoice.xml {origin}/"
    megabytes = limit // 1_000_000
    size = Both(f"حتى {megabytes} م.ب", f"up to {megabytes} MB").get(lang)
    body = (
        f'<h1>{_say("title", lang)}</h1><p class="lead">{_say("lead", lang)}</p>'
        f'<form class="card" method="post" enctype="multipart/form-data" action="./?format=html&amp;lang={lang}">'
        f'<label class="field"><span>{_say("file", lang)}</span><input class="drop" type="file" name="file" multiple required></label>'
        f'<label class="field"><span>{_say("profile", lang)}</span><select name="profile">{options}</select></label>'
        f'<button class="button button--wide" type="submit">{_say("go", lang)}</button>'
        f'<p class="soft small size">{_say("kinds", lang)} · {size}</p></form>'
        f'<dl class="card facts"><div><dt>{_say("kept", lang)}</dt><dd>{_say("kept_more", lang)}</dd></div>'
        f'<div><dt>{_say("machine", lang)}</dt><dd>{_say("machine_more", lang)} <a href="openapi.json"><bdi>openapi.json</bdi></a>'
        f'<code class="plain" dir="ltr">{escape(example)}</code></dd></div></dl>'
    )
    return _page(lang, _SAYS["title"].get(lang), body)


def failure(words: Both, lang: str) -> bytes:
    body = (
        f'<h1>{_say("failed", lang)}</h1><p class="card error lead" role="alert">{text(words.get(lang))}</p>'
        f'<p><a class="button" href="./?lang={lang}">{_say("back", lang)}</a></p>'
    )
    return _page(lang, _SAYS["failed"].get(lang), body)


def _say(key: str, lang: str) -> str:
    return escape(_SAYS[key].get(lang))


def _page(lang: str, title: str, body: str) -> bytes:
    other = "en" if lang == "ar" else "ar"
    direction = "rtl" if lang == "ar" else "ltr"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)} · {_say("product", lang)}</title>'
        f'<link rel="icon" href="mark.svg"><style>{STYLE}</style></head><body class="speaks-{lang}"><div class="wrap home">'
        f'<header class="top">{MARK}<p class="brand">{_say("product", lang)}</p>'
        f'<a class="button button--plain" href="./?lang={other}" lang="{other}" hreflang="{other}">{_say("other", lang)}</a></header>'
        f"<main>{body}</main></div></body></html>\n"
    ).encode()
