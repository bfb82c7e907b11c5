"""Writing down what was done in an inbox, in the transaction of the act."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.tenancy import keys
from wasl.app.tenancy.models_payers import PayerAct


def note(payer_id: UUID | None, person_id: UUID | None, act: str, body: Mapping[str, Any] | None = None) -> None:
    """`body` holds ids and plain words of ours, never a name or an address: the row outlives the person (T117)."""
    row_id, at, plain = uuid7(), clock.now(), dict(body or {})
    code = act_code(row_id, payer_id, person_id, at, act, plain)
    PayerAct.objects.create(id=row_id, payer_id=payer_id, person_id=person_id, at=at, act=act, body=plain, code=code)


def act_code(row_id: UUID, payer_id: UUID | None, person_id: UUID | None, at: datetime, act: str, body: Mapping[str, Any]) -> bytes:
    """HMAC-SHA-256 over everything the row says."""
    fields = [str(row_id), str(payer_id), str(person_id), at.isoformat(timespec="milliseconds"), act]
    return hmac.digest(keys.master().derive("payer-acts"), orjson.dumps([*fields, body], option=orjson.OPT_SORT_KEYS), "sha256")


def is_genuine(row: PayerAct) -> bool:
    code = act_code(row.pk, row.payer_id, row.person_id, row.at.astimezone(clock.UTC), row.act, row.body)
    return hmac.compare_digest(code, bytes(row.code))
