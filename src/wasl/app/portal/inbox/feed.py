"""The due dates of an inbox as a calendar that programs fetch by a private address (RFC 5545).

The address is a capability: made for one person and one inbox, computed from its id, kept only as a hash (T60), taken back at
any time, and dead once the person has no seat any more (T61). The calendar leads to pages behind the sign-in and holds no
link that pays or opens anything by itself: calendars are shared with colleagues and copied by services.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.notices import kinds
from wasl.app.notices.preferences import preferences_of
from wasl.app.portal.inbox.models import Feed
from wasl.app.portal.inbox.queries import Seller, sellers_by_id
from wasl.app.portal.inbox.rank import rank
from wasl.app.sql import run
from wasl.app.tenancy import keys
from wasl.app.tenancy.models_payers import PayerSeat
from wasl.app.tenancy.payers import Inbox
from wasl.app.tenancy.payers_acts import note
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.invoice.money import from_minor

EVENTS_MAX = 1_000  # the calendar programs we know slow down beyond some thousands
PAST_DAYS, AHEAD_DAYS = 120, 800
NINE_BEFORE = -timedelta(days=2, hours=15)  # an all-day entry begins at midnight: 9 in the morning, three days before
NINE_ON_THE_DAY = timedelta(hours=9)
REFRESH = timedelta(hours=6)
SEQUENCE_FROM = datetime(2020, 1, 1, tzinfo=UTC)
TOKEN_CHARS = 43


def token_of(feed_id: UUID) -> str:
    """256 bits, base64url."""
    mac = hmac.digest(keys.master().derive("inbox-feed"), feed_id.bytes, "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True)
class Address:
    """A calendar address as its owner sees it."""

    token: str
    created_at: datetime
    fetched_at: datetime | None

    @property
    def path(self) -> str:
        return reverse("inbox-feed", args=[self.token])


def address_of(inbox: Inbox) -> Address | None:
    """The live address of this person for this inbox."""
    row = _own(inbox).filter(revoked_at=None).order_by("-created_at").first()
    return Address(token_of(row.pk), row.created_at, row.fetched_at) if row else None


def _own(inbox: Inbox) -> Any:
    return Feed.objects.filter(payer=inbox.payer, person=inbox.person)


@transaction.atomic
def make(inbox: Inbox) -> Address:
    """A new address; the one before it stops at once."""
    revoke(inbox)
    feed_id = uuid7()
    row = Feed.objects.create(id=feed_id, payer=inbox.payer, person=inbox.person, token_hash=_hash(token_of(feed_id)), language=current())
    note(inbox.payer.pk, inbox.person.pk, "calendar.make", {"feed": str(feed_id)})
    return Address(token_of(feed_id), row.created_at, None)


@transaction.atomic
def revoke(inbox: Inbox) -> bool:
    """Stop the address; False where there was none."""
    stopped = _own(inbox).filter(revoked_at=None).update(revoked_at=clock.now())
    if stopped:
        note(inbox.payer.pk, inbox.person.pk, "calendar.revoke")
    return bool(stopped)


def resolve(token: str) -> Feed | None:
    """The feed that a token opens; None for every other text, a revoked one, and one whose owner lost the seat."""
    if len(token) != TOKEN_CHARS or not token.isascii():
        return None
    row = Feed.objects.filter(token_hash=_hash(token), revoked_at=None).first()
    if row is None or not PayerSeat.objects.filter(payer_id=row.payer_id, person_id=row.person_id, person__is_active=True).exists():
        return None
    if row.fetched_at is None or clock.now() - row.fetched_at > timedelta(hours=1):
        Feed.objects.filter(pk=row.pk).update(fetched_at=clock.now())
    return row


# Open ones by due date; and those settled lately, so that what was put into a calendar is taken out of it again
_DUE = """
SELECT t.organisation_id, t.invoice_id, t.number, t.due_date, t.currency, t.open_amount, t.state, coalesce(b.moved_at, i.issued_at)
FROM (
    (SELECT * FROM inbox_item WHERE payer_id = %(payer)s AND rank >= %(first)s AND rank < %(last)s AND archived_at IS NULL
     ORDER BY rank, id LIMIT %(limit)s)
    UNION ALL
    (SELECT * FROM inbox_item WHERE payer_id = %(payer)s AND rank >= 1000000 AND rank <= %(settled)s AND state IN (1, 2, 4, 5)
        AND due_date >= %(since)s ORDER BY rank, id LIMIT %(limit)s)
) t
JOIN invoicing_invoice i ON i.organisation_id = t.organisation_id AND i.id = t.invoice_id
LEFT JOIN payments_balance b ON b.organisation_id = t.organisation_id AND b.id = t.invoice_id
ORDER BY t.due_date, t.id
"""


def calendar(payer: Any, today: date, *, origin: str, email: str = "") -> bytes:
    """The calendar in the language of the moment, with the alarms that `email` wants in it."""
    alarms = alarms_of(email)
    first, last = today - timedelta(days=PAST_DAYS), today + timedelta(days=AHEAD_DAYS)
    values = {
        "payer": getattr(payer, "pk", payer), "first": rank(first, None), "last": rank(last, None), "since": first, "settled": rank(None, first),
        "limit": EVENTS_MAX,
    }  # fmt: skip
    rows = run(_DUE, values)
    sellers = sellers_by_id(row[0] for row in rows)
    made = Calendar()
    made.add("prodid", "-//Wasl//inbox//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _("Invoices due"))
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in rows[:EVENTS_MAX]:
        made.add_component(_event(row, sellers[row[0]], origin, alarms))
    return made.to_ical()


def alarms_of(email: str) -> tuple[timedelta, ...]:
    """Some days before, and on the day: each as the address chose it among its preferences."""
    wanted = preferences_of(email)
    chosen = ((kinds.DUE_SOON, NINE_BEFORE), (kinds.DUE, NINE_ON_THE_DAY))
    return tuple(alarm for kind, alarm in chosen if kinds.ICS in wanted.on(kind))


def _event(row: tuple[Any, ...], seller: Seller, origin: str, alarms: tuple[timedelta, ...]) -> Event:
    org_id, invoice_id, number, due, currency, left, state, moved_at = row
    name, url = seller.name_in(current()), origin + reverse("inbox-payer", args=[org_id, invoice_id])
    event = Event()
    event.add("uid", f"{invoice_id}@{settings.CONFIG.host}")  # as in the entry of one invoice: added twice, it is kept once
    event.add("dtstamp", moved_at)
    event.add("last-modified", moved_at)
    event.add("sequence", max(int((moved_at - SEQUENCE_FROM).total_seconds()) // 60, 0))
    event.add("dtstart", due)
    event.add("dtend", due + timedelta(days=1))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")  # a day on which something is due is not a busy day
    event.add("url", url)
    if state:
        event.add("status", "CANCELLED")
        event.add("summary", _("Settled: %(seller)s, invoice %(number)s") % {"seller": name, "number": number})
        return event
    title = _("Pay %(seller)s %(amount)s") % {"seller": name, "amount": format.money(from_minor(left, currency), currency)}
    event.add("status", "CONFIRMED")
    event.add("summary", title)
    event.add("description", _("Invoice %(number)s. See it and pay here:") % {"number": number} + f"\n{url}")
    for trigger in alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", trigger)
        event.add_component(alarm)
    return event
