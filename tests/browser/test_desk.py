"""The team's desk: the queue with labels, several at once and undo; a mail that joins the open conversation; canned answers; a call
asked for, seen and done; hours and hotline. In both languages, on a phone and on a desk. With WASL_SCREENSHOTS pictures are kept."""

from __future__ import annotations

import dataclasses
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

pytestmark = [pytest.mark.browser]
MAIL = {
    "ar": "السلام عليكم،\nوصلت البضاعة كاملة، شكرًا لكم.\n\nفي الأحد، 29 نوفمبر 2026 كتب سند <wasl@wasl.example>:\n> هل وصلت؟\n",
    "en": "Hello,\nall of it has arrived, thank you.\n\nOn Sun, 29 Nov 2026 at 10:00, Sanad <wasl@wasl.example> wrote:\n> Has it arrived?\n",
}
NEW = {"ar": "وصلت البضاعة كاملة، شكرًا لكم.", "en": "all of it has arrived, thank you."}


def examine(page: Any, checks: Any, pictures: Path | None, name: str) -> None:
    page.wait_for_load_state("networkidle")
    found = checks.faults(page) + checks.axe_faults(page)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(pictures / f"{name}.png"), full_page=True)
    assert found == [], f"{name}: " + "\n".join(found)


@pytest.fixture
def desk(sellers: Any, settings: Any) -> Any:
    """Sanad with hours, a hotline, calls, labels and two canned answers."""
    from wasl.app.support.callback.setting import offer_calls
    from wasl.app.support.canned.keep import keep
    from wasl.app.support.desk.labels import keep_label
    from wasl.app.support.hours.hotline import add_hotline
    from wasl.app.support.hours.settings import change_hours
    from wasl.app.tenancy.actor import Actor

    settings.CONFIG = dataclasses.replace(settings.CONFIG, mail_from="wasl@wasl.example", mail_hook_secret="s" * 30)
    org, actor = sellers["sanad"].org, Actor.system("test")
    change_hours(org, week={day: [(9 * 60, 13 * 60), (16 * 60, 20 * 60)] for day in (6, 0, 1, 2, 3)}, keeps_holidays=True, actor=actor)
    add_hotline(org, number="+966 11 234 5678", languages=["ar", "en"], actor=actor)
    offer_calls(org, on=True, at_once=2, actor=actor)
    for name, tone in (("عاجل", "late"), ("Warehouse", "info")):
        keep_label(org, name=name, tone=tone, actor=actor)
    keep(
        org, title="IBAN", actor=actor, text_ar="الحساب في الفاتورة {number}، والمتبقي {amount} حتى {due_date}.",
        text_en="The account is on invoice {number}; {amount} is left until {due_date}.",
    )  # fmt: skip
    keep(org, title="شكر", text_ar="شكرًا لكم.", text_en="Thank you.", actor=actor)
    return sellers["sanad"]


@pytest.mark.parametrize(("lang", "size"), [("ar", "phone"), ("en", "desktop")])
def test_a_mail_joins_the_open_conversation_and_the_desk_answers_it(
    desk: Any, open_page: Any, signed_in: Any, scene: Any, checks: Any, pictures: Path | None, lang: str, size: str
) -> None:
    from wasl.app.delivery.inbound import take
    from wasl.app.support.conversations import Payer, ask
    from wasl.app.support.threads.address import address_for

    row = scene.issue(desk, lang=lang)
    talk = ask(row, line="3", reason="price", text="10%?", by=Payer("buyer@example.com"), key=str(uuid4()))
    other = ask(row, line=None, reason="question", text="XML?", by=Payer("buyer@example.com"), key=str(uuid4()))

    seller = open_page(f"/console/sanad/questions/{talk.pk}", lang=lang, size=size, cookies=signed_in())
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "Buyer <buyer@example.com>", address_for(talk, "buyer@example.com"), "<1@example.com>"
    mail.set_content(MAIL[lang])
    assert take(mail.as_bytes()) == "reply"
    seller.evaluate("document.querySelector('[data-live]').dispatchEvent(new CustomEvent('live:missed', { bubbles: true }))")
    seller.wait_for_function("text => document.querySelector('.thread').innerText.includes(text)", arg=NEW[lang])
    assert "29" not in seller.inner_text(".thread") and seller.locator('a[href*="/mail/"]').count() == 1

    seller.locator(".desk__canned summary").click()
    seller.locator(".desk__answer").first.click()
    seller.wait_for_function("() => document.getElementById('text').value.length > 20")
    assert row.number in seller.input_value("#text")
    examine(seller, checks, pictures, f"desk-talk-{lang}-{size}")
    seller.locator('button[value="answer"]').click()
    seller.wait_for_selector(".toast")

    seller.goto(seller.url.partition("/questions/")[0] + "/questions?show=all")
    examine(seller, checks, pictures, f"desk-queue-{lang}-{size}")
    seller.keyboard.press("j")
    seller.keyboard.press("x")
    assert seller.locator('input[name="pick"]:checked').count() == 1
    seller.locator('label.desk-pick:has([data-all])').click()
    seller.locator('button[value="mine"]').click()
    seller.wait_for_selector(".desk-undo")
    examine(seller, checks, pictures, f"desk-undo-{lang}-{size}")
    seller.locator(".desk-undo button").first.click()
    seller.wait_for_selector(".toast")
    assert type(other).objects.for_org(desk.org).get(pk=other.pk).assignee_id is None


@pytest.mark.parametrize(("lang", "size"), [("ar", "phone"), ("en", "desktop"), ("ar", "desktop"), ("en", "phone")])
def test_a_call_is_asked_for_and_made_and_the_desks_own_pages_hold(
    desk: Any, open_page: Any, signed_in: Any, scene: Any, checks: Any, pictures: Path | None, lang: str, size: str
) -> None:
    row = scene.issue(desk, lang=lang)
    payer = open_page(scene.shown(row).payer, lang=lang, size=size)
    assert payer.locator('a[href="tel:+966112345678"]').count() == 1
    if pictures is not None:
        payer.screenshot(path=str(pictures / f"reach-{lang}-{size}.png"), full_page=True)
    payer.locator('a[href$="/call"]').first.click()
    payer.fill("#phone", "٠٥٠ ١٢٣ ٤٥٦٧" if lang == "ar" else "050 123 4567")
    payer.locator(".slots__slot").first.click()
    examine(payer, checks, pictures, f"call-{lang}-{size}")
    payer.locator("form button.button--main").click()
    payer.wait_for_selector(".pill")
    assert "+966 50 123 4567" in payer.inner_text("main")
    examine(payer, checks, pictures, f"call-planned-{lang}-{size}")

    seller = open_page("/console/sanad/desk/calls", lang=lang, size=size, cookies=signed_in())
    assert seller.locator('a[href="tel:+966501234567"]').count() == 1
    examine(seller, checks, pictures, f"desk-calls-{lang}-{size}")
    seller.locator('button[value="unanswered"]').click()
    seller.locator('button[value="done"]').click()
    for page in ("canned", "canned/new", "labels", "hours", "pace"):
        seller.goto(seller.url.partition("/desk/")[0] + f"/desk/{page}")
        examine(seller, checks, pictures, f"desk-{page.replace('/', '-')}-{lang}-{size}")
