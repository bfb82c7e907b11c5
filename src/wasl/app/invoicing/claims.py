"""Which invoices come into an inbox: those made out or mailed to a proven address, in bulk when it is proven and one by one
as they are issued or sent. A grant is the only thing that ever opens a seller's row to a payer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.events.record import Recorded
from wasl.app.ids import uuid7
from wasl.app.sql import run, send
from wasl.app.tenancy.models import normalise_email
from wasl.invoice.model import Invoice

# What was mailed and never withdrawn: a link that merely ran out was closed on the day on which it did
_OF_ADDRESS = """
SELECT organisation_id, id AS invoice_id FROM invoicing_invoicetext WHERE lower(buyer_email) = %(email)s AND buyer_email <> ''
UNION
SELECT organisation_id, invoice_id FROM invoicing_link WHERE recipient = %(email)s AND purpose = 'mail'
AND (revoked_at IS NULL OR revoked_at = expires_at)
"""
_GRANT_ALL = f"""
WITH granted AS (
    INSERT INTO tenancy_payergrant (organisation_id, id, payer_id, invoice_id, created_at)
    SELECT found.organisation_id, gen_random_uuid(), %(payer)s::uuid, found.invoice_id, %(now)s::timestamptz FROM ({_OF_ADDRESS}) found
    ON CONFLICT DO NOTHING RETURNING 1
) SELECT count(*) FROM granted
"""
_GRANT_ONE = """
INSERT INTO tenancy_payergrant (organisation_id, id, payer_id, invoice_id, created_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
# A function: an INSERT of no row would still wake every trigger of the grants, a quarter of a millisecond for each issue (0038)
_GRANT_ISSUED = "SELECT wasl_grant_issued(%s, %s, %s, %s, %s)"
_GRANT_SENT = """
INSERT INTO tenancy_payergrant (organisation_id, id, payer_id, invoice_id, created_at)
SELECT %s::uuid, %s::uuid, a.payer_id, %s::uuid, %s::timestamptz FROM tenancy_payeraddress a WHERE a.email = %s ON CONFLICT DO NOTHING
"""
_TAKE_BACK = f"""
DELETE FROM tenancy_payergrant g USING ({_OF_ADDRESS}) found
WHERE g.payer_id = %(payer)s AND g.organisation_id = found.organisation_id AND g.invoice_id = found.invoice_id
AND NOT EXISTS (
    SELECT 1 FROM tenancy_payeraddress a JOIN invoicing_invoicetext t ON lower(t.buyer_email) = a.email
    WHERE a.payer_id = %(payer)s AND a.email <> %(email)s AND t.organisation_id = g.organisation_id AND t.id = g.invoice_id
)
"""
_TAKE_BACK_SENT = """
DELETE FROM tenancy_payergrant g USING tenancy_payeraddress mailed
WHERE mailed.email = %(email)s AND g.payer_id = mailed.payer_id AND g.organisation_id = %(org)s AND g.invoice_id = %(invoice)s
AND NOT EXISTS (
    SELECT 1 FROM tenancy_payeraddress a LEFT JOIN invoicing_invoicetext t ON t.organisation_id = %(org)s AND t.id = %(invoice)s
    LEFT JOIN invoicing_link l ON l.organisation_id = %(org)s AND l.invoice_id = %(invoice)s AND l.purpose = 'mail'
        AND (l.revoked_at IS NULL OR l.revoked_at = l.expires_at) AND l.recipient = a.email
    WHERE a.payer_id = g.payer_id AND (lower(t.buyer_email) = a.email OR l.id IS NOT NULL)
)
"""


def grant_address(payer_id: UUID, email: str) -> int:
    """Everything that was ever made out or mailed to a proven address, into the inbox; how many invoices were new there."""
    return run(_GRANT_ALL, {"payer": payer_id, "email": normalise_email(email), "now": clock.now()})[0][0]


def grant_invoice(payer_id: UUID, org_id: UUID, invoice_id: UUID) -> None:
    """One invoice, for which the caller has proof: a code printed on it together with the address it is made out to."""
    run(_GRANT_ONE, (org_id, uuid7(), payer_id, invoice_id, clock.now()))


def grant_issued(event: Recorded) -> None:
    """`issued` subscribes this: a document for a proven address lies in its inbox in the same transaction."""
    assert isinstance(event.subject, Invoice)
    buyer = event.subject.buyer
    if buyer is not None and buyer.contact is not None and buyer.contact.email:
        send(_GRANT_ISSUED, (event.organisation_id, event.invoice_id, buyer.contact.email, uuid7(), clock.now()))


def grant_sent(org_id: UUID, invoice_id: UUID, recipient: str) -> None:
    """A mail link was made for a recipient: if that address is proven, the invoice lies in its inbox as well."""
    send(_GRANT_SENT, (org_id, uuid7(), invoice_id, clock.now(), normalise_email(recipient)))


def take_back_sent(org_id: UUID, invoice_id: UUID, recipient: str) -> None:
    """Its mail link was withdrawn: the invoice leaves the inbox, unless it is made out to the same people."""
    send(_TAKE_BACK_SENT, {"org": org_id, "invoice": invoice_id, "email": normalise_email(recipient)})


def take_back(payer_id: UUID, email: str) -> None:
    """The invoices of an address leave an inbox, except those that another of its addresses brought there too."""
    send(_TAKE_BACK, {"payer": payer_id, "email": normalise_email(email)})


def has_any(email: str) -> bool:
    """Whether any seller here ever made an invoice out, or mailed one, to this address."""
    values: dict[str, Any] = {"email": normalise_email(email)}
    return bool(run(f"SELECT 1 FROM ({_OF_ADDRESS}) found LIMIT 1", values))


_COPY = """
INSERT INTO tenancy_payergrant (organisation_id, id, payer_id, invoice_id, created_at)
SELECT organisation_id, gen_random_uuid(), %(payer)s::uuid, invoice_id, created_at FROM tenancy_payergrant WHERE payer_id = %(source)s::uuid
ON CONFLICT DO NOTHING
"""


def grant_all_of(source_id: UUID, payer_id: UUID) -> None:
    """Everything that one inbox has, into another of the same people."""
    send(_COPY, {"source": source_id, "payer": payer_id})


def forget(payer_id: UUID) -> None:
    """An inbox ends: it opens nothing any more, and what it asked of sellers is dropped."""
    send("DELETE FROM tenancy_payergrant WHERE payer_id = %s", (payer_id,))
    send("DELETE FROM invoicing_customerrequest WHERE payer_id = %s", (payer_id,))
