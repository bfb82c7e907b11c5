"""A live conversation between two browsers: the payer in Arabic on a telephone, the seller in English at a desk.

The server is the real one, granian with its stream, as a process of its own on the test's database. With WASL_SCREENSHOTS set
the pages leave their pictures there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]
WAIT = 20_000  # milliseconds; CI's two cores do much else


@pytest.fixture
def front(transactional_db: None, settings: Any) -> Iterator[SimpleNamespace]:
    """The stream and the pages in one process, as `wasl serve` starts them."""
    import psycopg
    from django.db import connection

    from wasl.cli.processes import web_arguments

    port = _free_port()
    database = psycopg.conninfo.make_conninfo(settings.CONFIG.database_url, dbname=connection.settings_dict["NAME"])
    environment = os.environ | {
        "DATABASE_URL": database, "WASL_SECRET_KEY": settings.SECRET_KEY, "WASL_DATA_DIR": settings.CONFIG.data_dir,
        "WASL_ORIGIN": f"http://127.0.0.1:{port}", "WASL_CHECKPOINT_DIR": settings.CONFIG.checkpoint_dir, "PYTHONPATH": ":".join(sys.path),
        "WASL_LOG_LEVEL": "warning",
    }  # fmt: skip
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([sys.executable, "-m", *web_arguments("127.0.0.1", port, 1)], env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/health/stream")
            yield SimpleNamespace(url=f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=30)
        log.seek(0)
        text = log.read().decode()
    assert "Traceback" not in text, text[-3000:]


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str) -> None:
    import time
    import urllib.request

    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


@pytest.fixture
def talk(sellers: Any, scene: Any) -> SimpleNamespace:
    """An invoice with a question about its third line that the seller has not answered yet."""
    from wasl.app.invoicing.models import InvoiceText
    from wasl.app.support.conversations import Payer, ask

    seller = sellers["sanad"]
    row = scene.issue(seller, lang="ar")
    email = InvoiceText.objects.for_org(row.organisation_id).get(pk=row.pk).buyer_email
    asked = ask(row, line="3", reason="price", text="السلام عليكم، اتفقنا على خصم 10٪ لا 5٪ على الصيانة.", by=Payer(email), key="first")
    return SimpleNamespace(seller=seller, row=row, path=scene.shown(row).payer, conversation=asked)


def shoot(page: Any, pictures: Path | None, name: str) -> None:
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(pictures / f"{name}.png"))


def answer(talk: SimpleNamespace, text: str, key: str) -> None:
    from wasl.app.support import conversations
    from wasl.app.tenancy.actor import Actor

    conversations.answer(talk.row.organisation_id, talk.conversation.pk, text=text, actor=Actor.of(talk.seller.owner), key=key)


@pytest.mark.ci
def test_a_message_is_on_the_other_screen_at_once(front: Any, talk: Any, open_page: Any, checks: Any, pictures: Path | None) -> None:
    """The short way: two devices of the payer, and an answer of the seller."""
    address = f"{front.url}{talk.path}/questions/{talk.conversation.pk}"
    phone, desk = open_page(address, lang="ar", size="phone"), open_page(address, lang="en", size="desktop")
    for page in (phone, desk):
        page.wait_for_function("performance.getEntriesByType('resource').some((each) => each.name.includes('/chat'))", timeout=WAIT)
    phone.wait_for_timeout(500)  # the streams are open

    phone.fill("#text", "هل من جواب؟ <b>x</b>")
    phone.press("#text", "Control+Enter")
    desk.wait_for_selector("text=هل من جواب؟ <b>x</b>", timeout=WAIT)
    phone.wait_for_selector(".thread__entry--mine:not([data-waits]) >> text=هل من جواب؟", timeout=WAIT)
    desk.type("#text", "I am")
    phone.wait_for_selector("[data-chat-typing]:not([hidden])", timeout=WAIT)
    shoot(phone, pictures, "chat-typing-ar-phone")
    answer(talk, "Yes: quote Q-118 says 10%.", "second")
    for page in (phone, desk):
        page.wait_for_selector("text=quote Q-118", timeout=WAIT)
        assert page.locator("text=quote Q-118").count() == 1

    for page, name in ((phone, "chat-ar-phone"), (desk, "chat-en-desktop")):
        shoot(page, pictures, name)
        assert checks.faults(page) + checks.axe_faults(page) == []


def test_beside_the_invoice_on_a_wide_screen(front: Any, talk: Any, open_page: Any, checks: Any, pictures: Path | None) -> None:
    page = open_page(f"{front.url}{talk.path}", lang="ar", size="desktop")
    page.locator(f'a[href$="/questions/{talk.conversation.pk}"]').first.click()
    page.wait_for_selector(".drawer .chat", timeout=WAIT)
    page.wait_for_timeout(800)
    assert page.url == f"{front.url}{talk.path}", "the invoice is still there"
    answer(talk, "صحيح، نصدر إشعارًا بالفرق.", "second")
    page.wait_for_selector(".drawer >> text=نصدر إشعارًا", timeout=WAIT)
    shoot(page, pictures, "chat-drawer-ar-desktop")
    assert checks.faults(page) + checks.axe_faults(page) == []

    page.keyboard.press("Escape")
    page.wait_for_selector(".drawer", state="detached", timeout=WAIT)
    assert page.evaluate("document.activeElement.tagName") == "A", "the focus is where it came from"
    page.locator('a[href*="/ask?line=2"]').first.click()
    page.wait_for_selector(".drawer form", timeout=WAIT)
    page.evaluate("document.querySelector('.drawer form').noValidate = true")  # what the browser stops by itself, an old one sends
    page.locator(".drawer button[type=submit].button--main").click()
    page.wait_for_selector('.drawer [aria-invalid="true"], .drawer .field__error:not(:empty)', timeout=WAIT)
    page.locator('.drawer label:has(input[value="question"])').click()
    page.fill(".drawer textarea", "متى التسليم؟")
    page.locator(".drawer button[type=submit].button--main").click()
    page.wait_for_selector(".drawer .thread >> text=متى التسليم؟", timeout=WAIT)


def test_what_could_not_be_sent_says_so_and_is_sent_once(front: Any, talk: Any, open_page: Any) -> None:
    from wasl.app.support.conversations import thread

    page = open_page(f"{front.url}{talk.path}/questions/{talk.conversation.pk}", lang="en")
    page.wait_for_timeout(800)
    page.context.set_offline(True)
    page.fill("#text", "Are you there?")
    page.press("#text", "Enter")
    page.wait_for_selector(".chat__again", timeout=WAIT)
    page.context.set_offline(False)
    page.wait_for_selector(".thread__entry--mine:not([data-waits]) >> text=Are you there?", timeout=WAIT)

    assert [each.text for each in thread(talk.conversation)].count("Are you there?") == 1
    assert page.locator("text=Are you there?").count() == 1


def test_without_script_the_same_form_sends(front: Any, talk: Any, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ar")
    page = context.new_page()
    page.goto(f"{front.url}{talk.path}/questions/{talk.conversation.pk}")
    page.fill("#text", "بلا برنامج")
    page.locator("[data-chat-send]").click()
    assert "بلا برنامج" in page.inner_text(".thread")
    assert page.locator("noscript a, a:has-text('تحقّق من وصول جواب')").count() >= 1
    context.close()
