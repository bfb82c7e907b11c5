"""What a reader says of themselves or of their company: shown to them, asked of sellers as a correction, never put into a sealed document."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from wasl.app.tenancy.models_payers import PayerSeat
from wasl.app.tenancy.payers import Inbox
from wasl.app.tenancy.payers_acts import note
from wasl.app.tenancy.payers_text import clean

FIELDS = {"name": 80, "vat_identifier": 40, "phone": 40, "line_1": 200, "line_2": 200, "city": 100, "post_code": 20}  # longest, in characters


@transaction.atomic
def save(inbox: Inbox, given: Mapping[str, str]) -> None:
    """Keep the details of an inbox, from plain text; `country` and `language` are checked by the caller. Owners only."""
    assert inbox.may(PayerSeat.OWNER)
    payer, person = inbox.payer, inbox.person
    for field, limit in FIELDS.items():
        setattr(payer, field, clean(given.get(field, ""), limit))
    payer.country, payer.language = given.get("country", ""), given.get("language", "")
    payer.save()
    if not inbox.is_shared:
        person.name, person.language = payer.name, payer.language
        person.save(update_fields=["name", "language"])
    note(payer.pk, person.pk, "details.save")
