"""Names that people give themselves and their inboxes: shown to others, and put into mails to strangers."""

from __future__ import annotations

import re
import unicodedata

NAME_CHARS_MAX = 80
_LINK = re.compile(r"\S*(?:://|www\.|@)\S*|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.IGNORECASE)


def clean(text: str, limit: int = NAME_CHARS_MAX) -> str:
    """One line without control, direction and zero-width marks: nothing in it can turn the text around it (RTL override), split a
    header, or pass for another name. The joiner that Persian words need stays where it joins two letters."""
    normal = unicodedata.normalize("NFC", text)
    kept = "".join(c for i, c in enumerate(normal) if unicodedata.category(c)[0] != "C" or c.isspace() or _joins(normal, i))
    return " ".join(kept.split())[:limit].strip("\u200c ")


def _joins(text: str, place: int) -> bool:
    between = 0 < place < len(text) - 1
    return text[place] == "\u200c" and between and text[place - 1].isalpha() and text[place + 1].isalpha()


def for_stranger(text: str) -> str:
    """The same for a mail to somebody who does not know the writer: what looks like a link or an address is left out."""
    return clean(_LINK.sub(" ", clean(text)), 60)
