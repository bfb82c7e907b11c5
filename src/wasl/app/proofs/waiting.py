"""What waits in the outbox: taken out of it together with everything that its leaf needs, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from wasl.app.sql import run
from wasl.ledger import events
from wasl.ledger.canonical import Value

# ctid: the rows are locked by then, so their places cannot change, and no index is read for them a second time.
_TAKE = """
WITH taken AS (
    DELETE FROM events_outbox WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM events_outbox WHERE parked = '' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    )) RETURNING organisation_id, id
)
SELECT uuid_send(e.organisation_id), uuid_send(e.id), uuid_send(coalesce(e.invoice_id, e.organisation_id)),
       coalesce(e.invoice_id, e.organisation_id)::text, e.type, e.at, encode(e.document_sha256, 'hex'), e.amount, e.currency,
       encode(e.account_sha256, 'hex'), e.account_version, d.data::text, i.tax_amount, i.due_date, s.salt, l.seq, l.leaf
FROM taken
JOIN events_event e USING (organisation_id, id)
LEFT JOIN events_eventdetail d ON d.organisation_id = e.organisation_id AND d.id = e.id
LEFT JOIN invoicing_invoice i ON i.organisation_id = e.organisation_id AND i.id = e.invoice_id
LEFT JOIN proofs_salt s ON s.organisation_id = e.organisation_id AND s.id = coalesce(e.invoice_id, e.organisation_id)
LEFT JOIN LATERAL (
    SELECT seq, leaf FROM proofs_entry p
    WHERE p.organisation_id = e.organisation_id AND p.document_id = coalesce(e.invoice_id, e.organisation_id) ORDER BY seq DESC LIMIT 1
) l ON true
ORDER BY e.id
"""
_ORGANISATIONS = """
SELECT uuid_send(o.id), o.pseudonym::text, (SELECT max(tseq) FROM proofs_entry p WHERE p.organisation_id = o.id)
FROM tenancy_organisation o WHERE o.id = ANY (%s::uuid[])
"""
_FORGET = "DELETE FROM events_outbox o USING proofs_entry p WHERE p.organisation_id = o.organisation_id AND p.event_id = o.id RETURNING o.id"


class Waiting(NamedTuple):
    """One event of the outbox. Ids are 16 bytes, as COPY wants them back."""

    org: bytes
    event: bytes
    document: bytes  # those of the organisation itself are one document, named by its id
    document_text: str
    type: Any
    at: Any
    sha256: str | None
    amount: int | None
    currency: str
    account: str | None
    account_version: int | None
    detail: str | None
    tax: int | None
    due: Any
    salt: bytes | None  # the document's, and its last leaf, if it is in the log already
    last_seq: int | None
    last_leaf: bytes | None

    def business(self) -> Mapping[str, Value]:
        """The logged part: hashes, amounts and roles; no name, no address."""
        fields: dict[str, Value] = {}
        if self.sha256 is not None:
            fields["sha256"] = self.sha256
        if self.amount is not None:
            fields["amount"], fields["currency"] = self.amount, self.currency
        if self.type == "issued":
            fields["tax"] = self.tax  # type: ignore[assignment]
            if self.due:
                fields["due"] = self.due.isoformat()
        if self.account is not None:
            fields["account"] = {"sha256": self.account, "version": self.account_version}  # type: ignore[dict-item]
        if self.detail:
            known = orjson.loads(self.detail)
            fields |= {key: str(known[key]) for key in ("channel", "role", "reference") if known.get(key)}
        return events.business_part(self.type, at=self.at, **fields)


def take(limit: int) -> list[Waiting]:
    """Take up to `limit` waiting events out of the outbox, oldest first; others may take the rest meanwhile."""
    return list(map(Waiting._make, run(_TAKE, (limit,), binary=True)))


def organisations(rows: Sequence[Waiting]) -> dict[bytes, tuple[str, int]]:
    """Pseudonym and last `tseq` (-1: none) of the organisations of these events."""
    ids = [org.hex() for org in {row.org for row in rows}]
    return {org: (pseudonym, -1 if tseq is None else tseq) for org, pseudonym, tseq in run(_ORGANISATIONS, (ids,), binary=True)}


def forget_logged() -> int:
    """Events that were added again after they had their leaf: they keep it, and wait no more."""
    return len(run(_FORGET))
