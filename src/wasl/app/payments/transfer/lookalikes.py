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


def skeletons(name: str) -> set[str]:
    """All that a name may be read as: in most fonts a capital i is a small l. Nothing of one that is too short to tell."""
    return {each for each in (skeleton(name), skeleton(name.replace("I", "l"))) if len(each) >= NAME_CHARS_MIN}


def lookalike_of(org: Any) -> Lookalike | None:
    """The oldest of those that were here before with nearly the same name; None for nearly everybody."""
    by_skeleton = _sellers()
    older = {
        (created_at, name, vat, other_id)
        for each in skeletons(org.name_en) | skeletons(org.name_ar) for other_id, name, vat, created_at in by_skeleton.get(each, ())
        if other_id != org.pk and created_at < org.created_at
    }  # fmt: skip
    for _created_at, name, vat, other_id in sorted(older):
        if not _is_one_seller(org, other_id, vat):
            return Lookalike(name, vat)
    return None


# Two books of one seller have its tax number and somebody who owns both: a thief copies the number as easily as the name
_SHARED = """
SELECT 1 FROM tenancy_membership a JOIN tenancy_membership b ON b.person_id = a.person_id AND b.organisation_id = %s AND b.role = 'owner'
WHERE a.organisation_id = %s AND a.role = 'owner' LIMIT 1
"""


def _is_one_seller(org: Any, other_id: UUID, vat: str) -> bool:
    return bool(vat) and vat == org.vat_identifier and bool(run(_SHARED, (other_id, org.pk)))


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
        for each in skeletons(row[1]):
            found.setdefault(each, []).append(row)  # type: ignore[arg-type]
    with _lock:
        _kept[:] = [(now, found)]
    return found
