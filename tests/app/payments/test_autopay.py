"""Automatic payment: announced first, cancellable until then, charged once on the day, explained where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.events.models import Event
from wasl.app.payments import autopay, autopay_run, saved
from wasl.app.payments.models import Intent, Mandate, PlannedCharge
from wasl.app.payments.pay import refresh, start_payment
from wasl.app.payments.standing import AWAITING, PAID, standing
from wasl.app.payments.terms import change_settings
from wasl.app.tenancy.actor import Actor

pytestmark = pytest.mark.django_db
BACK = "http://127.0.0.1:8000/i/token"


@pytest.fixture
def payer(db: None) -> Any:
    from wasl.app.tenancy.models import Payer

    return Payer.objects.create()


@pytest.fixture
def bill(org: Any, make_invoice: Any, actor: Any, payer: Any) -> Any:
    """Issue an invoice of 242.00, due in so many days, into the payer's inbox."""
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice
    from wasl.app.tenancy.models import PayerGrant

    def make(days: int = 5) -> Any:
        due = clock.now().date() + timedelta(days=days)
        row = Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(due_date=due), actor=actor).invoice_id)
        PayerGrant.objects.create(organisation_id=org.pk, payer=payer, invoice_id=row.pk)
        return row

    return make


@pytest.fixture
def time() -> Iterator[Any]:
    """Noon of tomorrow: whatever the hour of the run, charges are made at nine."""
    with clock.frozen((clock.now() + timedelta(days=1)).replace(hour=12)) as moment:
        yield moment


@pytest.fixture
def method(time: Any, org: Any, bill: Any, gateway: Any, payer: Any) -> Any:
    """A card that the payer kept when paying an earlier invoice."""
    first = bill()
    intent = start_payment(first, return_url=BACK, save=True, payer=payer).intent
    gateway.pay(intent.gateway_id)
    gateway.save(intent.gateway_id)
    refresh(first)
    (kept,) = saved.methods_of(payer, org)
    return kept


@pytest.fixture
def mandate(payer: Any, org: Any, method: Any) -> Mandate:
    return autopay.agree(payer, org, method, notice_days=3)


def days_pass(time: Any, days: int) -> None:
    """The engine has its turns."""
    for _ in range(days * 2):
        time.forward(hours=12)
        for _turn in range(3):
            autopay_run.beat()


def types(row: Any) -> list[str]:
    return list(
        Event.objects.for_org(row.organisation_id).filter(invoice_id=row.pk, type__startswith="autopay").order_by("id").values_list("type", flat=True)
    )


def test_a_kept_method_is_a_token_and_four_digits_and_belongs_to_its_payer(method: Any, payer: Any, org: Any) -> None:
    from wasl.app.tenancy.models import Payer

    assert (method.token, method.brand, method.last4, method.expires) == ("tok_1", "visa", "4242", "2030-12")
    with pytest.raises(NotFound):
        saved.method_of(Payer.objects.create(), method.pk)
    with pytest.raises(NotFound):
        autopay.agree(Payer.objects.create(), org, method)


def test_it_is_planned_announced_and_charged_once_on_the_day(org: Any, time: Any, bill: Any, mandate: Any, gateway: Any) -> None:
    row = bill(days=10)
    autopay_run.beat()
    assert types(row) == ["autopay-planned"]
    days_pass(time, 8)
    charge = PlannedCharge.objects.for_org(org).get()
    assert (charge.state, gateway.charges) == (PlannedCharge.NOTICED, {}) and types(row)[-1] == "autopay-noticed"
    assert charge.noticed_at <= clock.now() - timedelta(hours=12)

    days_pass(time, 4)

    assert gateway.charges == {"tok_1": 1} and standing(org, row).state == PAID
    assert PlannedCharge.objects.for_org(org).get().state == PlannedCharge.DONE


def test_until_the_day_the_payer_can_cancel_it(org: Any, time: Any, bill: Any, mandate: Any, gateway: Any, payer: Any) -> None:
    from wasl.app.tenancy.models import Payer

    row = bill()
    days_pass(time, 3)
    charge = PlannedCharge.objects.for_org(org).get()
    with pytest.raises(NotFound):
        autopay.cancel(Payer.objects.create(), charge.pk)
    autopay.cancel(payer, charge.pk)
    days_pass(time, 6)

    assert gateway.charges == {} and standing(org, row).state == AWAITING and types(row)[-1] == "autopay-cancelled"
    with pytest.raises(autopay.TooLateToCancel):
        autopay.cancel(payer, _done(org, charge))


def _done(org: Any, charge: Any) -> Any:
    PlannedCharge.objects.for_org(org).filter(pk=charge.pk).update(state=PlannedCharge.FAILED)
    return charge.pk


def test_a_worker_that_slept_makes_the_charge_late_never_the_notice_short(org: Any, time: Any, bill: Any, mandate: Any, gateway: Any) -> None:
    bill()
    autopay_run.beat()
    time.forward(days=9)
    autopay_run.beat()
    autopay_run.beat()
    days_pass(time, 2)
    assert gateway.charges == {}
    days_pass(time, 3)

    assert gateway.charges == {"tok_1": 1}


def test_a_silent_gateway_is_asked_again_under_the_same_key(org: Any, time: Any, bill: Any, mandate: Any, gateway: Any) -> None:
    row = bill()
    days_pass(time, 4)
    for _ in range(6):
        gateway.fail_next = True
        time.forward(hours=6)
        autopay_run.beat()
    gateway.fail_next = False
    days_pass(time, 1)

    assert gateway.charges == {"tok_1": 1} and standing(org, row).received == 24200


def test_a_declined_charge_is_explained_and_not_tried_again(org: Any, time: Any, bill: Any, mandate: Any, gateway: Any) -> None:
    row = bill()
    gateway.declines = "insufficient_funds"
    days_pass(time, 12)

    charge = PlannedCharge.objects.for_org(org).get()
    assert (charge.state, charge.failure) == (PlannedCharge.FAILED, "insufficient_funds") and types(row)[-1] == "autopay-failed"
    assert gateway.charges == {"tok_1": 1} and standing(org, row).state == AWAITING


def test_what_was_paid_otherwise_is_not_charged(org: Any, time: Any, bill: Any, mandate: Any, gateway: Any) -> None:
    row = bill()
    days_pass(time, 3)
    intent = start_payment(row, return_url=BACK).intent
    gateway.pay(intent.gateway_id)
    refresh(row)
    days_pass(time, 5)

    assert gateway.charges == {} and PlannedCharge.objects.for_org(org).get().state == PlannedCharge.VOID


def test_a_removed_method_a_limit_and_an_objection_stop_it(
    org: Any, time: Any, bill: Any, payer: Any, mandate: Any, gateway: Any, monkeypatch: Any
) -> None:
    objected = bill()
    monkeypatch.setattr(autopay_run, "_holds", [lambda row: row.pk == objected.pk])
    days_pass(time, 9)
    assert gateway.charges == {}, "somebody objects to it"
    autopay.agree(payer, org, mandate.method, limit=24199)
    bill()
    days_pass(time, 9)
    assert gateway.charges == {} and PlannedCharge.objects.for_org(org).count() == 1, "above the limit it is not even planned"

    saved.remove(payer, mandate.method_id)

    assert autopay.mandate_of(payer, org) is None and saved.methods_of(payer) == []
    assert saved.forget_removed() == 1 and gateway.forgotten == ["tok_1"] and saved.forget_removed() == 0


def test_an_attempt_of_the_engine_is_no_page_for_anybody(org: Any, time: Any, bill: Any, mandate: Any, gateway: Any) -> None:
    row = bill()
    days_pass(time, 4)
    gateway.fail_next = True
    time.forward(hours=24)
    autopay_run.beat()
    assert Intent.objects.for_org(org).filter(saved__isnull=False, gateway_id="").count() == 1

    assert start_payment(row, return_url=BACK).intent.saved_id is None


def test_a_seller_who_does_not_take_it_is_not_offered(org: Any, payer: Any, method: Any) -> None:
    change_settings(org, actor=Actor.operator("t"), allows_autopay=False)
    with pytest.raises(autopay.AutopayNotOffered):
        autopay.agree(payer, org, method)
    for days, limit in ((0, None), (31, None), (3, 0)):
        change_settings(org, actor=Actor.operator("t"), allows_autopay=True)
        with pytest.raises(autopay.NoticeOutOfRange):
            autopay.agree(payer, org, method, notice_days=days, limit=limit)


def test_what_left_the_inbox_after_the_notice_is_not_charged_there(org: Any, time: Any, bill: Any, mandate: Any, gateway: Any, payer: Any) -> None:
    from wasl.app.tenancy.models import PayerGrant

    row = bill()
    days_pass(time, 3)
    assert PlannedCharge.objects.for_org(org).get().state == PlannedCharge.NOTICED
    PayerGrant._base_manager.filter(payer=payer, invoice_id=row.pk).delete()
    days_pass(time, 6)

    assert gateway.charges == {} and PlannedCharge.objects.for_org(org).get().state == PlannedCharge.VOID


def test_an_invoice_in_two_inboxes_that_both_agreed_is_announced_and_charged_once(
    org: Any, time: Any, bill: Any, mandate: Any, gateway: Any
) -> None:
    from wasl.app.payments.models import SavedMethod
    from wasl.app.tenancy.models import Payer, PayerGrant

    second = Payer.objects.create()
    other = SavedMethod.objects.create(organisation_id=org.pk, payer=second, driver="bank", token="tok_2", family="card")
    autopay.agree(second, org, other)
    row = bill()
    PayerGrant.objects.create(organisation_id=org.pk, payer=second, invoice_id=row.pk)
    days_pass(time, 9)

    assert types(row) == ["autopay-planned", "autopay-noticed"] and gateway.charges == {"tok_1": 1}
