"""Stars and the archive: what the readers of an inbox mark for themselves. An archived invoice stays owed; it only leaves the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wasl.app import clock
from wasl.app.portal.inbox.queries import Row
from wasl.app.sql import run
from wasl.app.tenancy.payers import Inbox
from wasl.app.tenancy.payers_acts import note


@dataclass(frozen=True)
class Act:
    column: str
    value: bool
    undo: str


ACTS = {
    "star": Act("is_starred", True, "unstar"), "unstar": Act("is_starred", False, "star"),
    "archive": Act("archived_at", True, "restore"), "restore": Act("archived_at", False, "archive"),
}  # fmt: skip
_MARK = """
UPDATE inbox_item SET {column} = %(value)s WHERE payer_id = %(payer)s AND {column} IS DISTINCT FROM %(value)s
AND (organisation_id, id) IN (SELECT * FROM unnest(%(orgs)s::uuid[], %(ids)s::uuid[])) {only} RETURNING id
"""
_STATEMENTS = {
    ("is_starred", True): _MARK.format(column="is_starred", only=""),
    ("is_starred", False): _MARK.format(column="is_starred", only=""),
    ("archived_at", True): _MARK.format(column="archived_at", only="AND archived_at IS NULL"),
    ("archived_at", False): _MARK.format(column="archived_at", only=""),
}


def mark(inbox: Inbox, act: str, rows: list[Row]) -> int:
    """Set one mark on items of this inbox; how many it was new for. Repeating it changes nothing."""
    wanted = ACTS[act]
    value: bool | datetime | None = wanted.value
    if wanted.column == "archived_at":
        value = clock.now() if wanted.value else None
    values: dict[str, Any] = {
        "payer": inbox.payer.pk, "value": value, "orgs": [row.org_id for row in rows], "ids": [row.id for row in rows],
    }  # fmt: skip
    changed = len(run(_STATEMENTS[wanted.column, wanted.value], values))
    if changed:
        note(inbox.payer.pk, inbox.person.pk, f"invoice.{act}", {"number": changed})
    return changed
