"""Ten everyday tasks of a payer, from the page a mail leads to, in both languages: none takes more than three clicks. And the same
journeys once more with scripts switched off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]
CLICKS_MAX = 3
LANGS = pytest.mark.parametrize("lang", ["ar", "en"])


class Hand:
    """Counts what a person does: a press or a choice is a click, typing is none."""

    def __init__(self, page: Any) -> None:
        self.page, self.clicks = page, 0

    def press(self, where: str) -> None:
        self.clicks += 1
        self.page.locator(f"{where} >> visible=true").first.click()
        self.page.wait_for_load_state()

    def tick(self, where: str) -> None:
        self.clicks += 1
        self.page.locator(where).first.check(force=True)

    def type(self, where: str, text: str) -> None:
        self.page.locator(f"{where} >> visible=true").first.fill(text)

    def sees(self, where: str) -> bool:
        return self.page.locator(where).count() > 0


def pay(hand: Hand) -> bool:
    hand.press(".dock button, form[action$='/pay'] button")
    return "/i/" not in hand.page.url


def download(hand: Hand) -> bool:
    with hand.page.expect_download() as found:
        hand.press("a[href$='/pdf']")
    return found.value.suggested_filename.endswith(".pdf")


def ask(hand: Hand) -> bool:
    hand.press("a[href*='/ask']")
    hand.tick("input[name=reason]")
    hand.type("textarea[name=text]", "لماذا؟ Why?")
    hand.press("main form button[type=submit]:not([name])")
    return "/questions/" in hand.page.url


def ask_about_a_line(hand: Hand) -> bool:
    hand.press("a[href*='/ask?line=']")
    hand.tick("input[name=reason]")
    hand.type("textarea[name=text]", "لماذا؟ Why?")
    hand.press("main form button[type=submit]:not([name])")
    return "/questions/" in hand.page.url


def language(hand: Hand) -> bool:
    before = hand.page.locator("html").get_attribute("lang")
    hand.press("a[href*='lang=']")
    return hand.page.locator("html").get_attribute("lang") != before


def reminder(hand: Hand) -> bool:
    hand.press("a[href$='/preferences']")
    hand.tick("input[name=digest][value=weekly]")
    hand.press("button[name=act][value=save]")
    return "saved=1" in hand.page.url and hand.page.locator("input[name=digest][value=weekly]").is_checked()


def verify(hand: Hand) -> bool:
    hand.press("a[href*='/v/']")
    return "/v/" in hand.page.url


def share(hand: Hand) -> bool:
    hand.press("[data-opens=share], a[href='#share']")
    return hand.page.locator("#share a[href^='https://wa.me/']").is_visible()


def search(hand: Hand) -> bool:
    hand.press("a[href$='/inbox/search']")  # on a phone; on a desk the box is in the bar
    hand.type("form[role=search] input[name=q]", "تدريب")
    hand.press("form[role=search] button[type=submit]")
    return hand.sees("mark")


def statement(hand: Hand) -> bool:
    hand.press("a[href$='/inbox/statements/']")
    hand.press("a[href*='/inbox/statements/']:not([href$='/statements/'])")
    return "/inbox/statements/" in hand.page.url and hand.sees("a[href*='.pdf']")


BY_LINK: list[Callable[[Hand], bool]] = [pay, download, ask, ask_about_a_line, language, reminder, verify, share]
BY_INBOX: list[Callable[[Hand], bool]] = [search, statement]


@pytest.fixture
def invoice(sellers: Any, scene: Any) -> Any:
    row = scene.issue(sellers["sanad"])
    scene.send(row)
    scene.work()
    return row


@pytest.fixture
def reader_cookies(invoice: Any, site: Any) -> list[dict[str, Any]]:
    """The buyer, signed in: what the code of test_account leads to."""
    from django.test import Client

    from wasl.app.invoicing.models import InvoiceText
    from wasl.app.tenancy.payers_prove import person_of

    email = InvoiceText.objects.for_org(invoice.organisation_id).get(pk=invoice.pk).buyer_email
    person, _address = person_of(email, "ar")
    client = Client()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    return [{"name": "wasl_session", "value": client.cookies["wasl_session"].value, "url": site.url}]


@LANGS
@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
def test_everyday_tasks_take_three_clicks_at_most(
    browser: Any, site: Any, invoice: Any, scene: Any, reader_cookies: Any, lang: str, scripts: bool
) -> None:
    """Opening is one click in the mail, so each task starts on the page and has one click less to spend."""
    counted: dict[str, int] = {}
    for task in (*BY_LINK, *BY_INBOX):
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale=lang, java_script_enabled=scripts, accept_downloads=True)
        page = context.new_page()
        if task in BY_INBOX:
            context.add_cookies(reader_cookies)
            page.goto(f"{site.url}/inbox/?lang={lang}")
        else:
            page.goto(f"{site.url}{scene.shown(invoice).payer}?lang={lang}")
        if scripts:  # the first visit's hints are skipped once, and never come again
            page.evaluate("document.querySelector('[data-tour] button, .tour button')?.click()")
        hand = Hand(page)
        assert task(hand), (task.__name__, page.url)
        counted[task.__name__] = hand.clicks
        context.close()
    assert {name: clicks for name, clicks in counted.items() if clicks > CLICKS_MAX} == {}
    assert len(counted) == 10
