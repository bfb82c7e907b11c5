"""The seller's till in Chromium: a refund that needs two people, unmatched money, a payout against the books, the close of a day; every
page in both languages, on a phone and on a desk. With WASL_SCREENSHOTS pictures are kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]
BASE = "/console/sanad/payments"


def examine(page: Any, checks: Any, pictures: Path | None, name: str) -> None:
    page.wait_for_load_state("networkidle")
    found = checks.faults(page) + checks.axe_faults(page)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(pictures / f"{name}.png"), full_page=True)
    assert found == [], f"{name}: " + "\n".join(found)


@pytest.fixture
def till(sellers: Any, scene: Any) -> Any:
    """Sanad with payments that came by card and by transfer, one refused, one contested; the demo's second owner, limit and payout."""
    from wasl.app import clock
    from wasl.app.payments.drivers import registry
    from wasl.app.payments.drivers.port import Failure, GatewayDispute, GatewayPayment
    from wasl.app.payments.models import Intent
    from wasl.app.payments.orders import merchant_of
    from wasl.app.payments.pay import start_payment
    from wasl.app.payments.receive import receive_transfer
    from wasl.app.payments.settle import settle
    from wasl.demo import till as demo

    assert registry
    seller = sellers["sanad"]

    def said(intent: Any, status: str, **fields: Any) -> None:
        state = GatewayPayment(
            intent.gateway_id, status, intent.amount, intent.currency, merchant_of(seller.org.pk), intent.reference, intent.hosted_url, **fields
        )
        settle(seller.org, intent.pk, state)

    rows = [scene.issue(seller, lines=n % 4 + 1) for n in range(8)]
    for at, row in enumerate(rows[:7]):
        intent = start_payment(row, "bank", return_url="https://x.example/", method=("card", "mada", "stc_pay")[at % 3]).intent
        if at == 5:
            said(intent, "failed", failure=Failure("insufficient_funds"))
        elif at < 5:
            said(intent, "succeeded")
        if at == 4:
            paid = Intent.objects.for_org(seller.org).get(pk=intent.pk)
            said(paid, "succeeded", disputes=(GatewayDispute("dp_1", paid.amount, "open", "product_not_received"),))
    receive_transfer(
        seller.org, key="one", amount=rows[7].payable_amount, currency="SAR", at=clock.now() - timedelta(hours=2), payer_name="مؤسسة الأفق الأزرق",
        shares={rows[7].pk: rows[7].payable_amount},
    )  # fmt: skip
    demo.set_up(seller)
    return seller


def second_owner(site: Any) -> list[dict[str, Any]]:
    from django.test import Client

    from wasl.app.tenancy.models import Person
    from wasl.demo.till import SECOND_OWNER

    client = Client()
    client.force_login(Person.objects.get(email=SECOND_OWNER[1]), backend="wasl.app.tenancy.signin.PasswordBackend")
    return [{"name": "wasl_session", "value": client.cookies["wasl_session"].value, "url": site.url}]


@pytest.mark.parametrize(("lang", "size"), [("ar", "phone"), ("en", "desktop"), ("ar", "desktop"), ("en", "phone")])
def test_every_page_of_the_till_holds(
    till: Any, open_page: Any, signed_in: Any, checks: Any, pictures: Path | None, lang: str, size: str
) -> None:
    from wasl.app.payments.models import Intent, Payout, PayoutItem, Receipt

    org = till.org
    first = {
        "payment": Intent.objects.for_org(org).filter(captured__gt=0, contested=0).order_by("-created_at").first().pk,
        "disputed": Intent.objects.for_org(org).filter(contested__gt=0).get().pk,
        "unmatched/money": Receipt.objects.for_org(org).get(key="demo:unknown").pk,
        "unmatched/payout-line": PayoutItem.objects.for_org(org).get(is_known=False).pk,
        "payouts": Payout.objects.for_org(org).get().pk,
    }
    page = open_page(BASE, lang=lang, size=size, cookies=signed_in())
    examine(page, checks, pictures, f"till-list-{lang}-{size}")
    page.goto(page.url.partition("?")[0] + "?method=mada&since=2024-01-01")
    examine(page, checks, pictures, f"till-narrowed-{lang}-{size}")
    root = page.url.partition("?")[0]
    for name, key in first.items():
        page.goto(f"{root}/{key}" if name in ("payment", "disputed") else f"{root}/{name}/{key}")
        examine(page, checks, pictures, f"till-{name.replace('/', '-')}-{lang}-{size}")
    for name in ("unmatched", "refunds", "refunds/limit", "payouts", "close"):
        page.goto(f"{root}/{name}")
        if name == "close":
            page.locator(".disclosure summary").first.click()
        examine(page, checks, pictures, f"till-{name.replace('/', '-')}-list-{lang}-{size}")


@pytest.mark.ci
def test_a_refund_by_two_people_and_a_day_that_is_closed(
    till: Any, open_page: Any, signed_in: Any, site: Any, checks: Any, pictures: Path | None
) -> None:
    """Reem asks, and cannot approve; Huda approves; it goes back. Then Reem closes the day, and an invoice changes it."""
    from wasl.app.payments.models import Intent, Refund

    Refund.objects.for_org(till.org).filter(status=Refund.WAITING).update(status=Refund.DROPPED)
    intent = Intent.objects.for_org(till.org).filter(captured__gt=0, contested=0).order_by("-created_at").first()
    reem = open_page(f"{BASE}/{intent.pk}", lang="ar", size="phone", cookies=signed_in())
    reem.fill("#reason", "أُلغي الطلب")
    reem.locator("form[action$='/refund'] button").click()
    reem.wait_for_selector(".banner--wait")
    reem.goto(f"{site.url}{BASE}/refunds")
    assert reem.locator('button[value="approve"]').count() == 0
    examine(reem, checks, pictures, "till-asked-ar-phone")

    huda = open_page(f"{BASE}/refunds", lang="en", size="desktop", cookies=second_owner(site))
    assert "أُلغي الطلب" in huda.inner_text("main")
    examine(huda, checks, pictures, "till-approve-en-desktop")
    huda.locator('button[value="approve"]').click()
    huda.wait_for_selector(".toast")
    row = Refund.objects.for_org(till.org).exclude(status=Refund.DROPPED).get()
    assert (row.status, row.intent_id, row.amount) == (Refund.QUEUED, intent.pk, intent.captured)

    reem.goto(f"{site.url}{BASE}/close")
    reem.fill("#note", "عُدّ الصندوق")
    reem.locator("form[action$='/close'] button.button--main").click()
    reem.wait_for_selector(".banner--good")
    examine(reem, checks, pictures, "till-closed-ar-phone")
    refund = Refund.objects.for_org(till.org).get(pk=row.pk)
    from django.db import transaction

    from wasl.app.payments.drivers.port import GatewayRefund
    from wasl.app.payments.settle import apply_refund

    with transaction.atomic():
        apply_refund(Intent.objects.for_org(till.org).select_for_update().get(pk=intent.pk), GatewayRefund("ref_1", refund.amount, str(refund.pk), "succeeded"))
    reem.reload()
    reem.wait_for_selector(".banner--bad")
    examine(reem, checks, pictures, "till-changed-ar-phone")
