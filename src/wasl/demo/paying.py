"""How the sample customers pay at the gateways' own pages: the forms are filled in and sent, as their browsers would.

Gateways keep a page open for a day, and theirs is the real clock: these payments are of the last hours of the story.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from django.conf import settings

from wasl.app import clock
from wasl.app.invoicing.links import make_link
from wasl.app.invoicing.models import InvoiceText, Link
from wasl.app.payments.autopay import agree, plan_ahead
from wasl.app.payments.pay import start_payment
from wasl.app.payments.payouts import fetch_payouts
from wasl.app.payments.refunds import request_refund
from wasl.app.payments.saved import methods_of
from wasl.app.payments.sweep import sweep
from wasl.app.tenancy.payers import own_inbox
from wasl.app.tenancy.payers_prove import person_of
from wasl.demo.world import Seller

CARD, MADA_CARD, DISPUTED_CARD, DECLINED_CARD = "4242424242424242", "4201320111111010", "4000000000000259", "4000000000000002"
CODE, MOBILE = "123456", "0501234567"


@dataclass(frozen=True)
class Act:
    """What one customer does at one gateway's page, and so many minutes before now."""

    driver: str
    family: str
    minutes: int
    card: str = ""
    keeps: bool = False  # from the inbox, which keeps the method
    regrets: bool = False  # the seller gives it back


ACTS = {
    "by_card": Act("stripe", "card", 600, card=CARD, keeps=True),
    "by_mada": Act("moyasar", "mada", 480, card=MADA_CARD),
    "by_stc_pay": Act("moyasar", "stc_pay", 400),
    "by_apple_pay": Act("moyasar", "apple_pay", 300),
    "by_tap": Act("tap", "card", 260, card=CARD),
    "in_euro": Act("stripe", "card", 220, card=CARD),
    "disputed": Act("stripe", "card", 180, card=DISPUTED_CARD),
    "taken_back": Act("stripe", "card", 150, card=CARD, regrets=True),
    "refused": Act("tap", "card", 45, card=DECLINED_CARD),
}


def perform(seller: Seller, row: Any, act: Act) -> None:
    """The whole way of one payment: our page's question, the gateway's page, its answer when asked."""
    email = InvoiceText.objects.for_org(row.organisation_id).get(pk=row.pk).buyer_email
    payer = own_inbox(person_of(email, "ar")[0]).payer if act.keeps else None
    place = f"/i/{make_link(row, Link.MAIL, email)}"
    started = start_payment(
        row, act.driver, method=act.family, return_url=f"{settings.CONFIG.origin}{place}/pay/status?back=1", save=act.keeps, payer=payer
    )
    at_the_page(started.url, act.family, act.card, keeps=act.keeps)
    _look()
    if act.regrets:
        request_refund(row, actor=seller.actor, reason="طُلبت الخدمة مرتين · Ordered twice")
        _look()
    if payer is not None:
        method = methods_of(payer, seller.org)[0]
        agree(payer, seller.org, method, notice_days=3, by="demo")
        plan_ahead()


def at_the_page(url: str, family: str = "", card: str = CARD, *, keeps: bool = False) -> None:
    """What a person does at a hosted page. Raises httpx.HTTPStatusError for a page that does not take it."""
    with httpx.Client(timeout=10, follow_redirects=False) as browser:
        if family == "apple_pay":
            _sent(browser.post(f"{url}/wallet/apple_pay"))
        elif family == "stc_pay":
            _sent(browser.post(f"{url}/stc", data={"mobile": MOBILE}))
            _sent(browser.post(f"{url}/code", data={"code": CODE}))
        else:
            expiry = f"12/{(datetime.now(UTC).year + 3) % 100:02d}"
            form = {"card": card, "expiry": expiry, "cvc": "123", "name": "Nader Alghamdi"}
            _sent(browser.post(url, data=form | ({"save": "on"} if keeps else {})))


def _sent(answer: httpx.Response) -> None:
    """Done, or refused in words on the page (a declined card): anything else is a mistake of the demo."""
    if answer.status_code not in {200, 303, 422}:
        raise RuntimeError(f"the test gateway answered {answer.status_code} at {answer.url}")


def _look() -> None:
    """The worker asks the gateways; nobody here hears their webhooks yet, since no web server runs while the story is played."""
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        sweep()


def pay_out(gateways_url: str) -> int:
    """One gateway sends what it holds to the sellers' banks; how many payouts our books have of it."""
    httpx.post(f"{gateways_url}/control/payout", json={"gateway": "moyasar"}, timeout=10).raise_for_status()
    return fetch_payouts()

