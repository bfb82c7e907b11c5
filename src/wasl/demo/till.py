"""The first seller's till in the demo: a second owner, a limit, a refund that waits for her, money that came without an invoice, a line of
a payout that nobody knows, and yesterday closed."""

from __future__ import annotations

from datetime import timedelta

from wasl.app import clock
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments.closing import close_day
from wasl.app.payments.days import fold
from wasl.app.payments.drivers.port import Payout as Told
from wasl.app.payments.drivers.port import PayoutItem as Item
from wasl.app.payments.models import Intent
from wasl.app.payments.payouts import post_payout
from wasl.app.payments.receive import receive_transfer
from wasl.app.payments.refund_payment import refund_payment
from wasl.app.payments.terms import change_settings
from wasl.app.tenancy.models import Membership, Person
from wasl.app.tenancy.organisations import add_member
from wasl.demo.world import Seller
from wasl.invoice.money import minor_units

SECOND_OWNER = ("هدى القحطاني", "huda@sanad.example")
LIMIT = 500  # in whole units of the house's currency
UNKNOWN = ("مؤسسة النخيل التجارية", "INWARD TRF 90417")
FEE_PERCENT = 2


def set_up(seller: Seller) -> None:
    """Once the story is played. Each step goes through its service."""
    org, actor = seller.org, seller.actor
    unit = 10 ** minor_units(org.currency)
    name, email = SECOND_OWNER
    add_member(org, Person.objects.create_user(email=email, name=name), Membership.OWNER, actor=actor)
    change_settings(org, actor=actor, refund_approval_above=LIMIT * unit)
    now = clock.now()
    receive_transfer(
        org, key="demo:unknown", amount=3_450 * unit, currency=org.currency, at=now - timedelta(days=6), payer_name=UNKNOWN[0], reference=UNKNOWN[1],
        actor=actor,
    )  # fmt: skip
    paid = _paid(seller)
    if paid:
        refund_payment(org, paid[0].pk, actor=actor, reason="أُلغي الطلب بعد الدفع · Order cancelled after payment")
        _pay_out(seller, paid[1:4])
    fold()
    close_day(org, local_date(org, now) - timedelta(days=1), actor=actor, note="طابق كشف البنك · Agrees with the bank")


def _paid(seller: Seller) -> list[Intent]:
    """Payments that came through the test bank, the newest first."""
    mine = Intent.objects.for_org(seller.org).filter(driver="bank", status=Intent.SUCCEEDED, refunded=0, contested=0)
    return list(mine.order_by("-settled_at")[:4])


def _pay_out(seller: Seller, paid: list[Intent]) -> None:
    """The test bank pays three payments out, less its fee; one more line is of a payment that was made elsewhere."""
    items = [_line(intent.gateway_id, intent.captured) for intent in paid]
    items.append(_line("pay_at_the_counter", 115 * 10 ** minor_units(seller.org.currency)))
    told = Told("po_demo_1", seller.org.currency, sum(item.net for item in items), clock.now() - timedelta(hours=5), tuple(items))
    post_payout(seller.org, "bank", told)


def _line(gateway_id: str, gross: int) -> Item:
    fee = gross * FEE_PERCENT // 100
    return Item("payment", gateway_id, gross, fee, gross - fee)
