"""Text that no document may hold, and text that no font here draws: looked for in one pass over all texts at once."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import msgspec

from wasl.app.invoicing.errors import TextUnusable
from wasl.errors import Words
from wasl.invoice.model import Invoice
from wasl.invoice.terms import by_path
from wasl.render import substitutions
from wasl.render.fonts import has_glyph

# What XML 1.0 forbids, and C1 controls, lone surrogates and non-characters, which no font shows
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# The same in JSON, where controls below U+0020 are escaped
_SUSPICIOUS = re.compile("\\\\u00[01]|\\\\[bf]|[\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def refuse_unusable_text(invoice: Invoice) -> None:
    """TextUnusable for the first text that no XML document can carry."""
    try:
        suspicious = _SUSPICIOUS.search(msgspec.json.encode(invoice).decode())
    except UnicodeEncodeError:  # a lone surrogate
        suspicious = True
    if suspicious:
        refuse_in(invoice, "")


def refuse_in(node: Any, where: str) -> None:
    """The same for any value, one text after the other: says which field it is, by its path in the model."""
    if isinstance(node, str):
        found = _UNUSABLE.search(node)
        if found:
            raise TextUnusable(field=_named(where), char=f"U+{ord(found[0]):04X}")
    elif isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            refuse_in(getattr(node, name), f"{where}.{name}" if where else name)
    elif isinstance(node, tuple):
        for item in node:
            refuse_in(item, f"{where}[]")


def _named(path: str) -> Words:
    """The field as an accountant calls it; one that is no term of its own goes by the group it stands in."""
    known = by_path()
    part = path
    while part and part not in known:
        part = part.rpartition(".")[0] if not part.endswith("[]") else part[:-2]
    return Words(known[part].en, known[part].ar) if part else Words(path.rpartition(".")[2] or "the document", "البيانات")


def substitutes(invoice: Invoice) -> str:
    """The characters of the invoice that its PDF will show as a mark."""
    text = msgspec.json.encode(invoice).decode()
    if text.isascii() or all(has_glyph(c) and not unicodedata.category(c).startswith("M") for c in set(text)):
        return ""
    return "".join(substitutions(invoice))
