"""A line is disputed in three clicks, the seller answers and mends it, the payer reads it: in both languages, by keyboard of the form alone.

With WASL_SCREENSHOTS set each page leaves its picture there.
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]
WORDS = {
    "ar": ("اتفقنا على خصم 10٪ لا 5٪ على الصيانة.", "صحيح، في العرض Q-118 خصم 10٪. نصدر إشعارًا بالفرق."),
    "en": ("We agreed on 10% off the maintenance, not 5%.", "True, quote Q-118 says 10%. A credit note follows."),
}


def examine(page: Any, checks: Any, pictures: Path | None, name: str) -> None:
    page.wait_for_load_state("networkidle")
    found = checks.faults(page) + checks.axe_faults(page)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(pictures / f"{name}.png"), full_page=True)
    assert found == [], f"{name}: " + "\n".join(found)


def photo() -> dict[str, Any]:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "JPEG")
    return {"name": "note.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.ci
@pytest.mark.parametrize(("lang", "size"), [("ar", "phone"), ("en", "desktop")])
def test_a_line_is_disputed_answered_and_mended(
    open_page: Any, sellers: Any, signed_in: Any, scene: Any, checks: Any, pictures: Path | None, lang: str, size: str
) -> None:
    row = scene.issue(sellers["sanad"], lang=lang)
    asks, answers = WORDS[lang]

    payer = open_page(scene.shown(row).payer, lang=lang, size=size)
    question = payer.locator('a[href*="/ask?line=3"]').first
    if size == "phone":
        question.click()  # one
    else:
        payer.goto(question.evaluate("link => link.href"))  # a click opens it beside the invoice: test_chat.py
    examine(payer, checks, pictures, f"ask-{lang}-{size}")
    payer.fill("#text", asks)
    payer.set_input_files("#photo", photo())
    payer.locator('label:has(input[value="price"])').click()  # two
    payer.locator("form button[type=submit].button--main").click()  # three
    payer.wait_for_selector(".thread__picture img")
    assert asks in payer.inner_text(".thread")
    talk = payer.url

    seller = open_page("/console/sanad/questions", lang=lang, size=size, cookies=signed_in())
    examine(seller, checks, pictures, f"questions-{lang}-{size}")
    seller.locator(".talks__link").first.click()
    seller.fill("#text", answers)
    seller.locator('button[value="answer"]').click()
    seller.wait_for_selector(".thread__entry--mine")
    examine(seller, checks, pictures, f"question-{lang}-{size}")

    payer.reload()
    assert answers in payer.inner_text(".thread")

    seller.locator('a[href*="/credit?question="]').click()
    examine(seller, checks, None, "credit from a line")
    seller.fill("#amount", "195.00")
    seller.locator("form button.button--main").click()
    seller.wait_for_selector(".thread__document")

    payer.reload()
    assert "224.25" in payer.inner_text(".thread__document")
    examine(payer, checks, pictures, f"talk-{lang}-{size}")
    payer.goto(talk.partition("/questions/")[0] + "/history")
    examine(payer, checks, pictures, f"history-{lang}-{size}")


@pytest.mark.parametrize(("lang", "size"), [("ar", "desktop"), ("en", "phone")])
def test_what_needs_attention(
    open_page: Any, sellers: Any, signed_in: Any, scene: Any, checks: Any, pictures: Path | None, lang: str, size: str
) -> None:
    from django.db import transaction

    from wasl.app import clock
    from wasl.app.delivery.send import deliver, record_state
    from wasl.app.support.attention.sweep import sweep
    from wasl.app.support.conversations import Payer, ask

    seller = sellers["sanad"]
    with clock.frozen(clock.now() - timedelta(days=4)):
        rows = [scene.issue(seller, lang=lang, customer=n, lines=n + 1) for n in range(3)]
        for row, state, reply in zip(
            rows, ("bounced", "handed_over", "deferred"), ("550 5.1.1 no such user", "250 ok", "451 greylisted"), strict=True
        ):
            delivery = deliver(row)
            delivery.state, delivery.state_at, delivery.reply = state, clock.now(), reply
            delivery.save()
            with transaction.atomic():
                record_state(delivery, {})
        ask(rows[2], reason="not_mine", text="", by=Payer("x@y.example"), key="1")
        ask(rows[1], line="1", reason="question", text="?", by=Payer("x@y.example"), key="1")
    sweep()

    page = open_page("/console/sanad/attention", lang=lang, size=size, cookies=signed_in())
    assert page.locator(".attend__item").count() == 5
    examine(page, checks, pictures, f"attention-{lang}-{size}")
    page.locator('.attend__item:first-child button[value="done"]').click()
    page.wait_for_selector(".toast")
    assert page.locator(".attend__item").count() == 4
    page.goto(page.url.split("?")[0] + "/settings")
    examine(page, checks, pictures, f"attention-settings-{lang}-{size}")
