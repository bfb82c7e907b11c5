"""The invoice page in its states, by both roads, in both languages, on a phone and a desk, light and dark; and what its controls do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]
CI = pytest.mark.ci
TERMS = "#SKONTO#TAGE=14#PROZENT=2.00#\n#VERZUG#TAGE=45#PROZENT=8.00#\nتُذكر مرجعية الفاتورة في التحويل"
VIEWS = [("ar", "phone"), ("ar", "desktop"), ("en", "phone"), ("en", "desktop")]
EVERY = pytest.mark.parametrize(("lang", "size"), VIEWS, ids=["-".join(view) for view in VIEWS])


@pytest.fixture
def pages() -> Any:
    """`examine` of the walk over every page."""
    import sys

    return sys.modules.get("wasl_browser_pages") or _load()


def _load() -> Any:
    import importlib.util
    import sys

    spec = importlib.util.spec_from_file_location("wasl_browser_pages", Path(__file__).with_name("test_pages.py"))
    assert spec is not None and spec.loader is not None
    module = sys.modules["wasl_browser_pages"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def issue_with(scene: Any, seller: Any, **changes: Any) -> Any:
    """An issued invoice of the drawings, with more terms than the drawing has."""
    import msgspec

    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    days, lang = changes.pop("days", 30), changes.pop("lang", "ar")
    source = msgspec.structs.replace(scene.drawn_invoice(seller, days=days, lang=lang), **changes)
    answer = issue(seller.org, source, actor=seller.actor, customer_id=seller.customers[0][1].pk, language=lang)
    return Invoice.objects.for_org(seller.org).get(pk=answer.invoice_id)


def in_inbox(row: Any, scene: Any, site: Any) -> tuple[str, list[dict[str, Any]]]:
    """The same invoice through a sign-in: its address and the cookies of a person whose address is proven."""
    from django.test import Client

    from wasl.app.invoicing.claims import grant_address
    from wasl.app.invoicing.models import InvoiceText
    from wasl.app.tenancy.payers_prove import person_of

    email = InvoiceText.objects.for_org(row.organisation_id).get(pk=row.pk).buyer_email
    person, address = person_of(email)
    grant_address(address.payer_id, email)
    client = Client()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    cookie = {"name": "wasl_session", "value": client.cookies["wasl_session"].value, "url": site.url}
    return f"/inbox/i/{row.organisation_id}/{row.pk}", [cookie]


@EVERY
def test_with_every_part_open(open_page: Any, sellers: Any, scene: Any, checks: Any, pages: Any, pictures: Path | None, lang: str, size: str) -> None:
    row = issue_with(scene, sellers["sanad"], lang=lang, payment_terms=TERMS)
    scene.send(row)
    scene.work()
    page = open_page(f"{scene.shown(row).payer}?lang={lang}", lang=lang, size=size)
    page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    pages.examine(page, checks, pictures, f"invoice-open-{lang}-{size}")


@EVERY
def test_share_sheet(open_page: Any, sellers: Any, scene: Any, checks: Any, pages: Any, pictures: Path | None, lang: str, size: str) -> None:
    row = scene.issue(sellers["sanad"], lang=lang)
    shown = scene.shown(row)
    page = open_page(f"{shown.payer}?lang={lang}", lang=lang, size=size)
    page.locator("[data-opens=share]").first.click()
    if pictures is not None:
        page.screenshot(path=str(pictures / f"invoice-share-{lang}-{size}.png"))

    assert page.locator("#share .copy__value").inner_text().endswith(shown.printed), "the pay link, never a person's own"
    assert shown.payer not in page.inner_html("#share")
    assert page.locator("#share .tile").first.get_attribute("href").startswith("https://wa.me/?text=")
    page.keyboard.press("Escape")
    assert not page.locator("#share").is_visible() and page.faults == []


@EVERY
def test_in_the_inbox(open_page: Any, sellers: Any, scene: Any, checks: Any, pages: Any, pictures: Path | None, site: Any, lang: str, size: str) -> None:
    row = scene.issue(sellers["sanad"], lang=lang)
    scene.work()
    path, cookies = in_inbox(row, scene, site)
    page = open_page(f"{path}?lang={lang}", lang=lang, size=size, cookies=cookies)
    assert page.locator(".payer__amount").count() == 1
    pages.examine(page, checks, pictures, f"invoice-inbox-{lang}-{size}")


@EVERY
def test_other_states(open_page: Any, sellers: Any, scene: Any, checks: Any, pages: Any, pictures: Path | None, lang: str, size: str) -> None:
    from wasl.app.invoicing.credit import credit
    from wasl.app.invoicing.links import resolve, revoke

    seller = sellers["jabal"]
    overdue, credited, gone = (scene.issue(seller, lang=lang, days=days, lines=2) for days in (-3, 20, 20))
    credit(seller.org, credited, reason="أُلغي الطلب · Order cancelled", actor=seller.actor)
    scene.work()
    links = {"overdue": scene.shown(overdue).payer, "credited": scene.shown(credited).payer, "printed": scene.shown(overdue).printed}
    links["not-mine"] = links["overdue"] + "/not-mine"
    links["gone"] = scene.shown(gone).payer
    revoke(seller.org.pk, resolve(links["gone"].rpartition("/")[2]).id, actor=seller.actor)
    for name, path in links.items():
        page = open_page(f"{path}?lang={lang}", lang=lang, size=size)
        if name == "gone":
            page.faults = [fault for fault in page.faults if "410" not in fault]  # the browser's own remark on the status
        pages.examine(page, checks, pictures, f"invoice-{name}-{lang}-{size}")


@CI
def test_not_mine_is_asked_told_and_taken_back_without_script(browser: Any, sellers: Any, scene: Any, site: Any) -> None:
    shown = scene.shown(scene.issue(sellers["sanad"], lines=1))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site.url}{shown.payer}?lang=en")
    page.get_by_role("link", name="This invoice is not mine").click()
    page.fill("textarea", "Meant for the branch in Jeddah")
    page.get_by_role("button", name="Yes, it is not mine").click()
    assert "was told" in page.inner_text("main")
    page.get_by_role("button", name="It is mine after all").click()
    assert "Taken back" in page.inner_text("main")
    context.close()


@CI
def test_two_tabs_the_second_takes_nothing(open_page: Any, sellers: Any, scene: Any, installation: Any) -> None:
    shown = scene.shown(scene.issue(sellers["sanad"], lines=1))
    first, second = open_page(f"{shown.payer}?lang=en", lang="en"), open_page(f"{shown.payer}?lang=en", lang="en")
    first.locator(".payer__pay").get_by_role("button").click()
    first.wait_for_url(re.compile(re.escape(installation.bank)))
    first.fill("#card", "4111111111111111")
    first.fill("#expiry", "12/30")
    first.fill("#cvc", "123")
    first.locator("form").filter(has=first.locator("#card")).get_by_role("button").click()
    first.wait_for_url(re.compile(r"/i/.*back=1"), timeout=20_000)
    first.wait_for_selector(".outcome--good", timeout=20_000)

    second.locator(".payer__pay").get_by_role("button").click()
    second.wait_for_url(re.compile(r"settled=1"))

    assert "nothing was taken" in second.inner_text(".toast") and second.locator(".payer__pay").count() == 0
    first.go_back()
    first.go_back()
    assert first.locator(".payer__pay").count() == 0 or first.locator(".card--good, .outcome--good").count() == 1, "back after paying shows what is, not what was"
