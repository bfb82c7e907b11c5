"""The whole history of an invoice at the seller's desk, and as a file: all addresses, and which colleague did what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from wasl.app.console.access import member, show
from wasl.app.console.invoice import row_or_404
from wasl.app.portal import queries
from wasl.app.portal.history import Entry, Reader, people_of, timeline, upcoming
from wasl.app.portal.open_link import published_at
from wasl.app.portal.story import KINDS, story_file


def told(org: Any, row: Any) -> list[Entry]:
    """The story as the seller reads it."""
    reader = Reader(True, org.time_zone, org.country, people=people_of(org))
    return timeline(
        queries.events_of(row), reader, logged_at=published_at(row), proof_url=reverse("console-file", args=[org.slug, row.pk, "proof"]),
        upcoming=upcoming(row, reader), talk_url=reverse("console-questions", args=[org.slug]) + "/",
    )  # fmt: skip


@require_safe
@member
def history(request: Any, invoice_id: UUID) -> HttpResponse:
    row = row_or_404(request, invoice_id)
    files = [(kind.upper(), reverse("console-history-file", args=[request.org.slug, row.pk, kind])) for kind in KINDS]
    return show(request, "console/history.html", "invoices", row=row, entries=told(request.org, row), files=files)


@require_safe
@member
def exported(request: Any, invoice_id: UUID, kind: str) -> HttpResponse:
    row = row_or_404(request, invoice_id)
    return story_file(told(request.org, row), kind, row, request.org)
