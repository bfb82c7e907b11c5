"""The calls that customers asked for, each with its invoice, in the order in which they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.support import words
from wasl.app.support.hours.phone import shown
from wasl.app.support.models import CallBack
from wasl.app.ui import format

PAGE_ROWS = 25
COUNT_MAX = 100

_CALLS = """
SELECT c.id, c.invoice_id, c.state, c.state_at, c.slot_from, c.slot_until, c.phone, c.email, c.about, c.language, c.tries,
       i.number, coalesce(t.buyer_name, ''), coalesce(nullif(p.name, ''), p.email, '')
FROM support_callback c
JOIN invoicing_invoice i ON i.organisation_id = c.organisation_id AND i.id = c.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = c.organisation_id AND t.id = c.invoice_id
LEFT JOIN tenancy_person p ON p.id = c.person_id
WHERE c.organisation_id = %(org)s AND {which} {about}
ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""
_WAITING = ("c.state IN ('open', 'unanswered')", "c.slot_from, c.id")
_OVER = ("c.state IN ('done', 'cancelled')", "c.state_at DESC, c.id")
_COUNT = """
SELECT count(*) FROM (
    SELECT 1 FROM support_callback WHERE organisation_id = %s AND state IN ('open', 'unanswered') AND slot_from <= %s LIMIT %s) w
"""


@dataclass(frozen=True, slots=True)
class CallShown:
    """A call as the desk shows it. `phone` "" once it was erased."""

    id: UUID
    invoice_id: UUID
    state: str
    state_at: datetime
    slot_from: datetime
    slot_until: datetime
    phone: str
    email: str
    about: str
    language: str
    tries: int
    number: str
    buyer: str
    person: str

    @property
    def is_live(self) -> bool:
        return self.state in CallBack.LIVE

    @property
    def is_due(self) -> bool:
        return self.is_live and self.slot_from <= clock.now()

    @property
    def number_shown(self) -> str:
        return shown(self.phone) if self.phone else ""

    @property
    def speaks(self) -> str:
        return pgettext("language", "Arabic") if self.language == "ar" else pgettext("language", "English")

    @property
    def label(self) -> str:
        return {
            CallBack.OPEN: pgettext("state of a call", "Now") if self.is_due else pgettext("state of a call", "Planned"),
            CallBack.UNANSWERED: pgettext("state of a call", "Nobody picked up"),
            CallBack.DONE: pgettext("state of a call", "Called"),
            CallBack.CANCELLED: pgettext("state of a call", "Cancelled"),
        }[self.state]

    @property
    def tone(self) -> str:
        tones = {CallBack.OPEN: "info", CallBack.UNANSWERED: "wait", CallBack.DONE: "good", CallBack.CANCELLED: "off"}
        return "late" if self.state == CallBack.OPEN and self.is_due else tones[self.state]

    @property
    def late(self) -> str:
        """How long its slot is over already; "" before."""
        over = clock.now() - self.slot_until
        return _("%(time)s late") % {"time": words.lasted(over)} if self.is_live and over.total_seconds() > 0 else ""

    def when(self, org: Any) -> str:
        """ "Sunday 29 November, 09:00-10:00" on the seller's wall."""
        day = format.local_day(self.slot_from, org.time_zone)
        hours = f"{format.clock(self.slot_from, org.time_zone)}–{format.clock(self.slot_until, org.time_zone)}"
        return f"{format.day_and_weekday(day, org.country)}{format.comma()} {format.isolate(hours)}"


def calls(org: Any, *, over: bool = False, invoice_id: UUID | None = None, page: int = 1, rows: int = PAGE_ROWS) -> tuple[list[CallShown], bool]:
    """A page of calls that wait (or are over), and whether there is a next one."""
    which, order = _OVER if over else _WAITING
    sql = _CALLS.format(which=which, about="AND c.invoice_id = %(invoice)s" if invoice_id else "", order=order)
    found = run(sql, {"org": org.pk, "invoice": invoice_id, "limit": rows + 1, "offset": (page - 1) * rows})
    return [CallShown(*row) for row in found[:rows]], len(found) > rows


def due_count(org_id: UUID) -> int:
    """How many are to be called now, counted to COUNT_MAX at most."""
    return run(_COUNT, (org_id, clock.now(), COUNT_MAX))[0][0]
