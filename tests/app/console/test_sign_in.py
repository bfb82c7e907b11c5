"""Sign-in pages: password and code, in the reader's language, and nothing that tells who has an account (T59)."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
PASSWORD = "a long and quiet harbour"


@pytest.fixture
def person(org: Any, make_person: Any, actor: Any) -> Any:
    from wasl.app.tenancy.organisations import add_member

    found = make_person("reem@sanad.example", password=PASSWORD)
    add_member(org, found, "owner", actor=actor)
    return found


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """allauth counts attempts in the cache, which outlives a test."""
    from django.core.cache import cache

    cache.clear()


def body(response: Any) -> str:
    """The page without what differs on every load."""
    return re.sub(r'(nonce|value)="[^"]*"', "", response.content.decode())


def test_a_password_signs_in_once_the_address_is_proven(client: Any, person: Any) -> None:
    from allauth.account.models import EmailAddress

    before = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert before["Location"] == "/accounts/confirm-email/"
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
    client.logout()

    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/console/")


def test_t59_wrong_password_and_unknown_address_look_the_same(client: Any, person: Any) -> None:
    answers = [client.post("/accounts/login/?lang=en", {"login": address, "password": "wrong"}) for address in (person.email, "nobody@sanad.example")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert body(answers[0]) == body(answers[1])
    assert "not correct" in body(answers[0])


def test_the_refusal_speaks_arabic(client: Any, person: Any) -> None:
    assert "البريد أو كلمة المرور لا يطابقان ما لدينا" in body(client.post("/accounts/login/?lang=ar", {"login": person.email, "password": "wrong"}))


def test_a_code_by_mail_signs_in(client: Any, person: Any, mailoutbox: Any) -> None:
    asked = client.post("/accounts/login/code/?lang=en", {"email": person.email})
    page = client.get(asked["Location"])
    code = re.search(r"^([A-Z0-9-]{6,})$", mailoutbox[0].body, re.M)[1]
    entered = client.post(asked["Location"], {"code": code})

    assert mailoutbox[0].subject == "Your sign-in code" and "&" not in mailoutbox[0].body
    assert "Enter the code" in page.content.decode()
    assert entered.status_code == 302 and client.get("/console/")["Location"] == "/console/sanad/"


def test_t59_asking_a_code_for_an_unknown_address_answers_the_same(client: Any, person: Any) -> None:
    from django.test import Client

    answers = [browser.post("/accounts/login/code/", {"email": address}) for browser, address in ((client, person.email), (Client(), "nobody@sanad.example"))]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/accounts/login/code/confirm/")] * 2


def test_the_code_mail_is_arabic_for_an_arabic_page(client: Any, person: Any, mailoutbox: Any) -> None:
    client.post("/accounts/login/code/?lang=ar", {"email": person.email})

    assert mailoutbox[0].subject == "رمز الدخول"
    assert "رمزك للدخول" in mailoutbox[0].body


def test_t61_signing_out_ends_the_session(client: Any, person: Any) -> None:
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/logout/")

    assert client.get("/console/sanad/").status_code == 302


@pytest.mark.parametrize("path", ["login/", "login/code/", "password/reset/", "signup/", "logout/", "inactive/", "confirm-email/"])
def test_every_account_page_is_ours(client: Any, org: Any, path: str) -> None:
    response = client.get(f"/accounts/{path}?lang=ar", follow=True)

    assert 'class="brand__name"' in response.content.decode()
