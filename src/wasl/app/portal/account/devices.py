"""Where somebody is signed in: each device in words, with when it was last used; sign out of one, or of all the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from wasl.app.errors import NotFound
from wasl.app.portal.account.acting import act
from wasl.app.portal.account.signin import begin
from wasl.app.tenancy.organisations import end_sessions
from wasl.app.tenancy.payers import SESSION_KEY, Inbox
from wasl.app.tenancy.payers_acts import note

# The first that occurs decides: browsers name each other in their own names
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser", "Yandex"), ("FxiOS", "Firefox"), ("Firefox", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)  # fmt: skip
UNKNOWN = lazy("A device that does not say what it is")


@dataclass(frozen=True)
class Device:
    """One signed-in browser."""

    id: int
    words: str
    is_this: bool
    since: datetime
    seen: datetime


def words_of(agent: str) -> str:
    """ "Safari, iPhone", from what a browser says of itself; never the string itself, which anybody can write."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or str(UNKNOWN)


def devices_of(request: Any, person: Any) -> list[Device]:
    """The living sessions of a person, this one first, then the latest used."""
    rows = UserSession.objects.purge_and_list(person)
    found = [
        Device(row.pk, words_of(row.user_agent), row.session_key == request.session.session_key, row.created_at, row.last_seen_at) for row in rows
    ]
    return sorted(found, key=lambda device: (not device.is_this, -device.seen.timestamp()))


@act("signing-in")
def end(request: Any, inbox: Inbox, session_id: int) -> str:
    row = UserSession.objects.filter(user=inbox.person, pk=session_id).first()
    if row is None:
        raise NotFound(what="session")
    row.end()
    note(inbox.payer.pk, inbox.person.pk, "device.end")
    return _("That device is signed out.")


@act("signing-in")
def end_others(request: Any, inbox: Inbox) -> str:
    """Every session dies by its hash, also those that no row names; this one begins anew."""
    chosen, method = request.session.get(SESSION_KEY), request.session.get("wasl_signed_in_by", "code")
    at = request.session.get("wasl_signed_in_at", 0)
    end_sessions(inbox.person.pk)
    inbox.person.refresh_from_db()
    begin(request, inbox.person, method, at=at)
    request.session[SESSION_KEY] = chosen
    note(inbox.payer.pk, inbox.person.pk, "device.end-others")
    return _("Every other device is signed out.")
