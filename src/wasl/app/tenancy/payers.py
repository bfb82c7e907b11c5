"""Inboxes: which a person may open, and which of them a request is about.

A signed-in person chooses an inbox; what they may do there is read anew with every request, so a seat that was taken away
or made smaller counts at once (T61).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app.tenancy.models import Person
from wasl.app.tenancy.models_payers import Payer, PayerAddress, PayerSeat

ROLES = (PayerSeat.VIEW, PayerSeat.PAY, PayerSeat.OWNER)  # each may what the one before it may
SESSION_KEY = "wasl_inbox"


@dataclass(frozen=True)
class Inbox:
    """An inbox as one person sees it. `payer` is the scope of every query: `Model.objects.for_payer(inbox.payer)`."""

    payer: Payer
    person: Any
    role: str

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def can_pay(self) -> bool:
        return self.may(PayerSeat.PAY)

    @property
    def is_shared(self) -> bool:
        return self.payer.kind == Payer.COMPANY

    @property
    def name(self) -> str:
        """What to call it: its own name, else the person's, else the person's address."""
        return self.payer.name or ("" if self.is_shared else self.person.name) or self.person.email

    @property
    def emails(self) -> list[str]:
        """The proven addresses whose invoices lie here, the oldest first."""
        return list(PayerAddress.objects.filter(payer=self.payer).order_by("proven_at", "id").values_list("email", flat=True))


def inboxes_of(person: Any) -> list[Inbox]:
    """Every inbox that a person may open: the person's own first, then companies by name."""
    seats = PayerSeat.objects.filter(person=person).select_related("payer")
    found = [Inbox(seat.payer, person, seat.role) for seat in seats]
    return sorted(found, key=lambda inbox: (inbox.is_shared, inbox.name, str(inbox.payer.pk)))


def inbox_of(request: Any) -> Inbox | None:
    """The inbox that the visitor has open; None for a stranger, and for somebody who has no inbox yet.

    The session only remembers which one. A choice that is no longer allowed falls back to the first that is.
    """
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or not person.is_active:
        return None
    found = inboxes_of(person)
    chosen = request.session.get(SESSION_KEY)
    return next((inbox for inbox in found if str(inbox.payer.pk) == chosen), found[0] if found else None)


def choose(request: Any, payer_id: UUID) -> bool:
    """Open another inbox in this session; False where the person has no seat there."""
    if not PayerSeat.objects.filter(person=request.user, payer_id=payer_id).exists():
        return False
    request.session[SESSION_KEY] = str(payer_id)
    return True


@transaction.atomic
def own_inbox(person: Any) -> Inbox:
    """The person's own inbox; made at its first use."""
    Person.objects.select_for_update().get(pk=person.pk)  # two tabs at once make one inbox
    seat = PayerSeat.objects.filter(person=person, payer__kind=Payer.OWN).select_related("payer").first()
    if seat is None:
        payer = Payer.objects.create(kind=Payer.OWN, name=person.name, language=person.language)
        seat = PayerSeat.objects.create(payer=payer, person=person, role=PayerSeat.OWNER)
    return Inbox(seat.payer, person, seat.role)
