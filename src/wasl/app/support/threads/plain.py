"""HTML mail to text: paragraphs, list marks and the true address of each link. Nothing is fetched, run or shown as markup.

What the sender's reader could not see (hidden elements, comments, styles) is no part of what was said; what a mail program
marked as the quoted thread is left out where `with_quotes` is False.
"""

from __future__ import annotations

from typing import Any

from lxml import etree, html

CHARS_MAX = 1_000_000  # of HTML; a newsletter has a tenth
_DROPPED = frozenset({
    "script", "style", "head", "title", "template", "noscript", "object", "embed", "iframe", "svg", "math", "select", "option",
    "form", "button",
})  # fmt: skip
_BLOCKS = frozenset({
    "p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "section", "article", "header",
    "footer", "dl", "dt", "dd", "center",
})  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"})
_QUOTED = frozenset({"gmail_quote", "gmail_quote_container", "gmail_attr", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "zmail_extra"})
_LAST = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container"})  # from here on all is the thread before
_SIGNED = frozenset({"gmail_signature", "moz-signature"})


def plain(markup: str, *, with_quotes: bool = False) -> str:
    """The text of an HTML mail. Never raises for what is in it."""
    try:
        root = html.document_fromstring(markup[:CHARS_MAX].replace("\x00", "") or "<p></p>")
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    return _tidy("".join(_pieces(root, with_quotes)))


def _pieces(root: Any, with_quotes: bool) -> list[str]:
    said: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event in ("comment", "pi"):
            said.append(_flat(node.tail))
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "end":
            said.append(_after(node, tag))
            if node is not root:
                said.append(_flat(node.tail))
        elif not with_quotes and (node.get("id") or "").lower() in _LAST:
            return said
        elif tag in _DROPPED or _is_hidden(node) or (not with_quotes and _is_quote(node, tag)):
            walk.skip_subtree()
            _empty(node)
        else:
            said.append(_before(tag) + _flat(node.text))
    return said


def _empty(node: Any) -> None:
    """Nothing of it is said at its end either; its tail is."""
    node.attrib.clear()
    node.tag = "span"


def _before(tag: str) -> str:
    return "\n\n" if tag in _PARAGRAPHS else "\n• " if tag == "li" else "\n" if tag in _BLOCKS else ""


def _after(node: Any, tag: str) -> str:
    if tag == "a":
        where = (node.get("href") or "").strip()
        text = "".join(node.itertext()).strip()
        is_plain = where.lower().startswith(("http://", "https://", "mailto:"))
        return f" <{where[:500]}>" if is_plain and where.removeprefix("mailto:").rstrip("/") != text.rstrip("/") else ""
    if tag in ("td", "th"):
        return "  "
    return "\n\n" if tag in _PARAGRAPHS else "\n" if tag in _BLOCKS and tag not in ("br", "li") else ""


def _is_hidden(node: Any) -> bool:
    style = "".join((node.get("style") or "").lower().split())
    return node.get("hidden") is not None or any(sign in style for sign in ("display:none", "visibility:hidden", "font-size:0", "mso-hide:all"))


def _is_quote(node: Any, tag: str) -> bool:
    classes = set((node.get("class") or "").lower().split())
    return (tag == "blockquote" and node.get("type") == "cite") or bool(classes & (_QUOTED | _SIGNED))


def _flat(text: str | None) -> str:
    """White space as a browser shows it."""
    if not text:
        return ""
    flat = " ".join(text.replace("\xa0", " ").split())
    return (" " if text[0].isspace() else "") + flat + (" " if text[-1].isspace() and flat else "")


def _tidy(text: str) -> str:
    lines: list[str] = []
    for line in text.split("\n"):
        kept = " ".join(line.split())
        if kept or (lines and lines[-1]):
            lines.append(kept)
    return "\n".join(lines).strip()
