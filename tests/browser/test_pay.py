"""Paying in Chromium: by each way, declined and tried again, with the bank's code, three invoices at once, and a refund that shows."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]
LANGS = pytest.mark.parametrize("lang", ["ar", "en"])
PAYS, ASKS, DECLINES = "4111111111111111", "4000000000003220", "4000000000000002"
SAID = {
    "ar": {"received": "وصلت دفعتك", "cancelled": "لم يكتمل الدفع", "bill": "ادفع هذه الفاتورة من بنكك", "refund": "أُعيد المبلغ"},
    "en": {"received": "Your payment has arrived", "cancelled": "The payment was not completed", "bill": "Pay this bill at your bank", "refund": "Money returned"},
}


def pay_with(page: Any, card: str) -> None:
    page.fill("#card", card)
    page.fill("#expiry", "12/30")
    page.fill("#cvc", "123")
    page.locator("form").filter(has=page.locator("#card")).get_by_role("button").click()


def without_stream(page: Any) -> None:
    """The server of these tests speaks WSGI, which has no streams: the page was refused one and looks by itself, as it should."""
    page.faults[:] = [fault for fault in page.faults if "503" not in fault]


def press_pay(page: Any, size: str = "desktop") -> None:
    page.locator(".dock button" if size == "phone" else ".payer__pay button").click()


@pytest.fixture
def reader(sellers: Any, scene: Any, site: Any) -> Any:
    """Three open invoices to one buyer, and the cookies of that buyer, signed in."""
    from django.test import Client

    from wasl.app.invoicing.models import InvoiceText
    from wasl.app.tenancy.payers_prove import person_of

    rows = [scene.issue(sellers["sanad"], lines=n) for n in (1, 2, 3)]
    for row in rows:
        scene.send(row)
    email = InvoiceText.objects.for_org(rows[0].organisation_id).get(pk=rows[0].pk).buyer_email
    person, _address = person_of(email, "ar")
    client = Client()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    return rows, [{"name": "wasl_session", "value": client.cookies["wasl_session"].value, "url": site.url}]


@pytest.mark.ci
def test_pay_be_declined_try_again_and_take_the_receipt(
    open_page: Any, sellers: Any, scene: Any, installation: Any, checks: Any, pictures: Any
) -> None:
    """One short walk: on a phone, in Arabic. The status says what happened, the receipt is there at once."""
    said = SAID["ar"]
    shown = scene.shown(scene.issue(sellers["sanad"], lines=1))
    page = open_page(shown.payer, size="phone")
    press_pay(page, "phone")
    page.wait_for_url(re.compile(re.escape(installation.bank)))
    pay_with(page, DECLINES)
    page.locator('form[action$="/cancel"] button').click()
    page.wait_for_url(re.compile(r"/pay/status"))
    page.faults.clear()  # the bank's own answer to a declined card, 422, is told by the browser
    assert said["cancelled"] in page.inner_text(".outcome") and checks.examine(page) == []

    page.locator('.outcome__acts form[action$="/pay"] button').click()
    page.wait_for_url(re.compile(re.escape(installation.bank)))
    pay_with(page, ASKS)
    page.fill("#code", "123456")
    page.locator("form").filter(has=page.locator("#code")).get_by_role("button").click()
    page.wait_for_url(re.compile(r"/pay/status"), timeout=20_000)
    page.wait_for_selector(f"text={said['received']}", timeout=20_000)
    assert checks.examine(page) == []
    if pictures:
        page.screenshot(path=pictures / "pay-status-received-ar-phone.png", full_page=True)

    with page.expect_download() as found:
        page.locator('a[href$=".pdf"]').first.click()
    assert found.value.suggested_filename.startswith("receipt-")
    page.locator('.outcome__acts a[href*="/receipt/"]:not([href$=".pdf"])').click()
    assert shown.row.number in page.inner_text(".receipt") and checks.examine(page) == []
    without_stream(page)
    assert page.faults == []


@LANGS
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_pay_page_by_each_way(open_page: Any, sellers: Any, scene: Any, installation: Any, checks: Any, pictures: Any, lang: str, size: str) -> None:
    """A card, and a bill that is paid at the bank by its two numbers."""
    shown = scene.shown(scene.issue(sellers["sanad"], lines=1, lang=lang))
    page = open_page(f"{shown.payer}/pay?lang={lang}", lang=lang, size=size)
    assert checks.examine(page, reach=lang == "ar") == []
    if pictures:
        page.screenshot(path=pictures / f"pay-{lang}-{size}.png", full_page=True)

    page.locator('input[name=way][value="bill@bank"]').check(force=True)
    page.locator(".paying__form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/pay/status"))
    assert SAID[lang]["bill"] in page.inner_text(".outcome")
    without_stream(page)
    assert checks.examine(page) == []
    if pictures:
        page.screenshot(path=pictures / f"pay-bill-{lang}-{size}.png", full_page=True)
    biller, number = page.locator(".outcome__bill .copy__value").all_inner_texts()
    bank = open_page(f"{installation.bank}/bills")
    bank.fill("#biller", biller)
    bank.fill("#number", number)
    bank.get_by_role("button").last.click()
    page.wait_for_selector(f"text={SAID[lang]['received']}", timeout=20_000)

    other = scene.shown(scene.issue(sellers["sanad"], lines=2, lang=lang))
    page.goto(page.url.split("/i/")[0] + f"{other.payer}/pay?lang={lang}")
    page.locator('input[name=way][value="card@bank"]').check(force=True)
    page.locator(".paying__form button[type=submit]").click()
    page.wait_for_url(re.compile(re.escape(installation.bank)))
    pay_with(page, PAYS)
    page.wait_for_url(re.compile(r"/pay/status"), timeout=20_000)
    page.wait_for_selector(f"text={SAID[lang]['received']}", timeout=20_000)
    without_stream(page)
    assert page.faults == []


@LANGS
def test_three_invoices_are_paid_at_once_and_a_refund_shows(
    open_page: Any, sellers: Any, reader: Any, scene: Any, installation: Any, checks: Any, pictures: Any, lang: str
) -> None:
    rows, cookies = reader
    page = open_page(f"/inbox/?lang={lang}", lang=lang, cookies=cookies)
    for box in page.locator('input[name="pick"]').all()[:3]:
        box.check(force=True)
    page.locator('button[name=do][value=pay]').click()
    page.wait_for_url(re.compile(r"/inbox/pay"))
    assert page.locator(".several__bill:not(.several__bill--sum)").count() == 3 and checks.examine(page) == []
    if pictures:
        page.screenshot(path=pictures / f"pay-several-{lang}.png", full_page=True)
    page.locator("form[action$='/inbox/pay'] button[type=submit]").click()
    page.wait_for_url(re.compile(re.escape(installation.bank)))
    pay_with(page, PAYS)
    page.wait_for_url(re.compile(r"/pay/status"), timeout=20_000)
    page.wait_for_selector(f"text={SAID[lang]['received']}", timeout=20_000)
    facts = page.inner_text(".outcome__facts")
    assert all(row.number in facts for row in rows)
    page.locator('.outcome__acts a[href*="/receipt/"]:not([href$=".pdf"])').click()
    assert page.locator(".receipt__lines tbody tr").count() == 3 and checks.examine(page) == []

    refund(rows[0], sellers["sanad"])
    page.goto(f"{page.url.split('/inbox/')[0]}/inbox/i/{rows[0].organisation_id}/{rows[0].pk}?lang={lang}")
    assert SAID[lang]["refund"] in page.inner_text("#history")
    without_stream(page)
    assert page.faults == []


def refund(row: Any, seller: Any) -> None:
    """The seller gives the money of one invoice back, and the bank does it."""
    import threading

    from django.db import connection

    from wasl.app.payments.refunds import request_refund
    from wasl.app.payments.refunds_out import send_refunds

    def work() -> None:
        request_refund(row, actor=seller.actor, reason="أُلغي الطلب · Order cancelled")
        send_refunds()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@LANGS
def test_every_way_of_paying_works_without_script(browser: Any, site: Any, sellers: Any, scene: Any, installation: Any, lang: str) -> None:
    shown = scene.shown(scene.issue(sellers["sanad"], lines=1))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}, locale=lang)
    page = context.new_page()
    page.goto(f"{site.url}{shown.payer}?lang={lang}")
    page.locator(".dock button").click()
    page.wait_for_url(re.compile(re.escape(installation.bank)))
    pay_with(page, PAYS)
    page.wait_for_url(re.compile(r"/pay/status"), timeout=30_000)
    page.wait_for_selector(f"text={SAID[lang]['received']}", timeout=30_000)
    context.close()
