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
_Seller = tuple[UUID, str, str, Any]  # id, a name, tax number, since when
_kept: list[tuple[float, dict[str, list[_Seller]]]] = []
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
    """The oldest of those that were here before with nearly the same name; None for nearly everybody."""
    mine = {each for each in (skeleton(org.name_en), skeleton(org.name_ar)) if len(each) >= NAME_CHARS_MIN}
    by_skeleton = _sellers()
    older = [
        (created_at, name, vat)
        for each in mine for other_id, name, vat, created_at in by_skeleton.get(each, ())
        if other_id != org.pk and created_at < org.created_at and vat != org.vat_identifier
    ]  # fmt: skip
    if not older:
        return None
    _created_at, name, vat = min(older)
    return Lookalike(name, vat)


def forget() -> None:
    with _lock:
        _kept.clear()


def _sellers() -> dict[str, list[_Seller]]:
    """Every seller by what its names leave for the eye, read again every five minutes: to take thousands apart for each page costs 2 ms."""
    now = time.monotonic()
    with _lock:
        if _kept and now - _kept[0][0] < KEPT_SECONDS:
            return _kept[0][1]
    found: dict[str, list[_Seller]] = {}
    for row in run(
        "SELECT id, name_en, vat_identifier, created_at FROM tenancy_organisation WHERE name_en <> ''"
        " UNION ALL SELECT id, name_ar, vat_identifier, created_at FROM tenancy_organisation WHERE name_ar <> ''"
    ):
        found.setdefault(skeleton(row[1]), []).append(row)  # type: ignore[arg-type]
    with _lock:
        _kept[:] = [(now, found)]
    return found
