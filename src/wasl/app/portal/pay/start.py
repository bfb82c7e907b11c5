"""From a pressed button to the gateway's own page, and to no other address (T99)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wasl.app.errors import Refused
from wasl.app.payments.drivers import registry
from wasl.app.payments.pay import Started
from wasl.app.portal.pay.ways import Way
from wasl.app.ui.i18n import current

WILD = "https://*"


class StrangeAddress(Refused):
    """An answer of the gateway's that names another place than its own is not followed."""

    code, status = "WASL-PAY-73", 503
    en = "The bank sent us to an address that is not its own, so we did not go there. Nothing was taken."
    ar = "أحالنا البنك إلى عنوان ليس له، فلم نذهب إليه. لم يُخصم شيء."


def to_gateway(
    invoices: Sequence[Any], way: Way, *, return_url: str, amounts: Mapping[UUID, int] | None = None, save: bool = False, payer: Any = None
) -> Started:  # fmt: skip
    """The intent, and where to send the payer. The invoices are of one seller and currency. Raises as `start_payment`, and StrangeAddress."""
    from wasl.app.payments.pay import start_payment

    started = start_payment(
        list(invoices), way.driver, method=way.family, return_url=return_url, amounts=amounts, save=save, payer=payer, language=current()
    )
    if not is_the_gateways(invoices[0].organisation_id, way.driver, started.url):
        raise StrangeAddress
    return started


def can_save(org: Any, ways: Iterable[Way]) -> bool:
    """Whether one of the gateways keeps a method for later."""
    names = {way.driver for way in ways if way.is_online}
    return any("save" in getattr(registry.driver(org, name), "features", ()) for name in names)


def is_the_gateways(org: Any, driver: str, address: str) -> bool:
    """Whether a payment page is where its gateway is."""
    home = homes(org, driver)
    page = urlsplit(address)
    origin, host = f"{page.scheme}://{page.netloc}", page.hostname or ""
    neighbours = tuple(each.removeprefix(WILD) for each in home if each.startswith(WILD))
    return not home or origin in home or (page.scheme == "https" and bool(neighbours) and host.endswith(neighbours))


def homes(org: Any, name: str) -> list[str]:
    """The origins of a gateway's own pages, as a policy names them: where its API is, and over https the neighbours of that host.

    api.gateway.example answers, and checkout.gateway.example shows the page. None known (a driver of a test): none is refused.
    """
    api = urlsplit(settings.CONFIG.bank_url if name == "bank" else getattr(registry.driver(org, name), "address", ""))
    if not api.netloc:
        return []
    parent = (api.hostname or "").partition(".")[2]
    is_named = api.scheme == "https" and "." in parent and not parent.replace(".", "").isdigit() and name != "bank"
    return [f"{api.scheme}://{api.netloc}", *([f"{WILD}.{parent}"] if is_named else [])]


def lets_go(response: HttpResponse, org: Any, ways: Iterable[Way]) -> HttpResponse:
    """Browsers hold `form-action` against the redirect of a form too: a page with a Pay button names the gateways it may end at."""
    gateways = {way.driver for way in ways if way.is_online} - {"bank"}
    found = [origin for name in sorted(gateways) for origin in homes(org, name)]
    if found:  # what django-csp's decorator sets
        before = getattr(response, "_csp_update", {}).get("form-action", [])
        response._csp_update = {"form-action": list(dict.fromkeys([*before, *found]))}  # type: ignore[attr-defined]
    return response


def way_back(request: HttpRequest, viewer: Any) -> str:
    """Where the gateway sends this payer back to: the status page, which asks the gateway what became of it."""
    return request.build_absolute_uri(viewer.url("payer-pay-status") + "?back=1")
