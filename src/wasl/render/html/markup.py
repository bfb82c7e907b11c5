"""The few pieces that every part of the page is made of. All text is escaped here, and every value stands in its own `<bdi>`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from wasl.invoice.terms import TERMS

from ..text import OVERRIDES, RIYAL, RIYAL_SHOWN, Pen, Prepared
from ..view.supporting import web_address

_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_DIRECTIONS = {"ar": "rtl", "en": "ltr"}
_PLAIN = str.maketrans({0x200B: None})


@dataclass
class PagePen(Pen):
    """A pen for the screen: browsers bring their own fonts and break long words by themselves, so nothing is marked or broken."""

    def plain(self, text: str, *, run: int = 0, isolates: bool = False) -> str:
        if text.isascii():
            return text
        return (text if isolates else text.translate(OVERRIDES)).replace(RIYAL, RIYAL_SHOWN)


def value(text: Prepared | None, tag_class: str = "") -> str:
    """A value in its own direction, whatever stands around it."""
    if text is None:
        return ""
    attributes = f' class="{tag_class}"' if tag_class else ""
    if isinstance(text, str):
        return f"<bdi{attributes}>{escape(text)}</bdi>"
    return f'<bdi lang="{text["l"]}" dir="{_DIRECTIONS[text["l"]]}"{attributes}>{escape(text["s"])}</bdi>'


def code(text: str | None) -> str:
    """A number, code or amount: left to right always."""
    return f'<bdi dir="ltr">{escape(text)}</bdi>' if text else ""


def figure(text: Prepared | None) -> str:
    """An amount; a prepared one (with its currency) keeps the order of its own language."""
    return code(text) if isinstance(text, str) else value(text)


def linked(text: Prepared, shown: str) -> str:
    """`shown`, as a link where the text is an e-mail address or a plain https address; nothing else is ever a link."""
    plain = text if isinstance(text, str) else text["s"]
    if _EMAIL.fullmatch(plain):
        return f'<a href="mailto:{escape(plain)}">{shown}</a>'
    return shown


def web_link(address: str | None, shown: str, tag_class: str = "") -> str:
    """The same for a web address."""
    checked = web_address(address)
    named = f' class="{tag_class}"' if tag_class else ""
    return f'<a{named} href="{escape(checked)}" rel="noopener noreferrer nofollow">{shown}</a>' if checked else shown


def label(pair: list[Any]) -> str:
    """Both languages of a label: the page's own first, the other one smaller."""
    first, second = pair
    return f'<span class="l1">{value(first)}</span>{second_label(second)}'


def second_label(second: Any) -> str:
    return f' <span class="l2">{value(second)}</span>' if second else ""


def terms(ids: str, language: str) -> str:
    """The numbers of business terms, shown on demand, each with its name."""
    return _terms(ids, language) if ids else ""


@lru_cache(maxsize=1024)
def _terms(ids: str, language: str) -> str:
    named = " · ".join(f"{each} {TERMS[each].label(language)}" for each in ids.split() if each in TERMS)
    return f' <span class="bt" dir="ltr" title="{escape(named)}">{escape(ids)}</span>'


def rows(pairs: list[tuple[list[Any], str, str]], language: str, tag_class: str = "") -> str:
    """A list of label, value (markup) and business terms."""
    if not pairs:
        return ""
    inner = "".join(f"<div><dt>{label(name)}{terms(ids, language)}</dt><dd>{shown}</dd></div>" for name, shown, ids in pairs)
    return f'<dl class="{tag_class}">{inner}</dl>' if tag_class else f"<dl>{inner}</dl>"


def section(name: str, heading: list[Any], body: str) -> str:
    """A part of the page under its heading; nothing where it is empty."""
    if not body:
        return ""
    return f'<section class="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{label(heading)}</h2>{body}</section>'


def attribute(text: Prepared) -> str:
    """A text for an attribute."""
    plain = text if isinstance(text, str) else text["s"]
    return escape(plain.translate(_PLAIN))
