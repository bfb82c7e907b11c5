"""The audit log: one row an act, in the transaction of the act, with a code under a key that the database does not hold."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.sql import send
from wasl.app.tenancy.actor import Actor, checked
from wasl.app.tenancy.keys import audit_key

_INSERT = """
INSERT INTO tenancy_auditentry (organisation_id, id, at, person_id, actor, act, object_type, object_id, body, code)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s)
"""


def audit(org_id: UUID, actor: Actor, act: str, object_type: str, object_id: UUID | None, body: Mapping[str, Any] | None = None) -> None:
    """Write down that `actor` did `act`; `body` holds plain values and nobody's personal data."""
    checked(actor)
    row_id, at, text = uuid7(), clock.now(), orjson.dumps(dict(body or {}), option=orjson.OPT_SORT_KEYS).decode()
    code = entry_code(org_id, row_id, at, actor.person_id, actor.name, act, object_type, object_id, body or {})
    send(_INSERT, (org_id, row_id, at, actor.person_id, actor.name, act, object_type, object_id, text, code))


def entry_code(
    org_id: UUID, row_id: UUID, at: datetime, person_id: UUID | None, actor: str, act: str, object_type: str, object_id: UUID | None, body: Any
) -> bytes:
    """HMAC-SHA-256 over everything the row says."""
    fields = [str(org_id), str(row_id), at.isoformat(timespec="milliseconds"), str(person_id), actor, act, object_type, str(object_id)]
    message = orjson.dumps([*fields, body], option=orjson.OPT_SORT_KEYS)
    return hmac.digest(audit_key(org_id), message, "sha256")


def is_genuine(entry: Any) -> bool:
    """Whether an `AuditEntry` row is as it was written (T5)."""
    at = entry.at.astimezone(clock.UTC)
    code = entry_code(
        entry.organisation_id, entry.pk, at, entry.person_id, entry.actor, entry.act, entry.object_type, entry.object_id, entry.body
    )
    return hmac.compare_digest(code, bytes(entry.code))
