"""The inbox's door and the account in Chromium: by code, by passkey (a virtual authenticator), without scripts; then every page looked at."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.ci]
VIEWS = [("ar", "phone"), ("ar", "desktop"), ("en", "phone"), ("en", "desktop")]
EVERY = pytest.mark.parametrize(("lang", "size"), VIEWS, ids=["-".join(view) for view in VIEWS])
READER = "reader@wasl.example"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def received(sellers: Any, scene: Any) -> Any:
    """An invoice to the reader, sent; and the fonts are made, which the first page of a process otherwise waits for."""
    from wasl.app.ui import assets

    for name in assets.names():
        assets.asset(name)
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    row = scene.issue(sellers["sanad"])
    make_link(row, Link.MAIL, READER)
    return row


@pytest.fixture
def code(mailoutbox: list[Any]) -> Any:
    """The digits of the newest mail, once the worker's jobs are run."""

    def newest() -> str:
        worker = threading.Thread(target=work)  # playwright's loop runs in this one
        worker.start()
        worker.join()
        return " ".join(re.search(r"\b(\d{4}) (\d{4})\b", mailoutbox[-1].body).groups())  # type: ignore[union-attr]

    return newest


def work() -> None:
    from django.db import connection

    from wasl.app.jobs.worker import run_waiting_jobs

    run_waiting_jobs()
    connection.close()


def enter(page: Any, code: Any) -> None:
    page.locator("[name=email]").first.fill(READER)
    page.locator("form[action$='/enter'] button[type=submit]").first.click()
    page.locator("[name=code]").fill(code())
    page.locator("form[action$='/enter/code'] button[type=submit]").click()
    page.wait_for_load_state()


def local(site: Any) -> str:
    """The same server by a name: browsers tie passkeys to one."""
    return site.url.replace("127.0.0.1", "localhost")


def visit(page: Any, address: str) -> None:
    page.goto(address)
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_reader_enters_by_code_then_by_passkey(open_page: Any, site: Any, received: Any, code: Any, lang: str) -> None:
    page = open_page(f"{local(site)}/inbox/enter?next=/inbox/account/", lang=lang)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    enter(page, code)
    page.wait_for_url("**/inbox/account/")

    page.locator("#passkey-name").fill("My laptop")
    page.locator("[data-passkey=add] button[type=submit]").click()
    page.locator("bdi", has_text="My laptop").wait_for()
    page.locator("form[action$='/leave'] button").first.click()
    page.wait_for_url("**/inbox/enter*")
    # the browser offers the passkey in the field by itself: the virtual authenticator takes the offer at once
    page.wait_for_url(lambda url: "/enter" not in url, timeout=8000)
    visit(page, f"{local(site)}/inbox/account/")
    assert page.locator("bdi", has_text="My laptop").is_visible()
    assert page.faults == []


def test_a_passkey_is_asked_for_by_its_button_too(open_page: Any, site: Any, received: Any, code: Any) -> None:
    page = open_page(f"{local(site)}/inbox/enter?next=/inbox/account/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    enter(page, code)
    page.locator("[data-passkey=add] button[type=submit]").click()
    page.locator("[action*='/passkeys/'][action$='/rename']").wait_for(state="attached")
    page.locator("form[action$='/leave'] button").first.click()
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    visit(page, f"{local(site)}/inbox/enter?next=/inbox/account/")
    device.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": False})
    page.locator("[data-passkey=enter] button[type=submit]").click()
    page.locator("[data-problem]").wait_for()  # a finger that is not the owner's
    device.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": True})
    page.locator("[data-passkey=enter] button[type=submit]").click()
    page.wait_for_url("**/inbox/account/")


def test_without_scripts_the_code_does_it_all(browser: Any, site: Any, received: Any, code: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ar")
    page = context.new_page()
    page.goto(f"{site.url}/inbox/enter?next=/inbox/account/")
    assert not page.locator("[data-passkey]").is_visible() if page.locator("[data-passkey]").count() else True
    enter(page, code)
    assert page.url.endswith("/inbox/account/")
    page.locator("#details [name=name]").fill("قارئ")
    page.locator("#details form button[type=submit]").first.click()
    assert "قارئ" in page.locator(".page__head").inner_text()
    context.close()


@pytest.fixture
def settled(received: Any, sellers: Any) -> Any:
    """A reader with everything that the account page can show."""
    from allauth.mfa.models import Authenticator

    from wasl.app.tenancy import payers_share as share
    from wasl.app.tenancy.payers_addresses import add
    from wasl.app.tenancy.payers_details import save
    from wasl.app.tenancy.payers_prove import person_of

    person, _own = person_of(READER, "ar")
    other, _address = person_of("huda@wasl.example", "ar")
    add(person, "home@wasl.example")
    inbox = share.create_company(person, "شركة سند للتجارة")
    share.accept(share.token_of(share.invite(inbox, "huda@wasl.example", "pay").pk), other)
    share.invite(inbox, "new@wasl.example", "view")
    save(inbox, {"name": "شركة سند للتجارة", "vat_identifier": "310122393500003", "city": "الرياض", "country": "SA", "language": ""})
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "هاتفي"})
    return person, inbox


def signed_in(site: Any, person: Any, inbox: Any = None) -> list[dict[str, Any]]:
    from django.test import Client

    from wasl.app import clock

    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/604.1")
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    session = client.session
    session["wasl_signed_in_at"] = clock.now().timestamp()
    if inbox is not None:
        session["wasl_inbox"] = str(inbox.payer.pk)
    session.save()
    client.get("/inbox/account/")
    return [{"name": "wasl_session", "value": client.cookies["wasl_session"].value, "url": site.url}]


def look(page: Any, checks: Any, pictures: Path | None, name: str) -> None:
    page.wait_for_load_state("networkidle")
    found = checks.examine(page, reach=name.endswith(("ar-phone", "en-desktop")))
    if pictures is not None:
        page.screenshot(path=str(pictures / f"{name}.png"), full_page=True)
    assert found == [], f"{name}: " + "\n".join(found)


@EVERY
def test_the_account_of_a_shared_inbox(open_page: Any, site: Any, settled: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    person, inbox = settled
    signed_in(site, person)
    page = open_page(f"/inbox/account/?lang={lang}", lang=lang, size=size, cookies=signed_in(site, person, inbox))
    look(page, checks, pictures, f"account-shared-{lang}-{size}")
    page.reload()  # the checks number what they meet, once a page
    page.eval_on_selector_all("details.more", "all => all.forEach(one => { one.open = true; })")
    look(page, checks, pictures, f"account-open-{lang}-{size}")


@EVERY
def test_the_account_and_the_small_pages(open_page: Any, site: Any, settled: Any, checks: Any, pictures: Path | None, lang: str, size: str) -> None:
    from wasl.app.tenancy import payers_share as share

    person, inbox = settled
    page = open_page(f"/inbox/account/?lang={lang}", lang=lang, size=size, cookies=signed_in(site, person))
    look(page, checks, pictures, f"account-{lang}-{size}")
    for name, path in (("erase", "/inbox/account/erase"), ("claim", "/inbox/claim"), ("again", "/inbox/enter/again")):
        visit(page, site.url + path)
        look(page, checks, pictures, f"account-{name}-{lang}-{size}")
    stranger = open_page(f"/inbox/join/{share.token_of(share.open_invites(inbox)[0].pk)}", lang=lang, size=size)
    look(stranger, checks, pictures, f"account-join-{lang}-{size}")
    visit(stranger, f"{local(site)}/inbox/enter")
    look(stranger, checks, pictures, f"account-enter-{lang}-{size}")
    stranger.locator("[name=email]").first.fill(READER)
    stranger.locator("form[action$='/enter'] button[type=submit]").first.click()
    look(stranger, checks, pictures, f"account-code-{lang}-{size}")
