"""Dates of CII: a wrapper with one string of eight digits in it, format 102 of UNTDID 2379."""

from __future__ import annotations

from datetime import date

from wasl.formats.cii.names import DATE
from wasl.formats.cursor import Group
from wasl.formats.lexical import XML_SPACE


def day(group: Group, name: str, inner: str = "udt:DateTimeString") -> date | None:
    """The date in the child called `name`. Another format, or no such day, is a loss."""
    child = group.inner(name, inner)
    if child is None:
        return None
    text = group.value(child, "format").strip(XML_SPACE)
    found = _date(text) if child.get("format", DATE).strip(XML_SPACE) == DATE else None
    if found is None:
        group.source.lose(child, "date")
    return found


def _date(text: str) -> date | None:
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
