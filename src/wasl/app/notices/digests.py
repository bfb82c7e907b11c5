"""Many notices in one mail: gathered at the reader's digest moment, across sellers, once a day or week, in a lane of its own."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wasl.app import clock
from wasl.app.delivery.lanes import LEASE_SECONDS, Claim
from wasl.app.delivery.models import Delivery
from wasl.app.delivery.outgoing import GO, Verdict
from wasl.app.delivery.reports import ReadReport
from wasl.app.delivery.returnpath import return_path
from wasl.app.delivery.send import message_id_of
from wasl.app.events.record import record
from wasl.app.ids import uuid7
from wasl.app.notices.digest_days import digest_at
from wasl.app.notices.letters import EVENTS, STATES
from wasl.app.notices.models import Digest
from wasl.app.notices.plan import Rhythm, Walls
from wasl.app.notices.preferences import Preferences, preferences_of
from wasl.app.sql import run

BATCH = 100

_DUE = """
SELECT DISTINCT email FROM notices_notice WHERE state = 'held' AND reason = 'digest' AND due_at <= %s LIMIT %s
"""
_HELD = """
SELECT n.organisation_id, n.id, n.language, o.time_zone, o.country,
       n.kind NOT IN ('due_soon', 'due', 'overdue') OR EXISTS (
           SELECT FROM notices_watch w JOIN payments_balance b ON b.organisation_id = w.organisation_id AND b.id = w.invoice_id AND b.is_open
           WHERE w.organisation_id = n.organisation_id AND w.invoice_id = n.invoice_id AND w.email = n.email AND w.closed = '')
FROM notices_notice n JOIN tenancy_organisation o ON o.id = n.organisation_id
WHERE n.email = %s AND n.state = 'held' AND n.reason = 'digest' AND n.due_at <= %s ORDER BY n.id FOR UPDATE OF n
"""
_INSERT = """
INSERT INTO notices_digest
    (id, email, period, language, message_id, return_path, state, attempts, queued_at, next_attempt_at, in_flight, state_at, reply)
VALUES (%s, %s, %s, %s, %s, %s, 'queued', 0, %s, %s, false, %s, '') ON CONFLICT (email, period) DO NOTHING RETURNING id
"""
_TAKE = """
UPDATE notices_notice n SET state = %s, reason = %s, digest_id = %s, due_at = %s, state_at = %s
FROM unnest(%s::uuid[], %s::uuid[]) AS t(org, id) WHERE n.organisation_id = t.org AND n.id = t.id
"""


def gather_due() -> int:
    """Make the digests whose moment has come; how many addresses were looked at."""
    now = clock.now()
    emails = [email for (email,) in run(_DUE, (now, BATCH))]
    for email in emails:
        gather(email)
    return len(emails)


@transaction.atomic
def gather(email: str) -> UUID | None:
    """One address's digest; None where nothing is left to tell, or where today's is made already: then it waits for the next."""
    now = clock.now()
    rows = run(_HELD, (email, now))
    gone = [(org, row_id) for org, row_id, *_rest, is_wanted in rows if not is_wanted]
    kept = [row for row in rows if row[5]]
    _take("dropped", "settled", None, now, gone)
    if not kept:
        return None
    _org, _id, language, time_zone, country, _wanted = kept[0]
    own = preferences_of(email).at(time_zone=time_zone, country=country)
    digest_id, period = uuid7(), Walls(own).day(now)
    ids = [(row[0], row[1]) for row in kept]
    values = (digest_id, email, period, own.language or language, message_id_of(digest_id), return_path(digest_id), now, now, now)
    if not run(_INSERT, values):
        _take("held", "digest", None, digest_at(now + timedelta(days=1), own, Rhythm().hour), ids)
        return None
    _take("queued", "", digest_id, now, ids)
    return digest_id


def _take(state: str, reason: str, digest_id: UUID | None, due_at: Any, rows: list[tuple[Any, Any]]) -> None:
    if rows:
        run(_TAKE, (state, reason, digest_id, due_at, clock.now(), [org for org, _ in rows], [row_id for _, row_id in rows]))


_CLAIM = """
WITH due AS (
    SELECT id, in_flight FROM notices_digest
    WHERE state IN ('queued', 'deferred', 'unknown') AND next_attempt_at <= %(now)s AND (%(only)s::uuid IS NULL OR id = %(only)s)
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE notices_digest d SET in_flight = true, next_attempt_at = %(lease)s FROM due WHERE d.id = due.id RETURNING NULL::uuid, d.id, due.in_flight
"""
_ITEMS = "SELECT organisation_id, id, invoice_id FROM notices_notice WHERE digest_id = %s ORDER BY id"
_STATE = "UPDATE notices_notice SET state = %s, state_at = %s, reason = %s WHERE digest_id = %s AND state <> 'dropped'"


class DigestLane:
    """Digests wait in a table of their own: they are of no single seller."""

    def claim(self, only: UUID | None) -> Claim | None:
        now = clock.now()
        rows = run(_CLAIM, {"now": now, "lease": now + timedelta(seconds=LEASE_SECONDS), "only": only})
        return Claim(*rows[0]) if rows else None

    def load(self, claim: Claim, *, lock: bool = False) -> Digest:
        rows = Digest.objects.select_for_update() if lock else Digest.objects
        return rows.get(pk=claim.id)

    def recipient(self, row: Digest) -> str:
        return row.email

    def ask(self, row: Digest) -> Verdict:
        from wasl.app.notices.digest_letter import items_of

        if row.data is None and not items_of(row):
            return Verdict(drop="settled")
        now = clock.now()
        at = Walls(wishes_of(row)).next_allowed(now, any_day=True)
        return Verdict(later=at) if at > now else GO

    def kept(self, row: Digest) -> bytes | None:
        return bytes(row.data) if row.data else None

    def compose_once(self, row: Digest) -> bytes:
        from wasl.app.notices.digest_letter import compose

        data = compose(row)
        Digest.objects.filter(pk=row.pk).update(data=data, sha256=hashlib.sha256(data).digest())
        return data

    def told(self, row: Digest, data: dict[str, Any]) -> None:
        """Each invoice's story and notice have the digest's state."""
        run(_STATE, (STATES[row.state], row.state_at, row.reply[:20] if row.state == Delivery.DROPPED else "", row.pk))
        event = EVENTS.get(row.state, "")
        if not event:
            return
        details = {"channel": "mail", "digest": str(row.pk), "recipient": row.email, "reply": row.reply, "kind": "digest"}
        for org_id, _notice, invoice_id in run(_ITEMS, (row.pk,)):
            record(event, org=org_id, invoice=invoice_id, at=row.state_at, data=details | data)


def wishes_of(row: Digest) -> Preferences:
    """The address's wishes, on its first seller's wall where it chose none."""
    place = run(
        "SELECT o.time_zone, o.country FROM notices_notice n JOIN tenancy_organisation o ON o.id = n.organisation_id WHERE n.digest_id = %s"
        " ORDER BY n.id LIMIT 1", (row.pk,),
    )  # fmt: skip
    time_zone, country = place[0] if place else (settings.TIME_ZONE, "")
    return preferences_of(row.email).at(time_zone=time_zone, country=country)


LANE = DigestLane()
_ORDER = (Delivery.HANDED_OVER, Delivery.DELIVERED, Delivery.BOUNCED)
_PROVES = {"failed": Delivery.BOUNCED, "delivered": Delivery.DELIVERED, "expanded": Delivery.DELIVERED, "relayed": Delivery.HANDED_OVER}


@transaction.atomic
def take_report(mail_id: UUID, report: ReadReport) -> bool:
    """A delivery report about a digest; False where it is none of ours. It never goes back to a lesser state, so repeating it is safe."""
    row = Digest.objects.select_for_update().filter(pk=mail_id).first()
    if row is None:
        return False
    state = _PROVES.get(report.action)
    if state is not None and (row.state not in _ORDER or _ORDER.index(state) > _ORDER.index(row.state)):
        row.state, row.state_at, row.reply, row.in_flight = state, clock.now(), report.diagnostic[:200], False
        row.save(update_fields=["state", "state_at", "reply", "in_flight"])
        LANE.told(row, {"status": report.status, "report": report.action})
    return True
