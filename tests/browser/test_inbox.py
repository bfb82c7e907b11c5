"""The inbox, its sums, statements and calendar, and the seller's ageing, as every other page: both languages, both sizes,
light and dark; and the list by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
VIEWS = [("ar", "phone"), ("ar", "desktop"), ("en", "phone"), ("en", "desktop")]
EVERY = pytest.mark.parametrize(("lang", "size"), VIEWS, ids=["-".join(view) for view in VIEWS])


@pytest.fixture
def inbox(sellers: dict[str, Any], scene: Any, site: Any) -> tuple[list[dict[str, Any]], Any]:
    """The cookies of a payer with invoices of three sellers in every section, one of them settled; and the first seller."""
    from django.db import transaction
    from django.test import Client

    from wasl.app import clock
    from wasl.app.events.record import record
    from wasl.app.payments.journal import CLEARING, RECEIVABLE, JLine, post
    from wasl.app.tenancy.models import PayerGrant, Person
    from wasl.app.tenancy.payers import own_inbox

    payer = own_inbox(Person.objects.create_user("nadia@example.com", name="نادية")).payer
    rows = [scene.issue(sellers[slug], days=days) for slug in ("sanad", "jabal") for days in (-13, 3, 40)] + [scene.issue(sellers["sanad"], days=9)]
    for row in rows:
        PayerGrant.objects.create(organisation_id=row.organisation_id, payer=payer, invoice_id=row.pk)
    with transaction.atomic():
        event = record("note", org=rows[-1].organisation_id, invoice=rows[-1], at=clock.now())
        paid = [JLine(CLEARING, rows[-1].payable_amount), JLine(RECEIVABLE, -rows[-1].payable_amount)]
        post(event, "payment", paid, currency=rows[-1].currency, invoice=rows[-1])
    client = Client()
    client.force_login(Person.objects.get(email="nadia@example.com"), backend="wasl.app.tenancy.signin.PasswordBackend")
    return [{"name": "wasl_session", "value": client.cookies["wasl_session"].value, "url": site.url}], rows[0].organisation_id


@EVERY
def test_inbox_pages(open_page: Any, inbox: Any, signed_in: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    cookies, org = inbox
    shown = {
        "inbox-list": "/inbox/", "inbox-filtered": "/inbox/?state=open&sort=newest&low=1", "inbox-empty": "/inbox/?state=starred",
        "inbox-totals": "/inbox/totals", "inbox-calendar": "/inbox/calendar", "inbox-views": "/inbox/views",
        "inbox-statements": "/inbox/statements/", "inbox-statement": f"/inbox/statements/{org}?period=year",
        "inbox-documents": f"/inbox/statements/{org}?period=year&view=documents",
    }  # fmt: skip
    for name, path in shown.items():
        page = open_page(f"{path}{'&' if '?' in path else '?'}lang={lang}", lang=lang, size=size, cookies=cookies)
        examine(page, checks, pictures if name in ("inbox-list", "inbox-statement") else None, f"{name}-{lang}-{size}")
    page = open_page(f"/console/sanad/ageing?lang={lang}", lang=lang, size=size, cookies=signed_in())
    examine(page, checks, None, f"console-ageing-{lang}-{size}")


@EVERY
def test_search_pages(open_page: Any, inbox: Any, signed_in: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    """What is found, nothing found, nothing asked yet; for the payer and for the seller."""
    for who, cookies, path in (("inbox", inbox[0], "/inbox/search"), ("console", signed_in(), "/console/sanad/search")):
        for name, query in (("found", "استشارة"), ("nothing", "zzzzqq"), ("empty", "")):
            page = open_page(f"{path}?lang={lang}&q={query}", lang=lang, size=size, cookies=cookies)
            examine(page, checks, pictures if (who, name) == ("inbox", "found") else None, f"{who}-search-{name}-{lang}-{size}")
            if name == "found":
                assert page.locator("mark").count() > 0, f"{who}: nothing is highlighted for {query}"  # the items are written in Arabic, whatever the page is


def examine(page: Any, checks: Any, pictures: Path | None, name: str) -> None:
    page.wait_for_load_state("networkidle")
    found = checks.examine(page, reach=name in ("inbox-list-ar-phone", "inbox-statement-en-desktop"))
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(pictures / f"{name}.png"), full_page=True)
    assert found == [], f"{name}: " + "\n".join(found)


def test_the_list_by_keyboard(open_page: Any, inbox: Any) -> None:
    page = open_page("/inbox/", lang="en", cookies=inbox[0])
    page.wait_for_load_state("networkidle")

    for key in ("j", "j", "x", "k", "x"):
        page.keyboard.press(key)
    assert page.locator('input[name="pick"]:checked').count() == 2 and "2" in page.inner_text("[data-none]")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/i/**")
    assert page.faults == []
