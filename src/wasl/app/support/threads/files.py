"""Attachments of a mail, through the same door as those of a chat: told by their bytes, made anew or scanned. The rest stays in
the original, which is handed out whole to the seller, never opened here: a ZIP is not unpacked (T95)."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from wasl.app.support.conversations.store import PHOTOS_MAX
from wasl.app.support.errors import ScannerAway
from wasl.app.support.files import attached
from wasl.app.support.photos import Photo
from wasl.app.support.threads.parse import Part
from wasl.errors import WaslError


def taken(parts: Sequence[Part]) -> tuple[list[Photo], int]:
    """The files that join the message, and how many stayed in the original. Raises ScannerAway: the mail is offered again."""
    kept: list[Photo] = []
    left = 0
    for part in parts:
        if len(kept) >= PHOTOS_MAX:
            left += 1
            continue
        try:
            kept.append(attached(BytesIO(part.data), part.name))
        except ScannerAway:
            raise
        except WaslError:
            left += 1
    return kept, left
