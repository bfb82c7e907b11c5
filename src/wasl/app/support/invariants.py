"""What must hold of conversations: each act has its event, each file its bytes, and nobody waits in a thread that nobody wrote in."""

from __future__ import annotations

from collections.abc import Iterator

from wasl.app.fsck import Problem, invariant
from wasl.app.sql import run

_ACTS = """
SELECT m.organisation_id, m.id, m.act FROM support_message m
WHERE NOT EXISTS (
    SELECT 1 FROM events_event v WHERE v.organisation_id = m.organisation_id AND v.invoice_id = m.invoice_id AND v.at = m.at
      AND v.type = ANY (CASE WHEN m.act = 'reopened' THEN ARRAY['asked', 'disputed'] WHEN m.act <> 'said' THEN ARRAY[m.act]
                        WHEN m.side = 'seller' THEN ARRAY['answered']
                        ELSE ARRAY['replied', 'asked', 'disputed'] END))
   OR (NOT EXISTS (SELECT 1 FROM support_messagebody b WHERE b.organisation_id = m.organisation_id AND b.id = m.id)
       AND NOT EXISTS (
           SELECT 1 FROM events_event v
           WHERE v.organisation_id = m.organisation_id AND v.invoice_id = m.invoice_id AND v.type = 'erased'))
"""
_FILES = """
SELECT a.organisation_id, a.id FROM support_attachment a JOIN support_attachmentbody b ON b.organisation_id = a.organisation_id AND b.id = a.id
WHERE sha256(b.data) <> a.sha256 OR octet_length(b.data) <> a.size
"""
_STATES = """
SELECT c.organisation_id, c.id, c.state FROM support_conversation c
LEFT JOIN LATERAL (
    SELECT m.side, m.act, m.at, m.reason FROM support_message m
    WHERE m.organisation_id = c.organisation_id AND m.invoice_id = c.invoice_id AND m.conversation_id = c.id
      AND (m.side = 'payer' OR m.act <> 'said' OR c.state NOT IN ('resolved', 'withdrawn'))
    ORDER BY m.at DESC, m.id DESC LIMIT 1) m ON true
WHERE c.state <> CASE WHEN m.act IN ('resolved', 'withdrawn') THEN m.act WHEN m.act = 'reopened' THEN m.reason WHEN m.side = 'payer' THEN 'open'
                      WHEN m.side = 'seller' THEN 'answered' ELSE '' END
"""


@invariant("conversation-acts")
def each_message_has_its_event_and_its_words() -> Iterator[Problem]:
    for org, message, act in run(_ACTS):
        yield Problem(
            "conversation-acts",
            f"organisation {org}, message {message}",
            f"no event says {act}, or its words are gone",
            f"لا حدث يذكر {act} أو ضاع نصها",
        )


@invariant("conversation-files")
def files_stay_as_they_were_taken() -> Iterator[Problem]:
    for org, file in run(_FILES):
        yield Problem("conversation-files", f"organisation {org}, file {file}", "its bytes were changed", "تغيّر محتوى الملف المحفوظ")


@invariant("conversation-states")
def a_state_is_what_the_last_message_made_it() -> Iterator[Problem]:
    for org, conversation, state in run(_STATES):
        yield Problem(
            "conversation-states",
            f"organisation {org}, conversation {conversation}",
            f"it is {state}, but its last message is not",
            f"حالتها {state} وآخر رسالة فيها لا تقول ذلك",
        )
