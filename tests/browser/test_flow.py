"""The whole way: written, issued, mailed, opened, paid at the bank, receipt; by hand, as a person would."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.ci]


def test_from_composer_to_receipt(open_page: Any, sellers: Any, signed_in: Any, scene: Any, installation: Any) -> None:
    seller = sellers["sanad"]

    desk = open_page("/console/sanad/new", lang="en", cookies=signed_in())
    compose(desk, str(seller.customers[0][1].pk))
    desk.get_by_role("button", name="Issue the invoice").click()
    desk.wait_for_url(re.compile(r"/console/sanad/invoices/[0-9a-f-]+$"))
    number = desk.locator("h1 .code").inner_text()
    scene.work()

    link = link_in_the_mail(open_page, installation.mailbox, number)
    payer = open_page(link, lang="en", size="phone")  # the invoice's own language wins over the browser's
    assert "2,482.05" in payer.inner_text(".hero")
    payer.mouse.wheel(0, 300)  # a person looks
    payer.locator(".dock").get_by_role("button").click()
    payer.wait_for_url(re.compile(re.escape(installation.bank)))
    pay_with(payer, "4111111111111111")
    payer.wait_for_url(re.compile(r"/i/.*back=1"), timeout=20_000)
    payer.wait_for_selector("text=وصلت دفعتك", timeout=20_000)
    payer.goto(link)

    assert "دُفعت كاملة" in payer.inner_text(".payer__due")
    assert "2,482.05" in payer.inner_text(".card--good")
    assert payer.locator(".dock").count() == 0
    story = payer.inner_text("#history")
    assert "فتحتَها أنت" in story and "وصلت دفعة" in story

    scene.work()
    desk.reload()
    assert "Paid" in desk.inner_text(".pill") and "Payment received" in desk.inner_text("#history")
    assert payer.faults == [] and desk.faults == []


def test_a_declined_card_leaves_the_invoice_to_be_paid(open_page: Any, sellers: Any, scene: Any, installation: Any) -> None:
    shown = scene.shown(scene.issue(sellers["sanad"], lines=1))
    payer = open_page(shown.payer)
    payer.locator(".payer__pay").get_by_role("button").click()
    payer.wait_for_url(re.compile(re.escape(installation.bank)))
    pay_with(payer, "4000000000000002")
    payer.locator('form[action$="/cancel"] button').click()
    payer.wait_for_url(re.compile(r"/i/.*back=1"))

    assert "لم يكتمل الدفع" in payer.inner_text(".outcome")
    payer.goto(payer.url.split("/pay/")[0])
    assert payer.locator(".payer__pay").count() == 1


def test_the_payer_page_works_without_script(browser: Any, sellers: Any, scene: Any, site: Any, installation: Any) -> None:
    shown = scene.shown(scene.issue(sellers["sanad"], lines=1))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site.url}{shown.payer}?lang=en")
    page.locator(".dock button").click()
    page.wait_for_url(re.compile(re.escape(installation.bank)))
    context.close()

    from wasl.app.portal.queries import events_of

    assert "opened" in {event.type for event in events_of(shown.row)}


def test_the_composer_works_without_script(browser: Any, sellers: Any, signed_in: Any, site: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    context.add_cookies(signed_in())
    page = context.new_page()
    page.goto(f"{site.url}/console/sanad/new?lang=en")
    page.select_option("#customer", str(sellers["sanad"].customers[0][1].pk))
    page.fill("#line-0-name", "خدمات استشارية")
    page.fill("#line-0-price", "100")
    page.get_by_role("button", name="Add a line").click()
    page.fill("#line-1-name", "تدريب")
    page.fill("#line-1-price", "50")
    page.locator('button[value="remove-0"]').click()
    page.get_by_role("button", name="Issue the invoice").click()
    page.wait_for_url(re.compile(r"/console/sanad/invoices/"))

    assert "57.50" in page.inner_text(".hero")
    context.close()


def test_the_right_answer_to_a_finding_mends_it(open_page: Any, sellers: Any, signed_in: Any) -> None:
    page = open_page("/console/sanad/new", lang="en", cookies=signed_in())
    compose(page, str(sellers["sanad"].customers[0][1].pk))
    page.select_option("#line-0-tax", "E|0")
    page.wait_for_selector(".finding")
    page.locator(".finding a").first.click()
    assert page.evaluate("document.activeElement.id") == "reason-E"
    page.select_option("#reason-code-E", "VATEX-SA-29")
    page.wait_for_selector(".pill--good")

    assert page.locator(".finding--fatal").count() == 0


def compose(page: Any, customer: str) -> None:
    page.select_option("#customer", customer)
    page.fill("#line-0-name", "خدمات استشارية في التحول الرقمي")
    page.fill("#line-0-quantity", "10")
    page.select_option("#line-0-unit", "HUR")
    page.fill("#line-0-price", "215.83")
    page.wait_for_selector(".pill--good")


def link_in_the_mail(open_page: Any, mailbox: str, number: str) -> str:
    """The address behind the button of the mail, as the mail server received it."""
    page = open_page(mailbox, lang="en")
    page.get_by_role("link", name=re.compile(re.escape(number))).first.click()
    address = page.locator("iframe").get_attribute("src")
    page.goto(f"{mailbox}{address}")
    return str(page.locator('a[href*="/i/"]').first.get_attribute("href"))


def pay_with(page: Any, card: str) -> None:
    page.fill("#card", card)
    page.fill("#expiry", "12/30")
    page.fill("#cvc", "123")
    page.locator("form").filter(has=page.locator("#card")).get_by_role("button").click()
