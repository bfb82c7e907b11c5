"""What conversations keep of a reader: given out, and forgotten with the account.

What was written to a seller about an invoice stays with that invoice, as a letter would, until the seller erases it. What is more than
those words goes with the account: telephone numbers, original mails with all their headers, and the addresses behind which they answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from wasl.app.sql import run
from wasl.app.support.models import CallBack

_WRITTEN = """
SELECT m.at, o.slug, i.number, c.line, m.channel, b.text FROM support_messagebody b
JOIN support_message m ON m.organisation_id = b.organisation_id AND m.id = b.message_id
JOIN support_conversation c ON c.organisation_id = m.organisation_id AND c.id = m.conversation_id
JOIN invoicing_invoice i ON i.organisation_id = b.organisation_id AND i.id = b.invoice_id
JOIN tenancy_organisation o ON o.id = b.organisation_id
WHERE lower(b.author) = ANY(%s) ORDER BY m.at, m.id
"""
_CALLS = ("organisation_id", "invoice_id", "phone", "about", "language", "slot_from", "slot_until", "state", "created_at")
# Who wrote it is told by its sender, which for these was the address that we wrote to
_MAILS = """
SELECT x.id, x.received_at, o.slug, i.number, x.size FROM support_mailin x
JOIN invoicing_invoice i ON i.organisation_id = x.organisation_id AND i.id = x.invoice_id
JOIN tenancy_organisation o ON o.id = x.organisation_id
WHERE x.sender = ANY(%s) AND NOT x.is_stranger ORDER BY x.received_at, x.id
"""
_BYTES = "SELECT data FROM support_mailin WHERE id = %s AND sender = ANY(%s) AND NOT is_stranger"
_FORGET = (
    "DELETE FROM support_mailin WHERE sender = ANY(%s)",
    "DELETE FROM support_replyaddress WHERE recipient = ANY(%s)",  # mail to it is nobody's from now on
    "UPDATE support_callback SET phone = '', email = '', about = '',"
    " state = CASE WHEN state IN ('open', 'unanswered') THEN 'cancelled' ELSE state END WHERE lower(email) = ANY(%s)",
)


def export(emails: list[str], _payers: list[UUID]) -> dict[str, Any]:
    """What was written to sellers, calls that were asked for, and mails that joined a conversation; their bytes are `mails`."""
    addresses = [email.lower() for email in emails]
    written = [
        {"at": at, "seller": seller, "invoice": number, "line": line, "by": channel, "text": text}
        for at, seller, number, line, channel, text in run(_WRITTEN, (addresses,))
    ]
    calls = list(CallBack._base_manager.filter(email__in=[*emails, *addresses]).order_by("created_at").values(*_CALLS))
    mails = [
        {"at": at, "seller": seller, "invoice": number, "octets": size, "file": _name(mail_id, seller)}
        for mail_id, at, seller, number, size in run(_MAILS, (addresses,))
    ]
    return {"written": written, "calls": calls, "mails": mails}


def mails(emails: list[str]) -> Iterator[tuple[str, bytes]]:
    """(name in an archive, bytes) of each mail that joined a conversation, one at a time; those that held a card number were not kept."""
    addresses = [email.lower() for email in emails]
    for mail_id, _at, seller, _number, _size in run(_MAILS, (addresses,)):
        found = run(_BYTES, (mail_id, addresses))
        if found and found[0][0]:
            yield _name(mail_id, seller), bytes(found[0][0])


def _name(mail_id: UUID, seller: str) -> str:
    return f"mails/{seller}/{mail_id}.eml"


def forget(emails: list[str], _payers: list[UUID]) -> None:
    """In the erasing transaction: an open call is cancelled, since nobody could be reached any more."""
    for statement in _FORGET:
        run(statement, ([email.lower() for email in emails],))
