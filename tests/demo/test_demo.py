"""The demo's payers at the test gateways: each way to pay ends in the books as its story says, and the page offers them all."""

from __future__ import annotations

import dataclasses
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wasl.demo import plan
from wasl.demo.paying import ACTS
from wasl.demo.scene import GATEWAYS, Ports
from wasl.standins.process import running


def test_the_plan_casts_each_way_to_pay_and_every_end_at_the_first_seller() -> None:
    planned = plan.plan(datetime(2026, 11, 28, 2, tzinfo=UTC))
    cast = {one.fate: one.seller.slug for one in planned}

    assert len(planned) == plan.INVOICES == sum(plan.FATES.values()) == 60
    assert Counter(one.fate for one in planned) == Counter(plan.FATES)
    assert {name: cast[name] for name in ("disputed", "taken_back", "declined", "by_card", "by_itself")} == dict.fromkeys(
        ("disputed", "taken_back", "declined", "by_card", "by_itself"), "sanad"
    )
    assert set(ACTS) <= set(cast) and all(one.customer == 0 for one in planned if one.fate in ("by_card", "by_itself"))


@pytest.fixture
def ports(tmp_path: Path, settings: Any) -> Iterator[Ports]:
    with running("wasl.standins.gateways", "--port", "0", "--dir", str(tmp_path / "gateways")) as found, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # no web server listens yet, as while the story is played
        ports = Ports(web=nobody.getsockname()[1], smtp=1, imap=1, mailbox=1, gateways=found["http"])
        urls = ",".join(f"{name}={ports.gateways_url}/{name}" for name in GATEWAYS)
        settings.CONFIG = dataclasses.replace(settings.CONFIG, origin=ports.origin, gateway_urls=urls)
        yield ports


@pytest.mark.django_db
def test_every_way_to_pay_ends_as_its_story_says(ports: Ports, tmp_path: Path, settings: Any) -> None:
    from wasl.app import clock, fsck
    from wasl.app.invoicing.issue import issue
    from wasl.app.payments.accounts import GatewayAccount
    from wasl.app.payments.autopay import planned_of
    from wasl.app.payments.models import Dispute, Intent, Payout, PayoutItem, Refund
    from wasl.app.payments.saved import methods_of
    from wasl.app.portal.pay.ways import ways_of
    from wasl.app.tenancy.payers import own_inbox
    from wasl.app.tenancy.payers_prove import person_of
    from wasl.demo import gateways, history, paying, world

    now = clock.now()
    with clock.frozen(now - timedelta(days=20)):
        sellers = world.build()
        assert gateways.connect_all(sellers, tmp_path, ports) == 4
    assert gateways.connect_all(sellers, tmp_path, ports) == 0  # a second start changes nothing
    assert GatewayAccount.objects.for_org(sellers[0].org).count() == 2
    offered = [(way.family, way.driver) for way in ways_of(sellers[0].org, "SAR", takes_transfer=True)]
    assert offered[:5] == [("card", "stripe"), ("mada", "moyasar"), ("apple_pay", "moyasar"), ("stc_pay", "moyasar"), ("transfer", "")]

    by_slug = {seller.sample.slug: seller for seller in sellers}
    paid: dict[str, Any] = {}
    with clock.frozen(now - timedelta(days=6)):
        for one in plan.plan(now):
            if one.fate in (*ACTS, "by_itself"):
                seller = by_slug[one.seller.slug]
                answer = issue(seller.org, history.compose(seller, one, clock.now()), actor=seller.actor, customer_id=seller.customers[one.customer][1].pk)
                paid[one.fate] = (seller, history.row_of(seller, answer))
    for name, act in sorted(ACTS.items(), key=lambda each: -each[1].minutes):
        with clock.frozen(now - timedelta(minutes=act.minutes)):
            paying.perform(*paid[name], act)

    def state(name: str) -> str:
        seller, row = paid[name]
        return Intent.objects.for_org(seller.org).get(invoice_id=row.pk).status

    assert {name: state(name) for name in ACTS} == {name: Intent.FAILED if name == "refused" else Intent.SUCCEEDED for name in ACTS}
    sanad = by_slug["sanad"].org
    assert Dispute.objects.for_org(sanad).get().state == Dispute.OPEN
    assert Refund.objects.for_org(sanad).get().status == Refund.SUCCEEDED
    payer = own_inbox(person_of("finance@bluehorizon.example", "ar")[0]).payer
    assert [method.last4 for method in methods_of(payer)] == ["4242"]
    assert [charge.invoice_id for charge in planned_of(payer)] == [paid["by_itself"][1].pk]
    paying.pay_out(ports.gateways_url)
    assert Payout.objects.for_org(sanad).get().driver == "moyasar"
    assert {item.is_known for item in PayoutItem.objects.for_org(sanad)} == {True}
    assert fsck.run(("journal", "receivable", "payments", "refunds", "balances", "credit", "payouts", "inbox", "inbox-sums")) == []
