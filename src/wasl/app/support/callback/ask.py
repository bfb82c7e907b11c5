"""A payer asks for a call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from wasl.app import clock, live
from wasl.app.events.record import record
from wasl.app.support.callback.slots import slot_of
from wasl.app.support.conversations import Payer
from wasl.app.support.errors import CallWaits, NoCalls, SlotTaken, TooManyCalls
from wasl.app.support.hours.phone import phone as checked_phone
from wasl.app.support.hours.settings import held_settings
from wasl.app.support.models import CallBack
from wasl.app.tenancy.models import normalise_email
from wasl.app.ui import numbers

ABOUT_CHARS_MAX = 200
DAY = timedelta(days=1)
INVOICE_MAX = 4  # requests about one invoice a day, cancelled ones too
PAYER_MAX = 8  # of one person a day, over all invoices


@transaction.atomic
def call_back(org: Any, invoice: Any, *, phone: str, slot: str, about: str = "", language: str, by: Payer, key: str) -> CallBack:
    """Plan a call. `slot` is the key of a free one. The same form sent twice is one call.

    Raises NoCalls, BadPhone, SlotTaken, CallWaits, TooManyCalls, TooLong, ControlCharacter.
    """
    number = checked_phone(phone, org.country)
    said = numbers.line(about, ABOUT_CHARS_MAX) or ""
    if not held_settings(org).takes_calls:  # locked: two who want the last place of a slot wait for each other
        raise NoCalls
    known = CallBack.objects.for_org(org).filter(invoice_id=invoice.pk)
    email = normalise_email(by.email)
    if repeated := known.filter(key=key).first():
        return repeated
    if live_call(org, invoice, email) is not None:
        raise CallWaits
    since = clock.now() - DAY
    if known.filter(created_at__gt=since).count() >= INVOICE_MAX:
        raise TooManyCalls
    if CallBack.objects.for_org(org).filter(email=email, created_at__gt=since).count() >= PAYER_MAX:
        raise TooManyCalls
    chosen = slot_of(org, slot)
    if chosen is None:
        raise SlotTaken
    row = CallBack.objects.create(
        organisation_id=org.pk, invoice_id=invoice.pk, slot_from=chosen.start, slot_until=chosen.end, phone=number, email=email, about=said,
        language=language, key=key,
    )  # fmt: skip
    told(row, "call-asked", by=email)
    return row


def live_call(org: Any, invoice: Any, email: str) -> CallBack | None:
    """The call that this person waits for, about this invoice."""
    return CallBack.objects.for_org(org).filter(invoice_id=invoice.pk, email=normalise_email(email), state__in=CallBack.LIVE).first()


def told(row: CallBack, event: str, *, by: str) -> None:
    """The event of an act, without the number: it is nobody's business who reads the history."""
    data = {"call": str(row.pk), "slot": row.slot_from.isoformat(), "by": by}
    if "@" in by:
        data["recipient"] = by
    live.tell(live.topics.desk(row.organisation_id), "call", {"id": str(row.pk)})
    record(event, org=row.organisation_id, invoice=row.invoice_id, at=clock.now(), data=data)
