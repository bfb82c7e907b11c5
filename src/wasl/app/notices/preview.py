"""What would come next, for preferences that are saved or only tried: the planner's own answer, with nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wasl.app import clock
from wasl.app.notices.plan import Facts, next_notice
from wasl.app.notices.preferences import Preferences, preferences_of, zone
from wasl.app.notices.wishes import Wishes
from wasl.app.sql import run
from wasl.app.tenancy.models import normalise_email

WATCHES_MAX = 200  # of one address: what comes next of all is among those that are due next

_WATCHES = """
SELECT w.organisation_id, w.invoice_id, i.number, o.name_ar, o.name_en, o.country, w.due_date, w.done_through, w.remind_on
FROM notices_watch w
JOIN invoicing_invoice i ON i.organisation_id = w.organisation_id AND i.id = w.invoice_id
JOIN tenancy_organisation o ON o.id = w.organisation_id
WHERE w.email = %(email)s AND w.closed = '' AND w.due_date IS NOT NULL
  AND (%(invoice)s::uuid IS NULL OR (w.organisation_id = %(org)s::uuid AND w.invoice_id = %(invoice)s::uuid))
ORDER BY w.next_at NULLS LAST, w.due_date LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder still to come. `at` in UTC; `zone` is the wall it is planned on."""

    at: datetime
    kind: str
    step: int
    organisation_id: UUID
    invoice_id: UUID
    number: str
    name_ar: str
    name_en: str
    country: str
    due_date: date
    zone: ZoneInfo

    def seller_name(self, lang: str) -> str:
        first, second = (self.name_ar, self.name_en) if lang == "ar" else (self.name_en, self.name_ar)
        return first or second

    @property
    def day(self) -> date:
        """On the reader's wall."""
        return self.at.astimezone(self.zone).date()


def coming(
    email: str, preferences: Preferences | None = None, *, invoice: Any = None, now: datetime | None = None, limit: int = 5
) -> list[Coming]:
    """The next reminder of each invoice that the address is watched for, the nearest first; of one invoice where it is given."""
    address, moment = normalise_email(email), now or clock.now()
    place = {"org": getattr(invoice, "organisation_id", None), "invoice": getattr(invoice, "pk", None)}
    rows = run(_WATCHES, {"email": address, "limit": WATCHES_MAX, **place})
    if not rows:
        return []
    wanted = preferences if preferences is not None else preferences_of(address)
    wishes = Wishes.load({row[0] for row in rows}, ())
    found = []
    for org_id, invoice_id, number, name_ar, name_en, country, due, done, remind_on in rows:
        time_zone, place_country = wishes.places[org_id]
        own = wanted.at(time_zone=time_zone, country=place_country)
        plan = next_notice(Facts(due, True, done, remind_on), wishes.rhythm(org_id), own, moment)
        if plan is not None:
            found.append(
                Coming(plan.at, plan.kind, plan.step, org_id, invoice_id, number, name_ar, name_en, country, due, zone(own.time_zone))
            )
    return sorted(found, key=lambda each: each.at)[:limit]


_OF_INVOICE = """
SELECT DISTINCT email FROM notices_watch
WHERE organisation_id = %s AND invoice_id = %s AND closed = '' AND due_date IS NOT NULL ORDER BY email LIMIT 20
"""


def next_of(invoice: Any, email: str = "") -> Coming | None:
    """The next reminder of one invoice: to one address, or, for the seller, the first to any of those it was sent to."""
    emails = [email] if email else [row[0] for row in run(_OF_INVOICE, (invoice.organisation_id, invoice.pk))]
    found = [each for address in emails for each in coming(address, invoice=invoice, limit=1)]
    return min(found, key=lambda each: each.at, default=None)
