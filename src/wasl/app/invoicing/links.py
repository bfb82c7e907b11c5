"""Capability links: the token is computed, never stored; whoever steals the database learns no link (T56, T57, T60)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound, Refused
from wasl.app.events.record import record
from wasl.app.ids import uuid7
from wasl.app.invoicing import claims
from wasl.app.invoicing.models import Link
from wasl.app.sql import run
from wasl.app.tenancy import keys
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import normalise_email

TOKEN_CHARS = 43  # 256 bits in base64url
CLAIM_CHARS = 10
MAIL_LINK_DAYS = 365  # after the due date, or after it was made where that is later: a payer's books for the year are closed by then
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: typed from paper without a doubt
PURPOSES = (Link.MAIL, Link.PDF, Link.VERIFY)


class LinkGone(Refused):
    """A link that was once good; `link` says for whom a new one may be sent, `was_withdrawn` whether it ended before its time."""

    code, status = "WASL-LINK-01", 410
    en = "This link is no longer in use. Ask for a new one; it goes to the address the invoice was sent to."
    ar = "لم يعد هذا الرابط صالحًا. اطلب رابطًا جديدًا ليصل إلى العنوان الذي أُرسلت إليه الفاتورة."

    def __init__(self, link: ResolvedLink, was_withdrawn: bool = True) -> None:
        self.link = link
        self.was_withdrawn = was_withdrawn
        super().__init__()


@dataclass(frozen=True, slots=True)
class ResolvedLink:
    """What a token opens."""

    id: UUID
    organisation_id: UUID
    invoice_id: UUID
    purpose: str
    recipient: str
    token: str


def _token(org_id: UUID, link_id: UUID) -> str:
    digest = hmac.digest(keys.link_key(org_id), b"wasl/link/v1\n" + link_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _claim(org_id: UUID, link_id: UUID) -> str:
    digest = int.from_bytes(hmac.digest(keys.link_key(org_id), b"wasl/claim/v1\n" + link_id.bytes, "sha256")[:8])
    return "".join(_CROCKFORD[digest >> (5 * i) & 31] for i in range(CLAIM_CHARS))


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("ascii", "replace")).digest()


def _claim_hash(code: str) -> bytes:
    """Keyed: 50 bits could be tried one by one against a plain hash."""
    return hmac.digest(keys.master().derive("claim-code"), code.encode("ascii", "replace"), "sha256")


_INSERT = """
INSERT INTO invoicing_link (organisation_id, id, invoice_id, purpose, recipient, token_hash, claim_hash, created_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (organisation_id, invoice_id, purpose, recipient) WHERE revoked_at IS NULL DO NOTHING RETURNING id
"""
_FIND = """
SELECT id, expires_at FROM invoicing_link WHERE organisation_id = %s AND invoice_id = %s AND purpose = %s AND recipient = %s AND revoked_at IS NULL
"""
# An expired link makes room for a new one: its row stays, closed on the day on which it ended.
_END = "UPDATE invoicing_link SET revoked_at = expires_at WHERE organisation_id = %s AND id = %s AND revoked_at IS NULL AND expires_at <= %s"


def _link(invoice: Any, purpose: str, recipient: str, expires_at: datetime | None = None) -> UUID:
    if purpose not in PURPOSES:
        raise ValueError(f"no such purpose: {purpose}")
    place = (invoice.organisation_id, invoice.pk, purpose, normalise_email(recipient))
    now = clock.now()
    if found := run(_FIND, place):
        if found[0][1] is None or found[0][1] > now:
            return found[0][0]
        run(_END, (place[0], found[0][0], now))
    if purpose == Link.MAIL and expires_at is None:
        expires_at = mail_link_ends(invoice, now)
    link_id = uuid7()
    token, claim = _token(place[0], link_id), _claim(place[0], link_id)
    made = run(_INSERT, (place[0], link_id, *place[1:], _token_hash(token), _claim_hash(claim), now, expires_at))
    if purpose == Link.MAIL and recipient:
        claims.grant_sent(invoice.organisation_id, invoice.pk, recipient)
    return link_id if made else run(_FIND, place)[0][0]  # somebody else was faster


def mail_link_ends(invoice: Any, now: datetime) -> datetime:
    """A person's own link opens everything, so it does not do so for ever in an old mailbox (T57). A new one is a press away."""
    due = invoice.due_date
    return max(now, datetime.combine(due, time(), UTC) if due else now) + timedelta(days=MAIL_LINK_DAYS)


def make_link(invoice: Any, purpose: str, recipient: str = "", *, expires_at: datetime | None = None) -> str:
    """The token of the link of an invoice for one purpose and recipient; the same one as long as it is not revoked."""
    return _token(invoice.organisation_id, _link(invoice, purpose, recipient, expires_at))


def token_of(org_id: UUID, link_id: UUID) -> str:
    """The token of a link whose row is at hand."""
    return _token(org_id, link_id)


_OPEN = """
SELECT purpose, id FROM invoicing_link
WHERE organisation_id = %s AND invoice_id = %s AND purpose IN ('pdf', 'verify') AND recipient = '' AND revoked_at IS NULL
"""


def printed_links(invoice: Any) -> tuple[str, str]:
    """(pay, verify): the tokens of both codes that the document bears, in one query once they exist."""
    found = {purpose: _token(invoice.organisation_id, link_id) for purpose, link_id in run(_OPEN, (invoice.organisation_id, invoice.pk))}
    return found.get(Link.PDF) or make_link(invoice, Link.PDF), found.get(Link.VERIFY) or make_link(invoice, Link.VERIFY)


def claim_code(invoice: Any) -> str:
    """The ten characters that the PDF shows: accepted together with a proven e-mail address."""
    return _claim(invoice.organisation_id, _link(invoice, Link.PDF, ""))


_BY_HASH = """
SELECT id, organisation_id, invoice_id, purpose, recipient, token_hash, expires_at, revoked_at FROM invoicing_link WHERE token_hash = %s
"""


def resolve(token: str, *purposes: str) -> ResolvedLink:
    """What a token opens. NotFound for any other text, without telling how near it was; LinkGone once revoked or expired."""
    wanted = _token_hash(token)
    rows = run(_BY_HASH, (wanted,)) if len(token) == TOKEN_CHARS else []
    if not rows or not hmac.compare_digest(bytes(rows[0][5]), wanted):
        raise NotFound(what="link")
    link_id, org_id, invoice_id, purpose, recipient, _, expires_at, revoked_at = rows[0]
    if purposes and purpose not in purposes:
        raise NotFound(what="link")
    link = ResolvedLink(link_id, org_id, invoice_id, purpose, recipient, token)
    has_expired = expires_at is not None and expires_at <= clock.now()
    if revoked_at is not None or has_expired:
        raise LinkGone(link, was_withdrawn=revoked_at is not None and (expires_at is None or revoked_at < expires_at))
    return link


_SUCCESSOR = """
SELECT 1 FROM invoicing_link
WHERE organisation_id = %s AND invoice_id = %s AND purpose = %s AND recipient = %s AND revoked_at IS NULL AND id > %s LIMIT 1
"""


def has_successor(link: ResolvedLink) -> bool:
    """Whether a newer link was made for the same reader since this one ended."""
    return bool(run(_SUCCESSOR, (link.organisation_id, link.invoice_id, link.purpose, link.recipient, link.id)))


_BY_CLAIM = """
SELECT l.id, l.organisation_id, l.invoice_id FROM invoicing_link l
JOIN invoicing_invoicetext t ON t.organisation_id = l.organisation_id AND t.id = l.invoice_id
WHERE l.claim_hash = %s AND l.revoked_at IS NULL AND lower(t.buyer_email) = %s
"""


def _normal_claim(code: str) -> str:
    return code.upper().translate(str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None}))


def resolve_printed(code: str) -> ResolvedLink | None:
    """The invoice of a typed claim code, whoever it was made out to: enough to ask its seller, never to open it."""
    sql = "SELECT id, organisation_id, invoice_id FROM invoicing_link WHERE claim_hash = %s AND purpose = 'pdf' AND revoked_at IS NULL"
    rows = run(sql, (_claim_hash(_normal_claim(code)),))
    return ResolvedLink(*rows[0], Link.PDF, "", "") if rows else None


def resolve_claim(code: str, proven_email: str) -> ResolvedLink:
    """The invoice of a typed claim code, for the address it was made out to. The caller has proven the address."""
    rows = run(_BY_CLAIM, (_claim_hash(_normal_claim(code)), normalise_email(proven_email)))
    if not rows:
        raise NotFound(what="invoice")
    link_id, org_id, invoice_id = rows[0]
    return ResolvedLink(link_id, org_id, invoice_id, Link.PDF, normalise_email(proven_email), _token(org_id, link_id))


_REVOKE = """
UPDATE invoicing_link SET revoked_at = %s WHERE organisation_id = %s AND id = %s AND revoked_at IS NULL RETURNING invoice_id, purpose, recipient
"""


@transaction.atomic
def revoke(org_id: UUID, link_id: UUID, *, actor: Actor) -> None:
    """End a link; the next `make_link` for the same recipient makes another. What was mailed there by mistake leaves that inbox too."""
    require(org_id, actor)
    now = clock.now()
    for invoice_id, purpose, recipient in run(_REVOKE, (now, org_id, link_id)):
        record("link-revoked", org=org_id, invoice=invoice_id, at=now, data={"recipient": recipient, "by": f"person:{actor.person_id}"})
        if purpose == Link.MAIL and recipient:
            claims.take_back_sent(org_id, invoice_id, recipient)
        audit(org_id, actor, "link.revoke", "link", link_id)


_MAILED = "SELECT FROM invoicing_link WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND purpose = 'mail' AND recipient = %(email)s"
# Nearly always a link is good, and its own index says so
_WITHDRAWN = f"""
SELECT CASE WHEN EXISTS ({_MAILED} AND revoked_at IS NULL) THEN false
            ELSE EXISTS ({_MAILED} AND revoked_at IS NOT NULL AND (expires_at IS NULL OR revoked_at < expires_at)) END
"""


def is_withdrawn(org_id: UUID, invoice_id: UUID, recipient: str) -> bool:
    """Whether the seller withdrew what it had sent to this address, and nothing was sent there since."""
    return bool(run(_WITHDRAWN, {"org": org_id, "invoice": invoice_id, "email": normalise_email(recipient)})[0][0])


def token_hash_of(org_id: UUID, link_id: UUID) -> bytes:
    """What the row of a link must hold."""
    return _token_hash(_token(org_id, link_id))
