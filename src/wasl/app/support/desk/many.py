"""Many conversations at once: assigned or closed, and the same taken back. Each by its own verb; what cannot be is left and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wasl.app.errors import NotFound
from wasl.app.support.conversations import assign, reopen, resolve
from wasl.app.support.errors import NotClosed, NothingChosen, NotLive
from wasl.app.support.models import Conversation
from wasl.app.tenancy.actor import Actor

CHOSEN_MAX = 100  # a page of the queue has fewer


@dataclass(frozen=True, slots=True)
class Before:
    """How a conversation stood before: what undo brings back."""

    id: UUID
    assignee_id: UUID | None
    waiting_since: datetime | None


def _chosen(org_id: UUID, ids: Sequence[UUID]) -> list[Conversation]:
    if not ids:
        raise NothingChosen
    return list(Conversation.objects.for_org(org_id).filter(pk__in=list(ids)[:CHOSEN_MAX]).order_by("pk"))


@transaction.atomic
def assign_many(org_id: UUID, ids: Sequence[UUID], *, person_id: UUID | None, actor: Actor) -> list[Before]:
    """Those that went to somebody else than before. Raises NothingChosen, NotFound."""
    changed = []
    for row in _chosen(org_id, ids):
        if row.assignee_id != person_id:
            assign(org_id, row.pk, person_id=person_id, actor=actor)
            changed.append(Before(row.pk, row.assignee_id, row.waiting_since))
    return changed


@transaction.atomic
def close_many(org_id: UUID, ids: Sequence[UUID], *, outcome: str, actor: Actor, key: str) -> list[Before]:
    """Those that were live, closed without a word. Raises NothingChosen, OutcomeUnknown."""
    changed = []
    for row in _chosen(org_id, ids):
        try:
            resolve(org_id, row.pk, by=actor, outcome=outcome, key=f"{key[:30]}-c")
        except NotLive:
            continue
        changed.append(Before(row.pk, row.assignee_id, row.waiting_since))
    return changed


@transaction.atomic
def undo_assign(org_id: UUID, before: Sequence[Before], *, actor: Actor) -> int:
    """How many went back. A colleague who left meanwhile gets nothing back: nobody has it then."""
    for each in before:
        try:
            assign(org_id, each.id, person_id=each.assignee_id, actor=actor)
        except NotFound:
            assign(org_id, each.id, person_id=None, actor=actor)
    return len(before)


@transaction.atomic
def undo_close(org_id: UUID, before: Sequence[Before], *, actor: Actor, key: str) -> int:
    """How many are open again; those that somebody wrote in or closed otherwise since then stay as they are."""
    opened = 0
    for each in before:
        try:
            reopen(org_id, each.id, waiting_since=each.waiting_since, actor=actor, key=f"{key[:30]}-o")
        except (NotClosed, NotFound):
            continue
        assign(org_id, each.id, person_id=each.assignee_id, actor=actor)
        opened += 1
    return opened
