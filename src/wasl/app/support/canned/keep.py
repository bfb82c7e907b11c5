"""The team's canned answers: add, change, remove."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.notices import templating
from wasl.app.support.errors import CannedEmpty, CannedKnown
from wasl.app.support.hours.settings import held_settings
from wasl.app.support.models import CannedAnswer
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.ui import numbers

ANSWERS_MAX = 100
TITLE_CHARS_MAX = 80
VARIABLES = ("name", "number", "amount", "due_date", "link")


def answers(org: Any) -> list[CannedAnswer]:
    return list(CannedAnswer.objects.for_org(org).order_by("title")[:ANSWERS_MAX])


@transaction.atomic
def keep(org: Any, *, title: str, text_ar: str, text_en: str, actor: Actor, answer_id: UUID | None = None) -> CannedAnswer:
    """Add an answer, or change the one of `answer_id`. Raises CannedEmpty, CannedKnown, BadTemplate, TooLong, NotFound."""
    require(org.pk, actor)
    held_settings(org)  # one at a time
    name = numbers.line(title, TITLE_CHARS_MAX) or ""
    arabic, english = (templating.check(text, one_line=False, variables=VARIABLES) for text in (text_ar, text_en))
    if not name or not (arabic or english):
        raise CannedEmpty
    known = CannedAnswer.objects.for_org(org)
    row = known.filter(pk=answer_id).first() if answer_id else CannedAnswer(organisation_id=org.pk)
    if row is None:
        raise NotFound(what="answer")
    if known.filter(title=name).exclude(pk=row.pk).exists() or (answer_id is None and known.count() >= ANSWERS_MAX):
        raise CannedKnown(limit=ANSWERS_MAX)
    row.title, row.text_ar, row.text_en, row.changed_at = name, arabic, english, clock.now()
    row.save()
    audit(org.pk, actor, "canned.keep", "canned", row.pk)
    return row


@transaction.atomic
def remove(org: Any, answer_id: UUID, *, actor: Actor) -> CannedAnswer | None:
    """The removed answer, so that it can be brought back as it was; None where it is gone already."""
    require(org.pk, actor)
    row = CannedAnswer.objects.for_org(org).filter(pk=answer_id).first()
    if row is not None:
        CannedAnswer.objects.for_org(org).filter(pk=answer_id).delete()
        audit(org.pk, actor, "canned.remove", "canned", answer_id)
    return row
