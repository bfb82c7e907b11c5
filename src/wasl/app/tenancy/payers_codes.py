"""Codes that prove an address: eight digits, ten minutes, five tries, one use.

The code is computed from the row's id under the master key, so the database holds nothing that could be typed. Asking
costs the same for every address, known or not: one row and one job; what is mailed is decided later, by the worker (T59).
Tries are counted in the row, for all processes together, before anything is compared (T60).
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.sql import run
from wasl.app.tenancy import keys
from wasl.app.tenancy.models_payers import PayerCode

DIGITS = 8
LIFE = timedelta(minutes=10)
TRIES_MAX = 5
PER_HOUR_MAX = 12  # for one address, whoever asks: 60 guesses an hour among 10^8, and no flood of mails
FORGOTTEN_AFTER = timedelta(days=1)

ENTER, ADDRESS, ERASE = "enter", "address", "erase"  # what a code is for; one for one thing opens no other

_INSERT = """
INSERT INTO tenancy_payercode (id, email, purpose, language, person_id, created_at, expires_at, tries, quiet)
VALUES (%(id)s, %(email)s::text, %(purpose)s, %(language)s, %(person)s, %(now)s, %(until)s, 0,
        (SELECT count(*) FROM tenancy_payercode WHERE email = %(email)s::text AND created_at > %(since)s) >= %(most)s)
"""
_TRY = """
UPDATE tenancy_payercode SET tries = tries + 1
WHERE id = %s AND purpose = %s AND used_at IS NULL AND tries < %s AND expires_at > %s RETURNING email, tries
"""
_USE = "UPDATE tenancy_payercode SET used_at = %s WHERE id = %s AND used_at IS NULL RETURNING id"


def ask(email: str, purpose: str, language: str, *, person_id: UUID | None = None) -> UUID:
    """Keep that a code was asked for `email` (normalised); the id of the row, which the asker's session remembers.

    The caller hands the id to the queue, always: a row that came after too many is `quiet`, and the worker leaves it.
    """
    code_id, now = uuid7(), clock.now()
    values = {"id": code_id, "email": email, "purpose": purpose, "language": language, "person": person_id, "now": now, "until": now + LIFE}
    run(_INSERT, values | {"since": now - timedelta(hours=1), "most": PER_HOUR_MAX})
    return code_id


def code_of(code_id: UUID) -> str:
    """The eight digits of a row."""
    digest = hmac.digest(keys.master().derive("payer-code"), code_id.bytes, "sha256")
    return str(int.from_bytes(digest[:16]) % 10**DIGITS).zfill(DIGITS)


def redeem(code_id: UUID | None, typed: str, purpose: str) -> str | None:
    """The address that `typed` proves, once; None for a wrong, expired, used or tried-out code, without saying which."""
    place = code_id or UUID(int=0)
    rows = run(_TRY, (place, purpose, TRIES_MAX, clock.now()))
    right = hmac.compare_digest(code_of(place).encode(), typed.encode("utf-8", "replace"))
    if not rows or not right or not run(_USE, (clock.now(), place)):
        return None
    return rows[0][0]


def is_live(code_id: UUID | None) -> bool:
    """Whether typing can still help: not used, not too old, tries left."""
    row = PayerCode.objects.filter(pk=code_id).first()
    return row is not None and row.used_at is None and row.tries < TRIES_MAX and row.expires_at > clock.now()


def forget_old() -> int:
    """Addresses that somebody typed are kept for a day at most; how many were dropped."""
    return len(run("DELETE FROM tenancy_payercode WHERE created_at < %s RETURNING id", (clock.now() - FORGOTTEN_AFTER,)))


def row_of(code_id: Any) -> PayerCode | None:
    return PayerCode.objects.filter(pk=code_id).first()
