"""The conversations' part of an erasure: what was said, shown and noted goes; that it was asked, when, and how it ended stays."""

from __future__ import annotations

from uuid import UUID

from wasl.app.sql import run

_BODIES = (
    "DELETE FROM support_messagebody WHERE organisation_id = %s AND invoice_id = %s",
    "DELETE FROM support_attachmentbody WHERE organisation_id = %s AND invoice_id = %s",
    "DELETE FROM support_note n USING support_conversation c WHERE c.organisation_id = n.organisation_id AND c.id = n.conversation_id"
    " AND n.organisation_id = %s AND c.invoice_id = %s",
    "DELETE FROM support_mailin WHERE organisation_id = %s AND invoice_id = %s",
    "DELETE FROM support_replyaddress WHERE organisation_id = %s AND invoice_id = %s",  # mail to it is nobody's from now on
    "UPDATE support_callback SET phone = '', email = '', about = '',"
    " state = CASE WHEN state IN ('open', 'unanswered') THEN 'cancelled' ELSE state END WHERE organisation_id = %s AND invoice_id = %s",
)


def erase_conversations(org_id: UUID, invoice_id: UUID) -> None:
    """Under each thread's lock: what is being said at this moment is said before, or not at all."""
    run("SELECT 1 FROM support_conversation WHERE organisation_id = %s AND invoice_id = %s FOR UPDATE", (org_id, invoice_id))
    for statement in _BODIES:
        run(statement, (org_id, invoice_id))
