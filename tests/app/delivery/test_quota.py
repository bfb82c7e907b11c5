"""T98: a new seller's mails are spread over days, and what would pile up is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.delivery import quota
from wasl.app.delivery.errors import MailQuota
from wasl.app.delivery.models import Delivery
from wasl.app.delivery.send import deliver, send_due
from wasl.app.tenancy.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "DAY_MAILS_MAX", 2)
    monkeypatch.setattr(quota, "WAIT_DAYS_MAX", 1)


def test_t98_what_is_over_the_days_share_waits_and_a_flood_is_refused(mail: Any, issue_to: Any, proven: Any, small: None) -> None:
    invoice = issue_to("nadir@y.example")
    proven()
    for n in range(4):
        deliver(invoice, recipient=f"box{n}@y.example")
    with pytest.raises(MailQuota):
        deliver(invoice, recipient="one-more@y.example")

    assert send_due() == 2
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert send_due() == 2
    assert Delivery.objects.for_org(invoice.organisation_id).filter(state=Delivery.QUEUED).count() == 0


def test_t98_a_seller_known_for_a_month_is_not_held(mail: Any, org: Any, issue_to: Any, proven: Any, small: None) -> None:
    Organisation.objects.filter(pk=org.pk).update(created_at=clock.now() - timedelta(days=31))
    invoice = issue_to("nadir@y.example")
    proven()
    for n in range(5):
        deliver(invoice, recipient=f"box{n}@y.example")

    assert send_due() == 5
    assert len({message["uid"] for message in mail.messages() if message["mailbox"].startswith("box")}) == 5
