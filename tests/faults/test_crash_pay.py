"""T85 for paying: SIGKILL at every statement and on both sides of every call to the bank; paid once, refunded once, books right."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from wasl.app import fsck
from wasl.app.payments.models import Hook, Intent
from wasl.app.payments.pay import refresh, start_payment
from wasl.app.payments.standing import AWAITING, PAID, standing
from wasl.standins.process import running

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SCENARIOS = Path(__file__).with_name("scenarios_effects.py")
CALL = ("wasl.app.payments.drivers.bank:Bank._call",)
BOOKS = ("journal", "receivable", "payments", "refunds", "balances", "receipts", "credit", "payouts", "autopay")


@pytest.fixture
def bank(tmp_path: Path, settings: Any) -> Iterator[httpx.Client]:
    """The sandbox bank as a process; it sends no webhooks here, the scenarios do."""
    environment = {"BANK_KEY": "key-1", "BANK_WEBHOOK_SECRET": "secret"}
    with running("wasl.standins.bank", "--port", "0", "--dir", str(tmp_path / "bank"), **environment) as ports:
        url = f"http://127.0.0.1:{ports['http']}"
        settings.CONFIG = dataclasses.replace(settings.CONFIG, bank_url=url, bank_key="key-1", bank_webhook_secret="secret")
        client = httpx.Client(base_url=url, headers={"Authorization": "Bearer key-1"})
        client.post("/control/webhooks", json={"mode": "lost", "times": -1})
        yield client


@pytest.fixture
def paying_crasher(bank: httpx.Client, transactional_db: None, installation_dir: Path) -> Iterator[Any]:
    from django.conf import settings

    harness = sys.modules["wasl_fault_harness"]
    environment = {"WASL_BANK_URL": str(bank.base_url).rstrip("/"), "WASL_BANK_KEY": "key-1", "WASL_BANK_WEBHOOK_SECRET": "secret"}
    with harness.Crasher(
        database_url=harness.url_of_test_database(),
        data_dir=str(installation_dir),
        checkpoint_dir=settings.CONFIG.checkpoint_dir,
        environment=environment,
    ) as child:
        yield child


class Fresh:
    """A new invoice for each point, so that each crash is looked at alone."""

    def __init__(self, org: Any, make_invoice: Any, actor: Any) -> None:
        self.org, self.make_invoice, self.actor = org, make_invoice, actor
        self.invoice: Any = None
        self.intent: Any = None

    def issue(self) -> dict[str, str]:
        from wasl.app.invoicing.issue import issue
        from wasl.app.invoicing.models import Invoice

        answer = issue(self.org, self.make_invoice(), actor=self.actor)
        self.invoice = Invoice.objects.for_org(self.org).get(pk=answer.invoice_id)
        return {"org": str(self.org.pk), "invoice": str(self.invoice.pk)}

    def paid_at_the_bank(self, bank: httpx.Client) -> dict[str, str]:
        place = self.issue()
        self.intent = start_payment(self.invoice, return_url="http://127.0.0.1:8000/i/token").intent
        bank.post("/control/pay", json={"payment": self.intent.gateway_id}).raise_for_status()
        return place

    def intents(self) -> Any:
        return Intent.objects.for_org(self.org).filter(invoice_id=self.invoice.pk)


@pytest.fixture
def fresh(org: Any, make_invoice: Any, actor: Any) -> Fresh:
    return Fresh(org, make_invoice, actor)


@pytest.mark.ci
def test_t85_start_killed_at_every_point_opens_one_payment(paying_crasher: Any, bank: httpx.Client, fresh: Fresh) -> None:
    points = 0
    for crash in paying_crasher.every(SCENARIOS, "start", lambda _n: fresh.issue(), effects=CALL):
        points += 1
        assert fsck.run(BOOKS) == [], crash
        again = paying_crasher.run(SCENARIOS, "start", {"org": str(fresh.org.pk), "invoice": str(fresh.invoice.pk)})

        assert again.error is None
        (intent,) = fresh.intents()
        assert intent.hosted_url == again.result
        assert bank.get(f"/v1/payments/{intent.gateway_id}").json()["reference"] == intent.reference
    assert points >= 10


@pytest.mark.ci
def test_t85_webhook_killed_at_every_point_pays_once(paying_crasher: Any, bank: httpx.Client, fresh: Fresh) -> None:
    def arguments(n: int) -> dict[str, str]:
        fresh.paid_at_the_bank(bank)
        return {"org": str(fresh.org.pk), "gateway_id": fresh.intent.gateway_id, "reference": fresh.intent.reference, "event": f"evt-{n}"}

    points = 0
    for crash in paying_crasher.every(SCENARIOS, "hear", arguments, effects=CALL):
        points += 1
        applied = Hook.objects.for_org(fresh.org).exclude(applied_at=None).filter(event_id=f"evt-{crash.die_at}").exists()
        assert standing(fresh.org, fresh.invoice).state == (PAID if applied else AWAITING), "paid exactly when the event is applied"
        again = {"gateway_id": fresh.intent.gateway_id, "reference": fresh.intent.reference, "event": f"evt-{crash.die_at}"}
        answer = paying_crasher.run(SCENARIOS, "hear", {"org": str(fresh.org.pk), **again})

        assert answer.result == ("known" if applied else "applied")
        assert standing(fresh.org, fresh.invoice).received == 24200 and fsck.run(BOOKS) == []
    assert points >= 12


def test_t85_refund_killed_at_every_point_goes_back_once(paying_crasher: Any, bank: httpx.Client, fresh: Fresh) -> None:
    def arguments(n: int) -> dict[str, Any]:
        place = fresh.paid_at_the_bank(bank)
        refresh(fresh.invoice)
        return {**place, "hours": n}

    points = 0
    for crash in paying_crasher.every(SCENARIOS, "refund", arguments, effects=CALL):
        points += 1
        assert fsck.run(BOOKS) == [], crash
        place = {"org": str(fresh.org.pk), "invoice": str(fresh.invoice.pk)}
        answer = paying_crasher.run(SCENARIOS, "refund", {**place, "hours": 100 * crash.die_at})

        assert answer.error is None
        figures = standing(fresh.org, fresh.invoice)
        assert (figures.received, figures.returned, figures.refunds_due) == (24200, 24200, 0)
        assert bank.get(f"/v1/payments/{fresh.intent.gateway_id}").json()["refunded"] == 24200
        assert fsck.run(BOOKS) == []
    assert points >= 15
