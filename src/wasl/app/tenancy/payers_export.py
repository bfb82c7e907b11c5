"""What the installation knows about one reader, as plain values; higher floors add what they keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession

from wasl.app.tenancy.models import Person
from wasl.app.tenancy.models_payers import Payer, PayerAct, PayerAddress, PayerSeat
from wasl.app.tenancy.payers_passkeys import passkeys_of

Exporter = Callable[[list[str], list[UUID]], Any]  # of the person's addresses and own inboxes: something that JSON can hold
_exporters: dict[str, Exporter] = {}
_DETAILS = ("kind", "name", "vat_identifier", "phone", "line_1", "line_2", "city", "post_code", "country", "language")


def exporter(name: str, export: Exporter) -> None:
    """Let a higher floor add its part under `name`."""
    _exporters[name] = export


def addresses_of(person: Person) -> list[str]:
    """Every address that the person has proven."""
    return sorted({person.email, *PayerAddress.objects.filter(person=person).values_list("email", flat=True)})


def known_of(person: Person) -> dict[str, Any]:
    """Everything but the invoices, ready for JSON (dates as ISO 8601)."""
    addresses = list(PayerAddress.objects.filter(person=person).order_by("proven_at"))
    seats = list(PayerSeat.objects.filter(person=person).select_related("payer").order_by("created_at"))
    own = [seat.payer_id for seat in seats if seat.payer.kind == Payer.OWN]
    emails = addresses_of(person)
    return {
        "person": {"id": person.pk, "email": person.email, "name": person.name, "language": person.language, "since": person.created_at},
        "addresses": [{"email": row.email, "proven_at": row.proven_at, "leaves_at": row.leaves_at, "inbox": row.payer_id} for row in addresses],
        "inboxes": [
            {"id": seat.payer_id, "role": seat.role, "since": seat.created_at, **{name: getattr(seat.payer, name) for name in _DETAILS}}
            for seat in seats
        ],
        "passkeys": [{"name": key.name, "added": key.created_at, "last_used": key.last_used_at} for key in passkeys_of(person)],
        "devices": [
            {"agent": row.user_agent, "since": row.created_at, "last_seen": row.last_seen_at} for row in UserSession.objects.filter(user=person)
        ],
        "acts": [{"at": row.at, "act": row.act, "inbox": row.payer_id} for row in PayerAct.objects.filter(person_id=person.pk).order_by("at")],
        **{name: export(emails, own) for name, export in _exporters.items()},
    }
