"""T85 for automatic payment: SIGKILL at every statement and on both sides of the charge; announced first, charged once, books right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from wasl.app import clock, fsck
from wasl.app.payments import autopay
from wasl.app.payments.models import PlannedCharge, SavedMethod
from wasl.app.payments.standing import PAID, standing

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SCENARIOS = Path(__file__).with_name("scenarios_charge.py")
BOOKS = ("journal", "receivable", "payments", "refunds", "balances", "autopay")
EFFECT = ("wasl.app.payments.drivers.registry:driver",)  # right before each question to a gateway
DAYS = 3


def test_t85_automatic_payment_killed_at_every_point_charges_once(crasher: Any, org: Any, make_invoice: Any, actor: Any, tmp_path: Path) -> None:
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice
    from wasl.app.tenancy.models import Payer, PayerGrant

    payer = Payer.objects.create()
    method = SavedMethod.objects.create(organisation=org, payer=payer, driver="bank", token="tok_1", family="card", last4="4242")
    autopay.agree(payer, org, method, notice_days=1)
    start = clock.now()
    row: Any = None

    def arguments(_n: int) -> dict[str, Any]:
        nonlocal row
        due = start.date() + timedelta(days=2)
        row = Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(due_date=due), actor=actor).invoice_id)
        PayerGrant.objects.create(organisation=org, payer=payer, invoice_id=row.pk)
        return {"org": str(org.pk), "folder": str(tmp_path), "start": start.isoformat(), "days": DAYS}

    points = 0
    for crash in crasher.every(SCENARIOS, "rounds", arguments, effects=EFFECT):
        points += 1
        assert fsck.run(BOOKS) == [], crash
        later = (start + timedelta(days=1)).isoformat()  # the worker comes back
        again = crasher.run(SCENARIOS, "rounds", {"org": str(org.pk), "folder": str(tmp_path), "start": later, "days": DAYS + 2})

        assert again.error is None and again.result == PlannedCharge.DONE, again
        charge = PlannedCharge.objects.for_org(org).get(invoice_id=row.pk)
        assert charge.noticed_at is not None and standing(org, row).state == PAID and standing(org, row).received == 24200
        assert fsck.run(BOOKS) == []
    assert points >= 20
    assert len(list(tmp_path.iterdir())) == PlannedCharge.objects.for_org(org).count(), "one charge for each invoice at the gateway"
