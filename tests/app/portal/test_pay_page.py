"""The pay page, the way back from the bank, and the receipt: what they say, to whom, and what they leave alone."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from wasl.app.portal.pay import start
from wasl.app.portal.pay.amount import Limits, OutOfBounds, PartNotAllowed, wanted
from wasl.app.portal.pay.outcome import CANCELLED, FAILED, MISMATCH, PENDING, RECEIVED, Outcome
from wasl.app.portal.pay.ways import Way, WayGone, at_once, chosen


def shown(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def gateway(org: Any) -> Any:
    import importlib.util
    from pathlib import Path

    from wasl.app.payments.drivers import registry

    spec = importlib.util.spec_from_file_location("payments_gateway", Path(__file__).parents[1] / "payments" / "conftest.py")
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    with registry.placed(module.MemoryGateway()) as placed:
        yield placed


# -- how much ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("much", "typed", "units"),
    [("whole", "", None), ("whole", "50", None), ("part", "50", 5000), ("part", "٥٠٫٢٥", 5025), ("part", "242.00", None), ("part", "241", 24100), ("part", "1", 100)],
)
def test_an_amount_is_read_in_the_digits_of_whoever_types_it(much: str, typed: str, units: int | None) -> None:
    assert wanted(much, typed, limits=Limits("EUR", 24200), may_part=True) == units


@pytest.mark.parametrize("typed", ["0", "0.99", "241.01", "242.01", "50.001", "-5", ""])
def test_a_part_has_limits_and_says_them(typed: str) -> None:
    """Nothing below what a gateway takes, and nothing that leaves less than that."""
    with pytest.raises(OutOfBounds) as refused:
        wanted("part", typed, limits=Limits("EUR", 24200), may_part=True)
    assert "241.00" in refused.value.message("en") and "241.00" in refused.value.message("ar")


def test_a_part_is_refused_where_the_seller_takes_none() -> None:
    with pytest.raises(PartNotAllowed):
        wanted("part", "50", limits=Limits("EUR", 24200), may_part=False)


def test_three_decimals_are_three_decimals() -> None:
    assert wanted("part", "1.005", limits=Limits("KWD", 100_000), may_part=True) == 1005


# -- which way ---------------------------------------------------------------------------------------------------------


def test_pay_leads_at_once_where_there_is_nothing_to_ask() -> None:
    card, mada, other = Way("card", "bank"), Way("mada", "bank"), Way("knet", "tap")

    assert at_once([card]) == Way("", "bank") == at_once([card, mada]), "one gateway: its page offers all it has"
    assert at_once([card, other]) is None, "two gateways and no wish: choose first"
    assert at_once([Way("knet", "tap", is_preferred=True), card]) == Way("knet", "tap", is_preferred=True)
    assert at_once([]) is None


def test_a_way_that_nobody_offers_is_refused() -> None:
    with pytest.raises(WayGone):
        chosen([Way("card", "bank")], "card@evil")


@pytest.mark.parametrize(
    ("address", "good"),
    [("https://checkout.gateway.example/p/1", True), ("https://api.gateway.example/p", True), ("https://gateway.example.evil.example/p", False),
     ("http://checkout.gateway.example/p", False), ("https://evilgateway.example/p", False), ("javascript:alert(1)", False), ("//evil.example", False)],
)  # fmt: skip
def test_t99_a_payment_page_is_at_its_gateway_or_beside_it(monkeypatch: pytest.MonkeyPatch, address: str, good: bool) -> None:
    monkeypatch.setattr(start.registry, "driver", lambda org, name: SimpleNamespace(address="https://api.gateway.example/v2"))

    assert start.is_the_gateways(None, "tap", address) is good
    assert start.homes(None, "tap") == ["https://api.gateway.example", "https://*.gateway.example"]


# -- what became of it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("reason", ["declined", "insufficient_funds", "expired_card", "authentication", "timeout", "cancelled", "unavailable", "other"])
def test_a_failure_says_why_and_what_next(lang: str, reason: str) -> None:
    from decimal import Decimal

    from django.utils.translation import override

    with override(lang):
        told = Outcome(FAILED, "SAR", Decimal(5), Decimal(5), reason=reason)
        assert "Nothing was taken" in told.why if lang == "en" else "لم يُخصم شيء" in told.why
        assert told.next and told.title and told.can_retry and told.is_final


def test_states_of_a_payment_are_told_apart() -> None:
    from decimal import Decimal

    said = {key: Outcome(key, "SAR", Decimal(5), Decimal(5)) for key in (PENDING, RECEIVED, FAILED, CANCELLED, MISMATCH)}

    assert [key for key, each in said.items() if not each.is_final] == [PENDING]
    assert [key for key, each in said.items() if each.can_retry] == [FAILED, CANCELLED], "a second try beside one that may still arrive would pay twice"


# -- the pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_from_the_button_to_the_receipt(client: Any, token: str, issued: Any, gateway: Any) -> None:
    gone = client.post(f"/i/{token}/pay")
    assert gone.status_code == 302 and gone["Location"].startswith("https://bank.example/pay/")

    waiting = client.get(f"/i/{token}/pay/status?back=1&lang=en")
    assert "Waiting for the bank to confirm" in shown(waiting.content.decode()) and 'http-equiv="refresh"' in waiting.content.decode()

    gateway.pay(next(iter(gateway.payments)))
    from wasl.app.ui.limits import forget_all

    forget_all()
    part = client.get(f"/i/{token}/pay/status?part=1&lang=en").content.decode()
    assert "Your payment has arrived" in shown(part) and "data-final" in part and "<html" not in part
    address = re.search(r'href="(/i/[^"]+/receipt/[0-9a-f-]+)"', part)[1]  # type: ignore[index]
    page = shown(client.get(f"{address}?lang=en").content.decode())
    assert "242.00" in page and issued.number in page and "0.00" in page
    pdf = client.get(f"{address}.pdf")
    assert pdf.content.startswith(b"%PDF-1.7") and pdf["Content-Disposition"].startswith("attachment")
    assert client.get(f"/i/{token}/receipt")["Location"] == address


@pytest.mark.django_db
def test_t73_the_way_back_alone_says_nothing_was_received(client: Any, token: str, issued: Any, gateway: Any) -> None:
    """T73: neither the address nor what somebody writes behind it makes a payment arrive."""
    client.post(f"/i/{token}/pay")
    page = shown(client.get(f"/i/{token}/pay/status?back=1&status=succeeded&paid=1&lang=en").content.decode())

    assert "Waiting for the bank" in page and "has arrived" not in page
    assert client.get(f"/i/{token}/receipt").status_code == 404


@pytest.mark.django_db
def test_t74_two_tabs_and_a_retry_are_one_payment(client: Any, token: str, issued: Any, gateway: Any) -> None:
    """T74: each press while the first is open leads to the same page at the bank."""
    first, second = client.post(f"/i/{token}/pay"), client.post(f"/i/{token}/pay", {"way": ""})

    assert first["Location"] == second["Location"] and len(gateway.payments) == 1


@pytest.mark.django_db
def test_the_bank_is_not_asked_by_every_look(client: Any, token: str, issued: Any, gateway: Any) -> None:
    client.post(f"/i/{token}/pay")
    before = gateway.fetches
    for _ in range(5):
        client.get(f"/i/{token}/pay/status?part=1")

    assert gateway.fetches == before + 1


@pytest.mark.django_db
def test_what_was_begun_elsewhere_is_not_shown_as_ones_own(client: Any, token: str, issued: Any, gateway: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    client.post(f"/i/{token}/pay")
    other = make_link(issued, Link.MAIL, "colleague@example.com")

    assert client.get(f"/i/{other}/pay/status")["Location"] == f"/i/{other}"


@pytest.mark.django_db
def test_the_preference_is_kept_stands_first_and_is_undone(client: Any, token: str, issued: Any, gateway: Any) -> None:
    from wasl.app.notices.preferences import preferences_of

    gateway.families = ("card", "mada", "stc_pay")
    html = client.get(f"/i/{token}/pay").content.decode()
    assert re.findall(r'value="(\w+@bank)"', html) == ["card@bank", "mada@bank", "stc_pay@bank"]

    client.post(f"/i/{token}/pay", {"way": "stc_pay@bank", "prefer": "1"})
    assert preferences_of("buyer@example.com").pay_way == "stc_pay"
    html = client.get(f"/i/{token}?lang=en").content.decode()
    assert re.findall(r'value="(\w+@bank)"', html)[0] == "stc_pay@bank" and "Your preference" in html

    form = client.get(f"/i/{token}/preferences").content.decode()
    assert re.search(r'<option value="stc_pay" selected>', form)


@pytest.mark.django_db
def test_a_way_that_is_not_offered_leads_nowhere(client: Any, token: str, issued: Any, gateway: Any) -> None:
    answer = client.post(f"/i/{token}/pay", {"way": "card@evil"})

    assert answer.status_code == 422 and not gateway.payments


@pytest.mark.django_db
def test_t53_a_receipt_is_shown_to_its_own_payer_only(client: Any, token: str, issued: Any, gateway: Any, bill: Any) -> None:
    """T53: the receipt of one invoice does not open by the link of another, nor by the printed code."""
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Invoice, Link
    from wasl.app.payments.models import Intent

    client.post(f"/i/{token}/pay")
    gateway.pay(next(iter(gateway.payments)))
    client.get(f"/i/{token}/pay/status?back=1")
    intent = Intent.objects.for_org(issued.organisation_id).get()
    other = Invoice.objects.for_org(issued.organisation_id).get(pk=bill("Another").invoice_id)

    for path in (f"/i/{make_link(other, Link.MAIL, 'x@example.com')}", f"/i/{make_link(issued, Link.PDF)}"):
        assert client.get(f"{path}/receipt/{intent.pk}").status_code == 404
        assert client.get(f"{path}/receipt/{intent.pk}.pdf").status_code == 404
