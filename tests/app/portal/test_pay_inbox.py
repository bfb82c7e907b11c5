"""Paying from an inbox: several at once, saved methods, automatic payment; a part and a credit; the receipt in the mail."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from wasl.app.payments.models import Intent, IntentShare, Mandate, PlannedCharge, SavedMethod

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(org: Any) -> Any:
    import importlib.util
    from pathlib import Path

    from wasl.app.payments.drivers import registry

    spec = importlib.util.spec_from_file_location("payments_gateway", Path(__file__).parents[1] / "payments" / "conftest.py")
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    with registry.placed(module.MemoryGateway()) as placed:
        placed.features = frozenset({"save", "charge_saved"})
        yield placed


@pytest.fixture
def reader(org: Any, bill: Any) -> Any:
    """A payer signed in, with three invoices of one seller in the inbox, and a stranger with an inbox of their own."""
    from django.test import Client

    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Invoice, Link
    from wasl.app.tenancy.payers import own_inbox
    from wasl.app.tenancy.payers_prove import person_of

    rows = [Invoice.objects.for_org(org).get(pk=bill(text).invoice_id) for text in ("One", "Two", "Three")]
    for row in rows:
        make_link(row, Link.MAIL, "buyer@example.com")
    person, _address = person_of("buyer@example.com", "en")
    other, _address = person_of("other@example.com", "en")
    client, stranger = Client(), Client()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    stranger.force_login(other, backend="wasl.app.tenancy.signin.PasswordBackend")
    return SimpleNamespace(client=client, stranger=stranger, rows=rows, org=org, payer=own_inbox(person).payer)


def handles(payer: Any) -> list[str]:
    from datetime import date

    from wasl.app.portal.inbox import queries
    from wasl.app.portal.inbox.filters import Filters

    return [row.handle for row in queries.page(payer, Filters(), date(2026, 11, 28)).rows]


def method_of(reader: Any) -> SavedMethod:
    return SavedMethod.objects.create(
        organisation_id=reader.org.pk, payer=reader.payer, driver="bank", token="tok_1", family="card", brand="visa", last4="4242", expires="2030-12"
    )


def test_three_ticked_invoices_are_one_payment(reader: Any, gateway: Any) -> None:
    ticked = reader.client.post("/inbox/selected", {"do": "pay", "pick": handles(reader.payer)})
    assert ticked["Location"] == "/inbox/pay"
    html = reader.client.get("/inbox/pay?lang=en").content.decode()
    assert "3 invoices together" in html and "363.00" in html

    group = re.search(r'name="group" value="([^"]+)"', html)[1]  # type: ignore[index]
    gone = reader.client.post("/inbox/pay", {"group": group})
    intent = Intent.objects.for_org(reader.org).get()
    assert gone["Location"] == intent.hosted_url and intent.amount == 36300
    assert IntentShare.objects.for_org(reader.org).filter(intent_id=intent.pk).count() == 3
    assert reader.client.get("/inbox/pay")["Location"] == "/inbox/", "nothing is left to pay of what was ticked"


def test_t54_ticks_of_another_inbox_are_not_there(reader: Any, gateway: Any) -> None:
    reader.stranger.post("/inbox/selected", {"do": "pay", "pick": handles(reader.payer)})

    assert reader.stranger.get("/inbox/pay")["Location"] == "/inbox/" and not Intent.objects.for_org(reader.org).exists()


def test_a_method_is_seen_by_its_last_four_and_forgotten(reader: Any, gateway: Any) -> None:
    method = method_of(reader)
    html = reader.client.get("/inbox/methods?lang=en").content.decode()
    assert "4242" in html and "tok_1" not in html and "12/2030" in html

    assert reader.stranger.post(f"/inbox/methods/{method.pk}", {"do": "forget"}).status_code == 404, "T53"
    reader.client.post(f"/inbox/methods/{method.pk}", {"do": "forget"})
    assert SavedMethod.objects.for_org(reader.org).get().removed_at is not None


def test_automatic_payment_is_agreed_shown_plainly_and_cancelled(reader: Any, gateway: Any) -> None:
    from wasl.app.payments.autopay import plan_ahead

    method = method_of(reader)
    page = f"/inbox/autopay/{reader.org.pk}"
    assert reader.stranger.get(page).status_code == 404, "T66: who has nothing of a seller does not learn its name"
    refused = reader.client.post(page, {"do": "agree", "method": f"saved:{method.pk}", "notice": "99", "limit": ""})
    assert refused.status_code == 422
    reader.client.post(page, {"do": "agree", "method": f"saved:{method.pk}", "notice": "3", "limit": "٥٠٠"})
    assert Mandate.objects.for_org(reader.org).get().limit == 50000

    from datetime import UTC, datetime

    from wasl.app import clock

    with clock.frozen(datetime(2030, 1, 27, 9, tzinfo=UTC)):  # they are due on 31 January 2030
        plan_ahead()
        html = reader.client.get(f"{page}?lang=en").content.decode()
    assert "unless you cancel" in html
    charge = PlannedCharge.objects.for_org(reader.org).order_by("id").first()
    assert reader.stranger.post(f"/inbox/charges/{charge.pk}/cancel").status_code == 404, "T53"
    reader.client.post(f"/inbox/charges/{charge.pk}/cancel")
    charge.refresh_from_db(from_queryset=PlannedCharge.objects.for_org(reader.org))
    assert charge.state == PlannedCharge.CANCELLED
    reader.client.post(page, {"do": "end"})
    assert not PlannedCharge.objects.for_org(reader.org).filter(state__in=PlannedCharge.LIVE).exists()


def test_saving_needs_an_inbox_and_a_tick(reader: Any, gateway: Any) -> None:
    row = reader.rows[0]
    path = f"/inbox/i/{reader.org.pk}/{row.pk}/pay"
    assert 'name="save"' in reader.client.get(path).content.decode()
    reader.client.post(path, {"way": "card@bank", "save": "1"})
    assert Intent.objects.for_org(reader.org).get().saves

    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    assert 'name="save"' not in reader.stranger.get(f"/i/{make_link(row, Link.MAIL, 'buyer@example.com')}/pay").content.decode()


def test_a_part_is_paid_where_the_seller_takes_one(reader: Any, gateway: Any, owner: Any) -> None:
    from wasl.app.payments.terms import change_settings
    from wasl.app.tenancy.actor import Actor

    change_settings(reader.org, actor=Actor.of(owner), allows_part_payment=True)
    path = f"/inbox/i/{reader.org.pk}/{reader.rows[0].pk}/pay"
    wrong = reader.client.post(f"{path}?lang=en", {"way": "card@bank", "much": "part", "amount": "999"})
    assert wrong.status_code == 422 and "or the whole amount" in wrong.content.decode() and 'value="999"' in wrong.content.decode()

    reader.client.post(path, {"way": "card@bank", "much": "part", "amount": "٥٠"})
    assert Intent.objects.for_org(reader.org).get().amount == 5000
    gateway.pay(next(iter(gateway.payments)))
    status = reader.client.get(f"{path}/status?lang=en").content.decode()
    assert "This part has arrived" in status and "71.00" in status


def test_the_mail_of_a_payment_brings_its_receipt(reader: Any, gateway: Any) -> None:
    """Notices "paid": the link leads to the receipt, and the PDF hangs on the mail."""
    from datetime import UTC, datetime
    from email import message_from_bytes, policy

    from wasl.app import clock
    from wasl.app.delivery.models import Delivery
    from wasl.app.delivery.send import deliver
    from wasl.app.notices.letters import compose
    from wasl.app.notices.told import tell_due

    row = reader.rows[0]
    deliver(row)
    with clock.frozen(datetime(2029, 11, 28, 11, tzinfo=UTC)):  # a Wednesday at noon: nobody's quiet hours
        reader.client.post(f"/inbox/i/{reader.org.pk}/{row.pk}/pay")
        gateway.pay(next(iter(gateway.payments)))
        reader.client.get(f"/inbox/i/{reader.org.pk}/{row.pk}/pay/status")
        tell_due()
        delivery = Delivery.objects.for_org(reader.org).get(kind="paid")
        mail = message_from_bytes(compose(delivery), policy=policy.default)
    attached = [part.get_filename() for part in mail.iter_attachments()]
    assert attached == [f"receipt-{row.number}.pdf"]
    assert f"/receipt/{Intent.objects.for_org(reader.org).get().pk}" in mail.get_body(("plain",)).get_content()


def test_a_saved_method_pays_in_one_press_and_once(reader: Any, gateway: Any) -> None:
    """No page of the gateway's between; a second press finds nothing left to pay; another inbox's method is not there (T53)."""
    method = method_of(reader)
    path = f"/inbox/i/{reader.org.pk}/{reader.rows[0].pk}/pay"
    html = reader.client.get(f"{path}?lang=en").content.decode()
    assert f'value="saved:{method.pk}"' in html and "ending in" in html

    gone = reader.client.post(path, {"way": f"saved:{method.pk}"})
    assert gone["Location"].startswith(f"{path}/status?a=")
    assert "Your payment has arrived" in reader.client.get(f"{gone['Location']}&lang=en").content.decode()
    again = reader.client.post(path, {"way": f"saved:{method.pk}"})
    assert "settled=1" in again["Location"] and Intent.objects.for_org(reader.org).count() == 1

    SavedMethod.objects.for_org(reader.org).update(payer_id=uuid4())
    other = f"/inbox/i/{reader.org.pk}/{reader.rows[1].pk}/pay"
    assert reader.client.post(other, {"way": f"saved:{method.pk}"}).status_code == 422
    assert Intent.objects.for_org(reader.org).count() == 1
