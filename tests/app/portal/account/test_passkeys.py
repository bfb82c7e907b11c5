"""Passkeys against a software authenticator: made, used, copied, replayed, and sent to the wrong place."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from django.test import Client

from wasl.app import clock
from wasl.app.tenancy.models import Person

pytestmark = pytest.mark.django_db
SPEC = importlib.util.spec_from_file_location("softkey", Path(__file__).with_name("softkey.py"))
softkey = sys.modules.setdefault("softkey", importlib.util.module_from_spec(SPEC))
SPEC.loader.exec_module(softkey)
PASSKEYS = "/inbox/account/passkeys"


def signed_in(client: Client) -> bool:
    return client.get("/inbox/account/").status_code == 200


@pytest.fixture
def key(door, issued):
    """A passkey of Lies, made while she was signed in by code."""
    door.enter("buyer@example.com")
    made = softkey.SoftKey()
    answer = made.create(door.client.post(f"{PASSKEYS}/begin").json())
    assert door.client.post(PASSKEYS, {"answer": answer, "name": "My \u202ephone"}).status_code == 302
    return made


def challenge(client: Client) -> dict:
    return client.post("/inbox/enter/passkey/begin").json()


def use(client: Client, answer: str, **more: str):
    return client.post("/inbox/enter/passkey", {"answer": answer, **more})


def test_a_passkey_signs_in_without_naming_anybody(key, door):
    client = Client()
    options = challenge(client)
    assert not options["publicKey"].get("allowCredentials") and options["publicKey"]["userVerification"] == "required"
    response = use(client, key.get(options), next="/inbox/account/?x=1")
    assert response["Location"] == "/inbox/account/?x=1" and signed_in(client)
    page = client.get("/inbox/account/").content.decode()
    assert "My phone" in page, "its name has lost the mark that would turn the line around"
    door.post_waiting()
    assert "مفتاح مرور" in door.outbox[-1].subject


def test_the_session_gets_a_new_key_by_whichever_way(key):
    client = Client()
    answer = key.get(challenge(client))
    before = client.session.session_key
    use(client, answer)
    assert client.session.session_key != before and signed_in(client)


def test_an_answer_is_good_once_and_only_for_the_session_that_asked(key):
    client, thief = Client(), Client()
    answer = key.get(challenge(client))
    challenge(thief)
    assert use(thief, answer).status_code == 422 and not signed_in(thief), "another session's challenge"
    assert use(client, answer).status_code == 302
    client.post("/inbox/leave")
    challenge(client)
    assert use(client, answer).status_code == 422 and not signed_in(client), "replayed"


def test_two_tabs_each_have_their_challenge(key):
    client = Client()
    first = key.get(challenge(client))
    challenge(client)
    assert use(client, first).status_code == 302


@pytest.mark.parametrize(
    "spoil",
    ["not verified", "other origin", "other site", "other person", "other key", "signature", "old", "copied", "garbage", "list", "no handle"],
)
def test_no_other_answer_opens(key, spoil, make_person):
    client = Client()
    with clock.frozen(clock.now()) as now:
        key.count = 7
        assert use(Client(), "") is not None
        options = challenge(client)
        if spoil == "not verified":
            answer = key.get(options, flags=softkey.UP)
        elif spoil in ("other origin", "other site"):
            key.origin, key.rp = ("https://evil.example", key.rp) if spoil == "other origin" else (key.origin, "evil.example")
            answer = key.get(options)
        elif spoil == "other person":
            answer = key.get(options, userHandle=make_person("otto@example.com").pk.hex.encode())
        elif spoil == "other key":
            thief = softkey.SoftKey()
            thief.handle = key.handle
            answer = thief.get(options)
        elif spoil == "signature":
            answer = key.get(options, signature=b"0" * 70)
        elif spoil == "old":
            answer = key.get(options)
            now.forward(hours=2)
        elif spoil == "copied":
            other = Client()
            assert use(other, key.get(challenge(other))).status_code == 302
            key.count -= 2
            answer = key.get(options)
        else:
            answer = {"garbage": "\x00{", "list": "[1]", "no handle": key.get(options, userHandle=b"")}[spoil]
        assert use(client, answer).status_code == 422 and not signed_in(client)


def test_a_key_that_somebody_has_is_not_taken_by_another(key, another_door, issued, make_invoice, org, actor):
    from wasl.app.invoicing.issue import issue

    issue(org, make_invoice(email="otto@example.com"), actor=actor)
    another_door.enter("otto@example.com")
    another_door.client.post(PASSKEYS, {"answer": key.create(another_door.client.post(f"{PASSKEYS}/begin").json())})
    assert Person.objects.get(email="otto@example.com").authenticator_set.count() == 0


def test_a_passkey_without_verification_is_not_kept(door, issued):
    door.enter("buyer@example.com")
    answer = softkey.SoftKey().create(door.client.post(f"{PASSKEYS}/begin").json(), flags=softkey.UP | softkey.AT)
    door.client.post(PASSKEYS, {"answer": answer})
    assert Person.objects.get().authenticator_set.count() == 0


def test_it_is_named_anew_and_removed(key, door):
    row = Person.objects.get().authenticator_set.get()
    door.client.post(f"{PASSKEYS}/{row.pk}/rename", {"name": "Desk\r\nkey"})
    row.refresh_from_db()
    assert row.data["name"] == "Desk key"
    door.client.post(f"{PASSKEYS}/{row.pk}/remove")
    client = Client()
    assert use(client, key.get(challenge(client))).status_code == 422


def test_a_person_who_was_switched_off_does_not_enter(key):
    Person.objects.update(is_active=False)
    client = Client()
    assert use(client, key.get(challenge(client))).status_code == 422


def test_an_address_of_numbers_offers_none(door, issued, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert "data-passkey" not in Client().get("/inbox/enter", HTTP_HOST="127.0.0.1:8000").content.decode()


def test_a_passkey_is_no_second_factor_of_the_sellers_desk(key, make_person):
    """The console's sign-in stays as it was: a code is enough there, whether the same person has a passkey or not."""
    from allauth.mfa.utils import is_mfa_enabled

    assert not is_mfa_enabled(Person.objects.get())
