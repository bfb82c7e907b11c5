"""Views that a reader keeps: a name for a set of filters. Each belongs to one person in one inbox; a removed one can be brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from wasl.app import clock
from wasl.app.portal.inbox.filters import read
from wasl.app.portal.inbox.models import View
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui.numbers import line
from wasl.errors import WaslError

VIEWS_MAX = 20  # of one person in one inbox: more than a row of chips is no help
NAME_CHARS_MAX = 60
REMOVED_KEPT = timedelta(days=30)
REMOVED_KEY = "wasl_view_removed"


class ViewRefused(WaslError):
    code = "WASL-INBOX-01"
    en = "Give the view a name of 1 to {limit} characters."
    ar = "اختر للعرض المحفوظ اسمًا من 1 إلى {limit} حرفًا."


class TooManyViews(WaslError):
    code = "WASL-INBOX-02"
    en = "You have {limit} saved views already. Remove one that you no longer use."
    ar = "لديك {limit} عرضًا محفوظًا. احذف منها ما لم تعد تستعمله."


@dataclass(frozen=True)
class Kept:
    id: UUID
    name: str
    query: str

    @property
    def href(self) -> str:
        return f"{reverse('inbox')}?{self.query}"


def views(inbox: Inbox) -> list[Kept]:
    """In the order they were made."""
    rows = _own(inbox).filter(removed_at=None).order_by("created_at", "id")
    return [Kept(row.pk, row.name, row.query) for row in rows]


def _own(inbox: Inbox) -> Any:
    return View.objects.filter(payer=inbox.payer, person=inbox.person)


@transaction.atomic
def save(inbox: Inbox, name: str, query: str) -> Kept:
    """Keep the filters under a name; a view of that name takes the new filters. Raises ViewRefused, TooManyViews."""
    name = _name(name)
    filters = read(dict(parse_qsl(query[:1000]))).query()
    known = _own(inbox).select_for_update().filter(name=name, removed_at=None).first()
    if known is not None:
        known.query = filters
        known.save(update_fields=["query"])
        return Kept(known.pk, name, filters)
    if _own(inbox).filter(removed_at=None).count() >= VIEWS_MAX:
        raise TooManyViews(limit=VIEWS_MAX)
    _own(inbox).filter(removed_at__lt=clock.now() - REMOVED_KEPT).delete()
    made = View.objects.create(payer=inbox.payer, person=inbox.person, name=name, query=filters)
    return Kept(made.pk, name, filters)


def _name(given: str) -> str:
    try:
        name = line(given, NAME_CHARS_MAX)
    except WaslError:
        name = None
    if not name:
        raise ViewRefused(limit=NAME_CHARS_MAX)
    return name


def rename(inbox: Inbox, view_id: UUID, name: str) -> bool:
    """False where the reader has no such view. Raises ViewRefused."""
    return bool(_own(inbox).filter(pk=view_id, removed_at=None).update(name=_name(name)))


def remove(inbox: Inbox, view_id: UUID) -> bool:
    return bool(_own(inbox).filter(pk=view_id, removed_at=None).update(removed_at=clock.now()))


def restore(inbox: Inbox, view_id: UUID) -> bool:
    return bool(_own(inbox).filter(pk=view_id, removed_at__isnull=False).update(removed_at=None))


def just_removed(request: HttpRequest, inbox: Inbox) -> Kept | None:
    """The view that the last act removed, once: the page offers to bring it back."""
    view_id = request.session.pop(REMOVED_KEY, None)
    row = _own(inbox).filter(pk=view_id, removed_at__isnull=False).first() if view_id else None
    return Kept(row.pk, row.name, row.query) if row else None
