"""The one page of the account: details, addresses, people, ways to sign in, data, and what happened here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from wasl.app.invoicing.models import CustomerRequest
from wasl.app.invoicing.requests import Known, sellers_of
from wasl.app.portal.account.devices import devices_of
from wasl.app.portal.door import by_inbox
from wasl.app.tenancy.models import Person
from wasl.app.tenancy.models_payers import PayerAct, PayerSeat
from wasl.app.tenancy.payers import Inbox, inboxes_of
from wasl.app.tenancy.payers_addresses import addresses_of
from wasl.app.tenancy.payers_passkeys import passkeys_of, works_at
from wasl.app.tenancy.payers_share import open_invites
from wasl.app.ui.i18n import current
from wasl.app.ui.macros import name
from wasl.invoice.codes import COUNTRIES, country_name

ACTS_SHOWN = 12
ZONE = "UTC"  # the reader's own zone is asked first; an inbox has no place of its own


@dataclass(frozen=True)
class Section:
    """A part of the page, for the list beside it."""

    id: str
    label: str
    icon: str


@dataclass(frozen=True)
class Happened:
    """One act in words."""

    at: datetime
    words: Markup


@require_safe
@by_inbox()
def account(request: Any, inbox: Inbox) -> HttpResponse:
    person, lang = inbox.person, current()
    countries = sorted(((code, country_name(code, lang)) for code in COUNTRIES), key=lambda pair: pair[1])
    context = {
        "place": "account",
        "inbox": inbox,
        "person": person,
        "is_owner": inbox.may(PayerSeat.OWNER),
        "sections": sections(),
        "countries": [("", _("Not said")), *countries],
        "sellers": [Seller(known, lang) for known in sellers_of(inbox.payer)] if inbox.may(PayerSeat.OWNER) else [],
        "addresses": addresses_of(person),
        "movable": [each for each in inboxes_of(person) if each.can_pay],
        "seats": _seats(inbox) if inbox.is_shared else [],
        "invites": open_invites(inbox) if inbox.is_shared and inbox.may(PayerSeat.OWNER) else [],
        "roles": roles(),
        "role_words": dict(roles()),
        "passkeys": passkeys_of(person),
        "has_passkeys": works_at(request),
        "devices": devices_of(request, person),
        "happened": happened(inbox),
        "zone": ZONE,
    }
    return render(request, "portal/account/account.html", context)


class Seller:
    """A seller that keeps a record of this payer, in the reader's language."""

    def __init__(self, known: Known, lang: str) -> None:
        self.name, self.customer, self.invoices = known.org.name_in(lang), known.customer_id, known.invoices
        self.asked = known.asked
        self.waits = known.asked is not None and known.asked.state == CustomerRequest.OPEN

    @property
    def answer(self) -> str:
        """What became of the last request."""
        if self.asked is None:
            return ""
        return {
            CustomerRequest.OPEN: _("Asked, not answered yet"),
            CustomerRequest.ACCEPTED: _("Accepted: the next invoices carry your details"),
            CustomerRequest.DECLINED: _("Declined by the seller"),
        }[self.asked.state]


def sections() -> list[Section]:
    return [
        Section("details", _("Your details"), "person"),
        Section("addresses", _("Addresses"), "mail"),
        Section("people", _("Shared inbox"), "people"),
        Section("signing-in", _("Signing in"), "lock"),
        Section("data", _("Your data"), "file"),
    ]


def roles() -> list[tuple[str, str]]:
    return [(PayerSeat.VIEW, _("Looks only")), (PayerSeat.PAY, _("Looks and pays")), (PayerSeat.OWNER, _("Owner"))]


def _seats(inbox: Inbox) -> list[PayerSeat]:
    return list(PayerSeat.objects.filter(payer=inbox.payer).select_related("person").order_by("created_at"))


def happened(inbox: Inbox) -> list[Happened]:
    """The last acts in this inbox, newest first. Who is named as long as the person is here."""
    rows = list(PayerAct.objects.filter(payer_id=inbox.payer.pk).order_by("-at", "-id")[:ACTS_SHOWN])
    people = {person.pk: person for person in Person.objects.filter(pk__in={row.person_id for row in rows}, is_active=True)}
    said = [(row, words_of_act(row.act)) for row in rows]
    return [Happened(row.at, Markup(words) % {"who": name(_who(people.get(row.person_id), inbox))}) for row, words in said if words]  # noqa: S704 - our own words


def _who(person: Any, inbox: Inbox) -> str:
    if person is None:
        return _("Somebody who has left")
    return _("You") if person.pk == inbox.person.pk else person.get_full_name()


def words_of_act(act: str) -> str:
    """A sentence about `%(who)s`; "" for an act that is nobody's business."""
    return {
        "inbox.open": _("%(who)s: opened this inbox"),
        "details.save": _("%(who)s: changed the details"),
        "address.prove": _("%(who)s: added an address"),
        "address.primary": _("%(who)s: chose another main address"),
        "address.remove": _("%(who)s: removed an address"),
        "address.keep": _("%(who)s: kept an address after all"),
        "address.move": _("%(who)s: moved an address here"),
        "person.invite": _("%(who)s: invited somebody"),
        "person.withdraw": _("%(who)s: withdrew an invitation"),
        "person.join": _("%(who)s: joined"),
        "person.role": _("%(who)s: changed a role"),
        "person.remove": _("%(who)s: removed somebody"),
        "person.leave": _("%(who)s: left"),
        "passkey.add": _("%(who)s: added a passkey"),
        "passkey.remove": _("%(who)s: removed a passkey"),
        "device.end": _("%(who)s: signed a device out"),
        "device.end-others": _("%(who)s: signed all other devices out"),
    }.get(act, "")
