"""Labels: the team's own words for conversations, each with a colour of the house beside the word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import live
from wasl.app.errors import NotFound
from wasl.app.sql import run
from wasl.app.support.errors import LabelKnown, LabelNameless, LabelUnknown
from wasl.app.support.hours.settings import held_settings
from wasl.app.support.models import Conversation, ConversationLabel, Label
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.ui import numbers
from wasl.errors import WaslError

LABELS_MAX = 30
NAME_CHARS_MAX = 40


def labels(org: Any) -> list[Label]:
    return list(Label.objects.for_org(org).order_by("name")[:LABELS_MAX])


@transaction.atomic
def keep_label(org: Any, *, name: str, tone: str, actor: Actor, label_id: UUID | None = None) -> Label:
    """Add a label, or change the one of `label_id`. Raises LabelNameless, LabelKnown, LabelUnknown."""
    require(org.pk, actor)
    held_settings(org)
    try:
        word = numbers.line(name, NAME_CHARS_MAX)
    except WaslError:
        word = None
    if not word:
        raise LabelNameless
    known = Label.objects.for_org(org)
    row = known.filter(pk=label_id).first() if label_id else Label(organisation_id=org.pk)
    if row is None:
        raise LabelUnknown
    if known.filter(name__iexact=word).exclude(pk=row.pk).exists() or (label_id is None and known.count() >= LABELS_MAX):
        raise LabelKnown(limit=LABELS_MAX)
    row.name, row.tone = word, tone if tone in Label.TONES else Label.TONES[0]
    row.save()
    audit(org.pk, actor, "label.keep", "label", row.pk, {"name": word})
    return row


@transaction.atomic
def remove_label(org: Any, label_id: UUID, *, actor: Actor) -> bool:
    """It leaves every conversation too. False where it was not there."""
    require(org.pk, actor)
    ConversationLabel.objects.for_org(org).filter(label_id=label_id).delete()
    if not Label.objects.for_org(org).filter(pk=label_id).delete()[0]:
        return False
    audit(org.pk, actor, "label.remove", "label", label_id)
    return True


@transaction.atomic
def set_labels(org_id: UUID, conversation_id: UUID, label_ids: Sequence[UUID], *, actor: Actor) -> None:
    """These labels and no others. Raises NotFound, LabelUnknown."""
    require(org_id, actor)
    if not Conversation.objects.for_org(org_id).select_for_update().filter(pk=conversation_id).exists():
        raise NotFound(what="conversation")
    wanted = set(label_ids)
    if Label.objects.for_org(org_id).filter(pk__in=wanted).count() != len(wanted):
        raise LabelUnknown
    held = set(ConversationLabel.objects.for_org(org_id).filter(conversation_id=conversation_id).values_list("label_id", flat=True))
    ConversationLabel.objects.for_org(org_id).filter(conversation_id=conversation_id, label_id__in=held - wanted).delete()
    for label_id in wanted - held:
        ConversationLabel.objects.create(organisation_id=org_id, conversation_id=conversation_id, label_id=label_id)
    if held != wanted:
        live.tell(live.topics.desk(org_id), "desk", {"id": str(conversation_id)})
        audit(org_id, actor, "conversation.label", "conversation", conversation_id)


_OF = """
SELECT cl.conversation_id, l.id, l.name, l.tone FROM support_conversationlabel cl
JOIN support_label l ON l.organisation_id = cl.organisation_id AND l.id = cl.label_id
WHERE cl.organisation_id = %s AND cl.conversation_id = ANY(%s) ORDER BY l.name
"""


def labels_of(org_id: UUID, conversation_ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, str, str]]]:
    """(id, name, tone) of each conversation's labels, in one statement."""
    found: dict[UUID, list[tuple[UUID, str, str]]] = {}
    for conversation_id, *label in run(_OF, (org_id, list(conversation_ids))) if conversation_ids else []:
        found.setdefault(conversation_id, []).append((label[0], label[1], label[2]))
    return found
