"""What may be said: a paragraph of plain text. Refused, not cut, where it is too long; kept as it was typed otherwise, but for card numbers (T82)."""

from __future__ import annotations

from wasl.app.support.cards import masked
from wasl.app.support.errors import NothingSaid
from wasl.app.support.models import TEXT_CHARS_MAX
from wasl.app.ui import numbers

# They turn the letters that follow around, and nobody types them; isolates and marks, which Arabic needs, stay
_OVERRIDES = dict.fromkeys((0x202D, 0x202E))


def spoken(text: str, *, may_be_empty: bool = False) -> str:
    """`text` with line ends as \\n and without overrides of direction. Raises NothingSaid, TooLong, ControlCharacter."""
    said = (numbers.paragraph(text, TEXT_CHARS_MAX) or "").translate(_OVERRIDES).strip()
    said = masked(said)
    if not said and not may_be_empty:
        raise NothingSaid
    return said
