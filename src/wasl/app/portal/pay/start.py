"""From a pressed button to the gateway's own page, and to no other address (T99)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from wasl.app.errors import Refused
from wasl.app.portal.pay.ways import Way


class StrangeAddress(Refused):
    """An answer of the gateway's that names another place than its own is not followed."""

    code, status = "WASL-PAY-73", 503
    en = "The bank sent us to an address that is not its own, so we did not go there. Nothing was taken."
    ar = "أحالنا البنك إلى عنوان ليس له، فلم نذهب إليه. لم يُخصم شيء."


def to_gateway(
    invoices: Sequence[Any], way: Way, *, return_url: str, amounts: Mapping[UUID, int] | None = None, save: bool = False, payer: Any = None
) -> str:  # fmt: skip
    """Where to send the payer for these invoices of one seller and currency. Raises what `start_payment` raises, and StrangeAddress."""
    from wasl.app.payments.pay import start_payment

    amount = amounts.get(invoices[0].pk) if amounts else None
    started = start_payment(invoices[0], way.driver, return_url=return_url, amount=amount)
    if not is_the_gateways(way.driver, started.url):
        raise StrangeAddress
    return started.url


def is_the_gateways(driver: str, address: str) -> bool:
    """Whether a payment page is where its gateway is."""
    bank, page = urlsplit(settings.CONFIG.bank_url), urlsplit(address)
    return not bank.netloc or (page.scheme, page.netloc) == (bank.scheme, bank.netloc)


def way_back(request: HttpRequest, viewer: Any) -> str:
    """Where the gateway sends this payer back to: the status page, which asks the gateway what became of it."""
    return request.build_absolute_uri(viewer.url("payer-pay-status") + "?back=1")
