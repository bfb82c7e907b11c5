"""What the mail about an answer carries: the answer itself, the address that takes the reply, and the thread's headers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from wasl.app.notices import kinds
from wasl.app.notices.threads import Carried
from wasl.app.sql import run
from wasl.app.support.models import Conversation
from wasl.app.support.threads.address import address_for
from wasl.app.support.threads.invoices import answers_to, takes_mail
from wasl.app.tenancy.models import normalise_email

REFERENCES_MAX = 10
THERE = timedelta(minutes=5)  # who has looked at the conversation so recently may be looking still
PAUSE = timedelta(minutes=2)  # then the mail waits: read on the page by then, it is not sent

_MESSAGE = """
SELECT m.conversation_id, m.at, m.act = 'resolved', coalesce(b.text, ''), coalesce(p.name, ''),
       (SELECT count(DISTINCT lower(y.author)) FROM support_message x
        JOIN support_messagebody y ON y.organisation_id = x.organisation_id AND y.id = x.id AND y.author <> ''
        WHERE x.organisation_id = m.organisation_id AND x.invoice_id = m.invoice_id AND x.conversation_id = m.conversation_id AND x.side = 'payer')
FROM support_message m LEFT JOIN support_messagebody b ON b.organisation_id = m.organisation_id AND b.id = m.id
LEFT JOIN tenancy_person p ON p.id = m.person_id
WHERE m.organisation_id = %s AND m.id = %s
"""
# The mails of this thread so far, ours to this recipient and theirs, in their order; the invoice's own mail begins it
_BEFORE = """
SELECT message_id, kind = 'in' FROM (
    (SELECT d.message_id, d.kind, d.queued_at AS at FROM delivery_delivery d
     WHERE d.organisation_id = %(org)s AND d.invoice_id = %(invoice)s AND lower(d.recipient) = %(recipient)s
       AND d.kind IN ('invoice', 'question', 'disputed') AND d.id <> %(delivery)s
     ORDER BY d.kind <> 'invoice', d.queued_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT x.message_ref, 'in', x.received_at FROM support_mailin x
     WHERE x.organisation_id = %(org)s AND x.conversation_id = %(conversation)s AND x.message_ref <> '' AND lower(x.sender) = %(recipient)s
     ORDER BY x.received_at DESC LIMIT %(most)s)) t
ORDER BY at
"""


def carried(delivery: Any, notice: Any) -> Carried:
    """For the notice of an answer or of a settled dispute, its words and its thread; for every other, where a reply goes."""
    if notice.kind not in (kinds.QUESTION, kinds.DISPUTED):
        return Carried(reply_to=answers_to(delivery))
    try:
        message_id = UUID(notice.step.rpartition("/")[2])
    except ValueError:
        return Carried(reply_to=answers_to(delivery))
    rows = run(_MESSAGE, (delivery.organisation_id, message_id))
    if not rows:
        return Carried(reply_to=answers_to(delivery))
    conversation_id, at, closes, text, by, writers = rows[0]
    conversation = Conversation.objects.for_org(delivery.organisation_id).get(pk=conversation_id)
    before = run(_BEFORE, {
        "org": delivery.organisation_id, "invoice": delivery.invoice_id, "recipient": normalise_email(delivery.recipient),
        "delivery": delivery.pk, "conversation": conversation_id, "most": REFERENCES_MAX,
    })  # fmt: skip
    seen = conversation.payer_read_at if writers == 1 else None  # the marker is everybody's: it says who only where there is one
    return Carried(
        text=text, by=by,
        reply_to=address_for(conversation, delivery.recipient) if takes_mail() else "",
        in_reply_to=next((ref for ref, is_theirs in reversed(before) if is_theirs), ""),
        references=tuple(dict.fromkeys(ref for ref, _theirs in before[:1] + before[1:][-(REFERENCES_MAX - 1) :])),
        is_read=(seen is not None and seen >= at) or (closes and conversation.is_live),  # taken back before it was told
        not_before=at + PAUSE if (seen is not None and at - seen < THERE) or (closes and not text) else None,
    )  # fmt: skip
