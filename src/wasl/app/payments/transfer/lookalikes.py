"""Sellers of one installation whose names look alike (T80): letters of other scripts, invisible marks, digits for letters.

The older one is taken for the real one; pages of the younger one say so beside its tax number.
"""

from __future__ import annotations

import threading
import time
import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wasl.app.sql import run

KEPT_SECONDS = 300
NAME_CHARS_MIN = 3
# What the eye takes for one letter: Cyrillic and Greek for Latin (Unicode TS 39, those that occur in names), digits, Arabic twins
_SEEN = str.maketrans(
    "авеікмнорстухѕјԁɡһӏαβεικνορτυχγ" + "0135" + "أإآٱىةکیےۀہھؤئٸ",
    "abeikmhopctyxsjdghlabeikvoptuxy" + "oles" + "ااااي" + "هكيي" + "ههه" + "ويي",
)
_rows: list[tuple[float, list[tuple[UUID, str, str, Any]]]] = []
_lock = threading.Lock()


@dataclass(frozen=True)
class Lookalike:
    """The older seller: how it is called, and its tax number."""

    name: str
    vat_identifier: str


def skeleton(name: str) -> str:
    """What is left of a name for the eye: two names with one skeleton can be taken for each other."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(each for each in plain if each.isalnum() and not unicodedata.combining(each))
    return kept.translate(_SEEN).replace("rn", "m").replace("vv", "w").replace("ll", "l").replace("ـ", "")


def lookalike_of(org: Any) -> Lookalike | None:
    """An older seller here with nearly the same name; None for nearly everybody."""
    mine = {each for each in (skeleton(org.name_en), skeleton(org.name_ar)) if len(each) >= NAME_CHARS_MIN}
    for other_id, name, vat, created_at in _sellers():
        if other_id != org.pk and created_at < org.created_at and vat != org.vat_identifier and skeleton(name) in mine:
            return Lookalike(name, vat)
    return None


def forget() -> None:
    with _lock:
        _rows.clear()


def _sellers() -> list[tuple[UUID, str, str, Any]]:
    """Every seller's names, read again every five minutes."""
    now = time.monotonic()
    with _lock:
        if _rows and now - _rows[0][0] < KEPT_SECONDS:
            return _rows[0][1]
    found = run(
        "SELECT id, name_en, vat_identifier, created_at FROM tenancy_organisation WHERE name_en <> ''"
        " UNION ALL SELECT id, name_ar, vat_identifier, created_at FROM tenancy_organisation WHERE name_ar <> ''"
    )
    with _lock:
        _rows[:] = [(now, found)]  # type: ignore[list-item]
    return found  # type: ignore[return-value]
