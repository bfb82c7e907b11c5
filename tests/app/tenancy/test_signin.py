"""Signing in: no preset password, no enumeration, throttled, and sessions that die when they should."""

from __future__ import annotations

import statistics
import time

import pytest
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client

from wasl.app.tenancy.organisations import change_role, end_sessions, remove_member

pytestmark = pytest.mark.django_db
PASSWORD = "a long and private phrase 7"


@pytest.fixture
def person(make_person):
    from allauth.account.models import EmailAddress

    made = make_person("known@example.com", password=PASSWORD, name="Known Person")
    EmailAddress.objects.filter(user=made).update(verified=True)
    return made


def _signed_in(client: Client) -> bool:
    request = HttpRequest()
    request.session = client.session
    return get_user(request).is_authenticated


def _sign_in(client: Client, email: str, password: str):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_a_person_signs_in_with_a_chosen_password(person):
    client = Client()
    assert _sign_in(client, "Known@Example.com", PASSWORD).status_code == 302
    assert _signed_in(client)


def test_passwords_are_argon2(person):
    assert person.password.startswith("argon2$argon2id$")


def test_an_email_code_signs_in_without_any_password(make_person, mailoutbox):
    make_person("code@example.com")
    client = Client()
    assert client.post("/accounts/login/code/", {"email": "code@example.com"}).status_code == 302
    code = next(word for word in mailoutbox[0].body.replace("\u2068", " ").replace("\u2069", " ").split() if len(word) >= 6 and word.isupper())
    assert client.post("/accounts/login/code/confirm/", {"code": code}).status_code == 302
    assert _signed_in(client)


def test_t61_a_session_is_dead_after_sign_out_even_for_a_stolen_cookie(person):
    client = Client()
    client.force_login(person, backend="wasl.app.tenancy.signin.PasswordBackend")
    stolen = Client()
    stolen.cookies["wasl_session"] = client.cookies["wasl_session"].value
    assert _signed_in(stolen)
    client.post("/accounts/logout/")
    assert not _signed_in(stolen)


@pytest.mark.parametrize("cause", ["role", "removal", "password", "end", "inactive"])
def test_t61_a_session_is_dead_after_a_change(cause, org, owner, clerk, actor):
    client = Client()
    client.force_login(clerk, backend="wasl.app.tenancy.signin.PasswordBackend")
    assert _signed_in(client)
    if cause == "role":
        change_role(org, clerk.pk, "owner", actor=actor)
    elif cause == "removal":
        remove_member(org, clerk.pk, actor=actor)
    elif cause == "password":
        clerk.set_password(PASSWORD)
        clerk.save()
    elif cause == "end":
        end_sessions(clerk.pk)
    else:
        clerk.is_active = False
        clerk.save()
    assert not _signed_in(client)


def test_t63_guessing_is_throttled(person):
    client = Client()
    statuses = [_sign_in(client, person.email, f"wrong {n}").status_code for n in range(12)]
    assert 429 in statuses
    assert _sign_in(client, person.email, PASSWORD).status_code == 429, "the right one too, until the pause is over"
    assert not _signed_in(client)


def test_t59_the_reply_does_not_tell_whether_an_address_is_known(person, settings):
    settings.AXES_ENABLED = False
    settings.ACCOUNT_RATE_LIMITS = {}
    known, unknown = _sign_in(Client(), person.email, "wrong"), _sign_in(Client(), "nobody@example.com", "wrong")
    assert known.status_code == unknown.status_code
    strip = lambda r, address: r.content.decode().replace(address, "")  # noqa: E731
    assert len(strip(known, person.email)) == len(strip(unknown, "nobody@example.com"))
    asked = [Client().post("/accounts/login/code/", {"email": address}) for address in (person.email, "nobody@example.com")]
    assert {(r.status_code, r.headers.get("Location")) for r in asked} == {(asked[0].status_code, asked[0].headers.get("Location"))}


def test_t59_the_time_does_not_tell_either(person, rf):
    """The work is one argon2 either way; medians of interleaved tries, so a busy machine disturbs both alike."""
    from wasl.app.tenancy.signin import PasswordBackend

    backend, times = PasswordBackend(), {"known@example.com": [], "nobody@example.com": []}
    for _ in range(15):
        for address, taken in times.items():
            began = time.process_time()
            assert backend.authenticate(None, email=address, password="wrong") is None
            taken.append(time.process_time() - began)
    known, unknown = (statistics.median(values) for values in times.values())
    assert abs(known - unknown) / known < 0.25  # the page's own share makes it far less


def test_sign_up_is_closed_unless_it_is_opened(settings):
    page = Client().post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD})
    from wasl.app.tenancy.models import Person

    assert page.status_code in {200, 302, 403}
    assert not Person.objects.filter(email="new@example.com").exists()
