"""The due date as a calendar entry with an alarm (RFC 5545). Calendars are shared with colleagues and synchronised by
others, so the entry holds the pay link and never a person's own one."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from wasl.app.portal.share import pay_link
from wasl.app.portal.viewer import Viewer
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.invoice.money import from_minor

ALARM_BEFORE = timedelta(days=2, hours=15)  # 9 in the morning, three days before: an all-day entry begins at midnight


def due_event(viewer: Viewer) -> bytes | None:
    """The .ics file, or None where nothing will be due on a day. The same invoice gives the same entry, so adding it twice keeps one."""
    row, due = viewer.row, viewer.due
    left = viewer.standing.balance
    if due is None or due < viewer.today or left <= 0 or row.is_credit_note:
        return None
    seller = format.shown(viewer.org.name_in(current()))
    amount = format.money(from_minor(left, row.currency), row.currency)
    title = _("Pay %(seller)s %(amount)s") % {"seller": seller, "amount": amount}
    entry = Event()
    entry.add("uid", f"{row.pk}@{settings.CONFIG.host}")
    entry.add("dtstamp", row.issued_at)
    entry.add("dtstart", due)
    entry.add("dtend", due + timedelta(days=1))
    entry.add("summary", title)
    entry.add("description", _("Invoice %(number)s. See what is left and pay here:") % {"number": row.number} + f"\n{pay_link(viewer)}")
    entry.add("url", pay_link(viewer))
    entry.add("class", "PRIVATE")
    entry.add("transp", "TRANSPARENT")  # a day on which something is due is not a busy day
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -ALARM_BEFORE)
    entry.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Wasl//invoice//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return calendar.to_ical()
