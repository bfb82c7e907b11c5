"""Writes docs/rules/: every rule of every shipped set in our own words, one page a language, searched in the page itself.

Called by docs/generate.py. The rows stand in the page as plain text, one a line, so that the page also reads (and is searched by the browser) without
a script, and a change of one explanation is one changed line. Official texts belong to their publishers and are not copied: `wasl rules show ID` shows them.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from wasl.invoice.terms import TERMS
from wasl.rules import catalogue, sheets
from wasl.rules.explain import explain_rule

FOLDER = Path(__file__).resolve().parent / "rules"
# One letter a set, in the rows; the names are spelled out in the page.
LETTERS = {
    "en16931-ubl": "u", "en16931-cii": "c", "xrechnung-ubl": "x", "xrechnung-cii": "y", "peppol-ubl": "p", "facturx-minimum": "m",
    "facturx-basicwl": "w", "facturx-basic": "b", "facturx-en16931": "e", "facturx-extended": "t",
}  # fmt: skip
SEVERITIES = {"fatal": "", "warning": "~", "information": "·"}
WORDS = {
    "en": {
        "title": "Rules in words", "dir": "ltr", "other": "العربية", "search": "Search: rule, term, words", "set": "Set", "all": "all sets",
        "count": "{n} of {all} explanations", "more": "Only the first 200 are shown: search for more words.", "term": "Term",
        "intro": "Every rule of the sets that Wasl ships, in our own words, with what to do. A rule that several sets share is listed once, with its sets. "
        "“~” marks a warning, “·” information; all others are fatal. Official texts belong to their publishers: wasl rules show ID shows them.",
        "terms": "Terms of the invoice", "none": "Nothing found.",
    },
    "ar": {
        "title": "القواعد بالكلمات", "dir": "rtl", "other": "English", "search": "ابحث: قاعدة أو مصطلح أو كلمات", "set": "المجموعة", "all": "كل المجموعات",
        "count": "{n} من {all} شرحًا", "more": "هذه أول 200 نتيجة، فأضف كلمات إلى البحث.", "term": "المصطلح",
        "intro": "كل قاعدة في المجموعات التي تأتي مع وصل، بكلماتنا ومعها الحل. القاعدة المشتركة بين مجموعات تُذكر مرة واحدة ومعها مجموعاتها. "
        "العلامة «~» تنبيه، و«·» للعلم، وما سواهما خطأ. النصوص الرسمية ملك لناشريها، ويعرضها الأمر wasl rules show ID.",
        "terms": "مصطلحات الفاتورة", "none": "لا نتيجة.",
    },
}  # fmt: skip


def available() -> bool:
    """Whether every shipped set is installed; the pages are written only then, so that they are whole."""
    return all(sheets.installed(name) for name in sheets.SOURCES)


def rows(lang: str) -> list[str]:
    """One line an explanation: ids with their sets, term, message, fix, parted by tabs."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for name in sheets.SOURCES:
        for rule in catalogue.of_set(name):
            words = explain_rule(rule.id, test=rule.test, official=rule.text, context=rule.context)
            ids = found.setdefault((words.term, words.message(lang), words.fix(lang)), {})
            key = SEVERITIES.get(rule.severity, "") + rule.id
            if LETTERS[name] not in ids.get(key, ""):
                ids[key] = ids.get(key, "") + LETTERS[name]
    return sorted("\t".join((",".join(f"{id}:{sets}" for id, sets in ids.items()), *words)) for words, ids in found.items())


def page(lang: str) -> str:
    words, other = WORDS[lang], "ar" if lang == "en" else "en"
    lines = rows(lang)
    terms = sorted({line.split("\t")[1] for line in lines}, key=lambda term: (term[:2], [int(n) for n in term[3:].split("-")]))
    options = "".join(f'<option value="{letter}">{name}</option>' for name, letter in LETTERS.items())
    chips = "\n".join(f'<li><a href="#{term}"><b>{term}</b> {html.escape(TERMS[term].label(lang))}</a></li>' for term in terms)
    texts = {key: words[key] for key in ("count", "more", "none")}
    body = html.escape("\n".join(lines), quote=False)
    return f"""<!doctype html>
<!-- Written by docs/generate.py from the code; edit the code. -->
<html lang="{lang}" dir="{words["dir"]}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{words["title"]} · Wasl</title>
<style>{STYLE}</style>
<header><h1>{words["title"]}</h1><a href="{other}.html" lang="{other}">{words["other"]}</a></header>
<p>{words["intro"]}</p>
<form role="search"><label for="q">{words["search"]}</label><input id="q" type="search" autocomplete="off" spellcheck="false">
<label for="set">{words["set"]}</label><select id="set"><option value="">{words["all"]}</option>{options}</select></form>
<p id="count" role="status"></p>
<ol id="found"></ol>
<details><summary>{words["terms"]}</summary><ul id="terms">
{chips}
</ul></details>
<pre id="rules">{body}</pre>
<script>const T = {_json(texts)}, SETS = {_json({letter: name for name, letter in LETTERS.items()})};
{SCRIPT}</script>
</html>
"""


def _json(value: dict[str, str]) -> str:
    import json

    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


STYLE = """
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 60rem; margin: auto; padding: 1rem; }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
input { flex: 1 1 18rem; } input, select { font: inherit; padding: .4rem .6rem; min-height: 2.75rem; }
ol, ul { list-style: none; padding: 0; } #found li { border-block-start: 1px solid #8886; padding-block: .6rem; }
#found p { margin: .2rem 0; } .fix { font-weight: 600; } .ids { font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; }
.ids small { opacity: .75; } #terms { columns: 16rem; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
.on pre { display: none; }
"""

# Search folds case, Arabic letters that are written in several ways, diacritics and direction marks; all words must occur.
SCRIPT = r"""
const fold = s => s.toLowerCase().replace(/[\u064b-\u0652\u0640\u2066-\u2069]/g, "").replace(/[\u0622\u0623\u0625\u0671]/g, "\u0627")
  .replace(/\u0649/g, "\u064a").replace(/\u0629/g, "\u0647").replace(/\u0624/g, "\u0648").replace(/\u0626/g, "\u064a");
const $ = id => document.getElementById(id), make = (tag, text, kind) => Object.assign(document.createElement(tag), {textContent: text, className: kind || ""});
const rows = $("rules").textContent.split("\n").map(line => { const [ids, term, message, fix] = line.split("\t"); return {ids, term, message, fix, text: fold(line)}; });
const exact = (row, q) => row.term.toLowerCase() === q || row.ids.split(",").some(id => id.replace(/^[~\u00b7]|:.*/g, "").toLowerCase() === q);
function show() {
  const typed = $("q").value.trim(), q = fold(typed), words = q.split(/\s+/).filter(Boolean), set = $("set").value;
  let hits = rows.filter(row => (!set || row.ids.split(",").some(id => id.split(":")[1].includes(set))) && words.every(word => row.text.includes(word)));
  const same = hits.filter(row => exact(row, q));
  if (same.length) hits = [...same, ...hits.filter(row => !exact(row, q))];
  $("count").textContent = hits.length ? T.count.replace("{n}", hits.length).replace("{all}", rows.length) + (hits.length > 200 ? " \u2014 " + T.more : "") : T.none;
  $("found").replaceChildren(...hits.slice(0, 200).map(row => {
    const li = document.createElement("li"), ids = make("p", "", "ids");
    ids.dir = "ltr";
    for (const id of row.ids.split(",")) { const [name, sets] = id.split(":"); ids.append(make("b", name), make("small", " " + [...sets].map(s => SETS[s]).join(", ") + "  ")); }
    const term = make("a", row.term); term.href = "#" + row.term; ids.append(term);
    li.append(ids, make("p", row.message), make("p", row.fix, "fix"));
    return li;
  }));
}
const jump = () => { const wanted = decodeURIComponent(location.hash.slice(1)); if (wanted) { $("q").value = wanted; } show(); };
document.body.classList.add("on");
document.querySelector("form").addEventListener("submit", event => event.preventDefault());
$("q").addEventListener("input", show); $("set").addEventListener("change", show); addEventListener("hashchange", jump); jump();
"""


def build() -> dict[str, str]:
    return {f"{lang}.html": page(lang) for lang in WORDS}


def stale() -> Iterable[tuple[Path, str]]:
    """The pages that are not as they should be, with the text they should have; none where a set is missing."""
    if not available():
        return []
    return [(FOLDER / name, text) for name, text in build().items() if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != text]
