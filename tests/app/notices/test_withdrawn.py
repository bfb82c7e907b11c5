"""An address that the seller took an invoice back from is told nothing more, and so gets no new link; a charge is told to who agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.notices.models import Notice, Watch

from .conftest import ADDRESS

pytestmark = pytest.mark.django_db


def withdraw(row: Any, actor: Any) -> None:
    from wasl.app.invoicing.links import make_link, resolve, revoke
    from wasl.app.invoicing.models import Link

    revoke(row.organisation_id, resolve(make_link(row, Link.MAIL, ADDRESS)).id, actor=actor)


def links(row: Any) -> int:
    from wasl.app.invoicing.models import Link

    return Link.objects.for_org(row.organisation_id).filter(invoice_id=row.pk, recipient=ADDRESS, revoked_at=None).count()


def test_t57_no_reminder_and_no_news_brings_a_withdrawn_address_a_new_link(now: Any, send_invoice: Any, pay: Any, actor: Any) -> None:
    """T57: a link that was revoked stays so until somebody sends the document again."""
    from wasl.app.delivery.models import Delivery
    from wasl.app.delivery.send import deliver
    from wasl.app.notices.round import beat

    row = send_invoice()
    beat()
    withdraw(row, actor)
    assert Watch.objects.for_org(row.organisation_id).get().closed == Watch.WITHDRAWN
    for _week in range(5):  # over the due date, and over every reminder of it
        now.forward(days=7)
        beat()
    pay(row, 100)
    now.forward(hours=2)
    beat()
    assert Delivery.objects.for_org(row.organisation_id).count() == 1 and links(row) == 0

    deliver(row, recipient=ADDRESS, key="again")
    assert Watch.objects.for_org(row.organisation_id).get().closed == ""


def test_a_charge_is_told_to_the_inbox_that_agreed_however_the_invoice_came_there_and_to_nobody_else(
    now: Any, send_invoice: Any, org_method: Any
) -> None:
    """ADDRESS only received the invoice; the inbox that pays it by itself has another address, and no mail ever went there."""
    from wasl.app.payments import autopay_run
    from wasl.app.tenancy.models import PayerGrant

    row = send_invoice(due=clock.now().date() + timedelta(days=5))
    payer = org_method(row.organisation)
    PayerGrant.objects.create(organisation_id=row.organisation_id, payer=payer, invoice_id=row.pk)
    for _turn in range(8):
        now.forward(hours=12)
        autopay_run.beat()

    told = list(Notice.objects.for_org(row.organisation_id).filter(kind="legal").values_list("email", "data__note"))
    assert [email for email, _note in told] == ["payer@agreed.example"] and told[0][1].startswith("autopay ")


@pytest.fixture
def org_method(db: None) -> Any:
    """An inbox with an address that agreed to pay this seller by itself."""

    def make(org: Any) -> Any:
        from wasl.app.payments import autopay
        from wasl.app.payments.models import SavedMethod
        from wasl.app.tenancy.models import Payer, PayerAddress, Person

        payer = Payer.objects.create()
        person = Person.objects.create(email="payer@agreed.example")
        PayerAddress.objects.create(payer=payer, person=person, email=person.email)
        method = SavedMethod.objects.create(organisation_id=org.pk, payer=payer, driver="bank", token="tok_1", family="card")
        autopay.agree(payer, org, method)
        return payer

    return make
