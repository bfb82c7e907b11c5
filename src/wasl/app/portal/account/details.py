"""A reader's own details, and asking sellers to take them over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from wasl.app.errors import NotFound
from wasl.app.invoicing import requests
from wasl.app.portal.account.acting import act
from wasl.app.portal.account.tasks import mail_request
from wasl.app.tenancy import payers_details as service
from wasl.app.tenancy.models_payers import PayerSeat
from wasl.app.tenancy.payers import Inbox
from wasl.app.tenancy.payers_text import clean
from wasl.app.ui.i18n import LANGUAGES
from wasl.errors import WaslError
from wasl.invoice.codes import COUNTRIES


class UnknownCountry(WaslError):
    code = "WASL-PAYER-13"
    en = "Choose the country from the list, or leave it empty."
    ar = "اختر الدولة من القائمة، أو اتركها فارغة."


class NothingToAsk(WaslError):
    code = "WASL-PAYER-14"
    en = "Fill in your details and save them first; then the seller has something to correct."
    ar = "املأ بياناتك واحفظها أولًا، ليكون لدى البائع ما يصحّحه."


@act("details", role=PayerSeat.OWNER)
def save(request: Any, inbox: Inbox) -> str:
    given = {name: request.POST.get(name, "") for name in (*service.FIELDS, "country", "language")}
    if given["country"] and given["country"] not in COUNTRIES:
        raise UnknownCountry
    given["language"] = given["language"] if given["language"] in LANGUAGES else ""
    service.save(inbox, given)
    return _("Your details are saved.")


@act("details", role=PayerSeat.OWNER)
def ask(request: Any, inbox: Inbox) -> str:
    """Ask one seller to take the saved details into its record."""
    try:
        customer_id = UUID(request.POST.get("customer", ""))
    except ValueError:
        raise NotFound(what="customer") from None
    fields = {name: clean(getattr(inbox.payer, name), 200) for name in requests.FIELDS}
    if not fields["name"]:
        raise NothingToAsk
    with transaction.atomic():
        made = requests.ask_correction(inbox.payer, inbox.person.pk, customer_id, fields)
        mail_request.defer(org_id=str(made.organisation_id), request_id=str(made.pk))
    return _("The seller has your request. Once it is accepted, the next invoices carry your details; those already issued stay as they are.")
