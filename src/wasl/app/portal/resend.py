"""A fresh link to the address that an invoice was sent to: for a payer whose link has expired or was withdrawn."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from wasl.app import clock
from wasl.app.delivery.errors import BadAddress, NoRecipient
from wasl.app.delivery.send import deliver
from wasl.app.invoicing.find import find_invoice
from wasl.app.invoicing.links import ResolvedLink
from wasl.app.tenancy.models import Organisation

ONCE_IN = timedelta(minutes=10)  # pressing again within that time sends nothing more


def resend(link: ResolvedLink) -> None:
    """Queue a mail to the link's own recipient, or to the buyer's address for the link printed in the PDF. Where there is
    no address any more, nothing happens, and the page says the same."""
    org = Organisation.objects.get(pk=link.organisation_id)
    row = find_invoice(org, link.invoice_id)
    window = int(clock.now().timestamp() // ONCE_IN.total_seconds())
    with contextlib.suppress(NoRecipient, BadAddress):
        deliver(row, recipient=link.recipient, key=f"again {link.id} {window}", actor="system:portal")
