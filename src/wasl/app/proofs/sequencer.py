"""One sequencer: gives each event of the outbox its place in the log, its document's and its organisation's order.

The advisory lock keeps a second sequencer idle; the head row, locked and compared, keeps it harmless. Leaves, tiles,
openings and head are one transaction with the emptying of the outbox, so a kill leaves either all of it or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from wasl.app.logs import log as log_line
from wasl.app.proofs import log
from wasl.app.sql import copy, run
from wasl.errors import WaslError
from wasl.ledger import events, leaf
from wasl.ledger.canonical import Value
from wasl.ledger.canonical import canonical as canonical_form
from wasl.ledger.tiles import Frontier

BATCH = 1000

_DRAIN = """
DELETE FROM events_outbox o USING (
    SELECT organisation_id, id FROM events_outbox WHERE parked = '' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) picked
WHERE o.organisation_id = picked.organisation_id AND o.id = picked.id
RETURNING o.organisation_id, o.id
"""
_EVENTS = """
SELECT e.organisation_id, e.id, e.invoice_id, e.type, e.at, e.document_sha256, e.amount, e.currency, e.account_sha256, e.account_version,
       d.data, o.pseudonym, i.tax_amount, i.due_date
FROM unnest(%s::uuid[], %s::uuid[]) AS picked(organisation_id, id)
JOIN events_event e USING (organisation_id, id)
JOIN tenancy_organisation o ON o.id = e.organisation_id
LEFT JOIN events_eventdetail d ON d.organisation_id = e.organisation_id AND d.id = e.id
LEFT JOIN invoicing_invoice i ON i.organisation_id = e.organisation_id AND i.id = e.invoice_id
ORDER BY e.id
"""
_LAST_OF_DOCUMENTS = """
SELECT w.organisation_id, w.document_id, l.seq, l.leaf
FROM unnest(%s::uuid[], %s::uuid[]) AS w(organisation_id, document_id)
CROSS JOIN LATERAL (
    SELECT seq, leaf FROM proofs_entry p WHERE p.organisation_id = w.organisation_id AND p.document_id = w.document_id ORDER BY seq DESC LIMIT 1
) l
"""
_LAST_OF_ORGANISATIONS = """
SELECT w.id, (SELECT max(tseq) FROM proofs_entry p WHERE p.organisation_id = w.id) FROM unnest(%s::uuid[]) AS w(id)
"""
_SALTS = """
SELECT s.organisation_id, s.id, s.salt FROM unnest(%s::uuid[], %s::uuid[]) AS w(organisation_id, id) JOIN proofs_salt s USING (organisation_id, id)
"""
# Columns and their types, for COPY.
_SALT = {"organisation_id": "uuid", "id": "uuid", "salt": "bytea", "key_id": "text"}
_PLACE = {"shard_id": "uuid", "index": "int8", "leaf": "bytea", "organisation_id": "uuid", "event_id": "uuid", "document_id": "uuid"}
_ENTRY = _PLACE | {"seq": "int8", "tseq": "int8"}
_OPENING = {"organisation_id": "uuid", "id": "uuid", "event_id": "uuid", "canonical": "bytea", "key_id": "text"}

_Place = tuple[UUID, UUID]  # organisation, document


def sequence_once(limit: int = BATCH) -> int:
    """Append up to `limit` waiting events; how many were appended. 0 also while another sequencer is at work."""
    shard = log.current_shard() or log.open_shard()
    with transaction.atomic():
        if not run("SELECT pg_try_advisory_xact_lock(%s)", (log.APPEND_LOCK,))[0][0]:
            return 0
        _, encoded = run("SELECT size, frontier FROM proofs_head WHERE shard_id = %s FOR UPDATE", (shard.pk,))[0]
        frontier = Frontier.decode(bytes(encoded))
        picked = run(_DRAIN, (limit,))
        if not picked:
            return 0
        rows = run(_EVENTS, ([r[0] for r in picked], [r[1] for r in picked]))
        try:
            with transaction.atomic():
                _append(shard, frontier, rows)
        except WaslError:
            rows = _park(rows)
            _append(shard, frontier, rows)
        return len(rows)


_PARK = "INSERT INTO events_outbox (organisation_id, id, parked) VALUES (%s, %s, %s)"


def _park(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """T91: put events that have no canonical form aside, with the reason; the others."""
    good: list[tuple[Any, ...]] = []
    for row in rows:
        try:
            canonical_form(_business(row))
            good.append(row)
        except WaslError as error:
            run(_PARK, (row[0], row[1], error.message("en")[:200]))
            log_line.error("log.parked", event_id=str(row[1]), type=row[3])
    return good


def sequence_all() -> int:
    """Append everything that waits."""
    done = 0
    while appended := sequence_once():
        done += appended
        if appended < BATCH:
            break
    return done


def _append(shard: Any, frontier: Frontier, rows: Sequence[tuple[Any, ...]]) -> None:
    documents = sorted({_document(row) for row in rows}, key=str)
    salts, last = _salts(documents), _last_of_documents(documents)
    tseq = dict(run(_LAST_OF_ORGANISATIONS, (sorted({row[0] for row in rows}, key=str),)))
    leaves: list[bytes] = []
    entries: list[tuple[Any, ...]] = []
    openings: list[tuple[Any, ...]] = []
    for row in rows:
        org_id, event_id, place = row[0], row[1], _document(row)
        seq, prev = last.get(place, (-1, events.NO_PREVIOUS))
        tseq[org_id] = -1 if tseq[org_id] is None else tseq[org_id]
        seq, tseq[org_id] = seq + 1, tseq[org_id] + 1
        event = events.complete(
            _business(row), log=shard.origin, org=str(row[11]), doc=str(place[1]), seq=seq, tseq=tseq[org_id], prev=prev
        )
        canonical, data = leaf.entry(salts[place], event)
        last[place] = (seq, data[1:].hex())
        entries.append((shard.pk, frontier.size + len(leaves), data, org_id, event_id, place[1], seq, tseq[org_id]))
        openings.append((org_id, event_id, event_id, canonical, ""))
        leaves.append(data)
    grown = frontier.append(leaves, log.DatabaseTiles(shard.pk, frontier))
    copy("proofs_entry", _ENTRY, entries)
    copy("proofs_opening", _OPENING, openings)
    moved = run(
        "UPDATE proofs_head SET size = %s, frontier = %s WHERE shard_id = %s AND size = %s RETURNING size",
        (grown.size, grown.encode(), shard.pk, frontier.size),
    )
    if not moved:
        raise RuntimeError("the head of the log moved under its own lock")


def _document(row: tuple[Any, ...]) -> _Place:
    """The document an event belongs to; those of the organisation itself are one document, named by its id."""
    return row[0], row[2] or row[0]


def _salts(documents: Sequence[_Place]) -> dict[_Place, bytes]:
    """Each document's salt, made with its first event."""
    orgs, ids = [p[0] for p in documents], [p[1] for p in documents]
    found = {(org, doc): bytes(salt) for org, doc, salt in run(_SALTS, (orgs, ids))}
    fresh = {place: leaf.new_salt() for place in documents if place not in found}
    copy("proofs_salt", _SALT, [(*place, salt, "") for place, salt in fresh.items()])
    return found | fresh


def _last_of_documents(documents: Sequence[_Place]) -> dict[_Place, tuple[int, str]]:
    rows = run(_LAST_OF_DOCUMENTS, ([p[0] for p in documents], [p[1] for p in documents]))
    return {(org, doc): (seq, bytes(data)[1:].hex()) for org, doc, seq, data in rows}


def _business(row: tuple[Any, ...]) -> Mapping[str, Value]:
    """The logged part of an event row: hashes, amounts and roles; no name, no address."""
    _, _, _, type_, at, sha, amount, currency, account, version, detail, _, tax, due = row
    fields: dict[str, Value] = {}
    if sha is not None:
        fields["sha256"] = bytes(sha).hex()
    if amount is not None:
        fields |= {"amount": amount, "currency": currency}
    if type_ == "issued":
        fields |= {"tax": tax} | ({"due": due.isoformat()} if due else {})
    if account is not None:
        fields["account"] = {"sha256": bytes(account).hex(), "version": version}
    known = orjson.loads(detail) if detail else {}
    fields |= {key: str(known[key]) for key in ("channel", "role", "reference") if known.get(key)}
    return events.business_part(type_, at=at, **fields)
