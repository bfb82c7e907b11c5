"""T38, T42, T53, T54, T57, T58, T60, T62, T63, T67, T98-T100 on the invoice page, by both roads: every address below it is walked, with a link,
with an inbox, and with somebody else's of each."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db
LINK, INBOX = "i/<str:token>", "inbox/i/<uuid:org_id>/<uuid:invoice_id>"
BACKEND = "wasl.app.tenancy.signin.PasswordBackend"
VERBS = ("get", "post")
FORM = {"text": "x", "reason": "question", "act": "undo", "line": "1", "recipient": "thief@example.com", "email": "thief@example.com", "amount": "1"}


def tails(prefix: str) -> list[str]:
    """What stands behind the page's own address, as Django has it."""

    def walk(resolver: Any, before: str = "") -> list[str]:
        found: list[str] = []
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                found += walk(entry, before + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                found.append(before + str(entry.pattern))
        return found

    return sorted(route.removeprefix(prefix) for route in walk(get_resolver()) if route.startswith(prefix))


def filled(tail: str) -> str:
    return re.sub(r"<(\w+):(\w+)>", lambda found: str(uuid4()) if found[1] == "uuid" else "x", tail)


def body(response: Any) -> bytes:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return re.sub(rb'nonce="[^"]+"|value="[A-Za-z0-9]{64}"|\?line=\d+', b"", content)


@pytest.fixture
def two(org: Any, make_invoice: Any, make_org: Any, actor: Any) -> dict[str, Any]:
    """Two payers of one seller, and one of another: an invoice each, with an inbox each."""
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.tenancy.payers_prove import person_of

    elsewhere = make_org()
    made: dict[str, Any] = {"elsewhere": elsewhere}
    for name, seller in (("mine", org), ("other", org), ("foreign", elsewhere)):
        email = f"{name}@example.com"
        person, _address = person_of(email, "en")
        row = find_invoice(seller, issue(seller, make_invoice(email=email), actor=actor).invoice_id)
        client = Client()
        client.force_login(person, backend=BACKEND)
        made[name] = {"row": row, "client": client, "path": f"/inbox/i/{seller.pk}/{row.pk}"}
    return made


def test_both_roads_have_the_same_addresses() -> None:
    by_link, by_inbox = set(tails(LINK)), set(tails(INBOX))

    assert by_link - by_inbox <= {"/opened", "/again", "/keep", "/preferences/devices", *(tail for tail in by_link if "unsubscribe" in tail)}, "what only a link needs"
    assert {"", "/pay", "/pdf", "/xml", "/seal", "/proof", "/all", "/calendar", "/not-mine"} <= by_inbox


def test_t53_t54_t67_another_payers_invoice_looks_like_one_that_never_was(two: dict[str, Any]) -> None:
    """On every address and with every verb: the same status, bytes and number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from wasl.app.ui.limits import forget_all

    mine = two["mine"]
    mine["client"].get(mine["path"])  # the session's own first writing is over
    tried = 0
    for tail in tails(INBOX):
        end = filled(tail)
        for verb in VERBS:
            seen = []
            for path in (two["other"]["path"], two["foreign"]["path"], f"/inbox/i/{uuid4()}/{uuid4()}", mine["path"].rpartition("/")[0] + f"/{uuid4()}"):
                forget_all()
                with CaptureQueriesContext(connection) as queries:
                    response = getattr(mine["client"], verb)(f"{path}{end}?lang=en", FORM)
                seen.append((response.status_code, body(response), len(queries)))
            assert len({each[:2] for each in seen}) == 1 and seen[0][0] in (404, 405, 429), (verb, tail, [each[0] for each in seen])
            assert len({each[2] for each in seen}) == 1, (verb, tail, [each[2] for each in seen])
            tried += 1
    assert tried >= 25


def test_t1_a_stranger_is_sent_to_sign_in_from_every_address(two: dict[str, Any]) -> None:
    for tail in tails(INBOX):
        response = Client().get(two["mine"]["path"] + filled(tail))
        assert response.status_code in (302, 405) and (response.status_code == 405 or response["Location"].startswith("/inbox/enter")), tail
        assert b"Accounting" not in body(response)


def test_t54_a_link_opens_nothing_below_another_invoice(two: dict[str, Any]) -> None:
    """The token is the only name in such an address: there is nothing to exchange."""
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    mine = make_link(two["mine"]["row"], Link.MAIL, "mine@example.com")
    other = two["other"]["row"]
    for name in ("id", "invoice", "invoice_id", "number", "token"):
        html = Client().get(f"/i/{mine}?lang=en&{name}={other.pk}").content.decode()
        assert other.number not in html and two["mine"]["row"].number in html


def test_a_seat_that_only_looks_cannot_pay(two: dict[str, Any]) -> None:
    from wasl.app.tenancy.models_payers import PayerSeat

    PayerSeat.objects.update(role=PayerSeat.VIEW)
    mine = two["mine"]
    html = mine["client"].get(f"{mine['path']}?lang=en").content.decode()

    assert "payer__pay" not in html
    assert mine["client"].post(f"{mine['path']}/pay").status_code == 403


def test_t57_every_address_below_a_link_that_ended_is_closed(two: dict[str, Any], actor: Any) -> None:
    from wasl.app.invoicing.links import make_link, resolve, revoke
    from wasl.app.invoicing.models import Link

    row = two["mine"]["row"]
    token = make_link(row, Link.MAIL, "mine@example.com")
    revoke(row.organisation_id, resolve(token).id, actor=actor)
    for tail in tails(LINK):
        for verb in ("get", "post"):
            response = getattr(Client(), verb)(f"/i/{token}{filled(tail)}", FORM)
            assert response.status_code in (405, 410) or tail in ("/again",), (verb, tail, response.status_code)
            assert row.number.encode() not in body(response)


def test_t62_no_act_of_the_page_without_its_token(two: dict[str, Any]) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    strict = Client(enforce_csrf_checks=True)
    token = make_link(two["mine"]["row"], Link.MAIL, "mine@example.com")
    codes = {tail: strict.post(f"/i/{token}{filled(tail)}", FORM).status_code for tail in tails(LINK)}

    assert codes.pop("/opened") == 204, "no session and no effect but an entry in the story"
    exempt = {tail for tail in codes if "unsubscribe" in tail}  # RFC 8058: the mail program posts it
    assert {code for tail, code in codes.items() if tail not in exempt} <= {403, 405}, codes


def test_t58_t100_every_answer_hides_its_address_and_stays_unframed(two: dict[str, Any]) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    token = make_link(two["mine"]["row"], Link.MAIL, "mine@example.com")
    for path, client in ((f"/i/{token}", Client()), (two["mine"]["path"], two["mine"]["client"])):
        for tail in tails(LINK if path.startswith("/i/") else INBOX):
            response = client.get(path + filled(tail))
            assert response["Referrer-Policy"] == "no-referrer" and response["X-Frame-Options"] == "DENY", tail
            policy = response["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy or policy.startswith("sandbox"), tail
            assert "no-store" in response["Cache-Control"], tail


@pytest.mark.parametrize("name", ["next", "return", "return_url", "redirect", "url", "back", "settled"])
def test_t99_nothing_in_an_address_leads_elsewhere(two: dict[str, Any], name: str) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    token = make_link(two["mine"]["row"], Link.MAIL, "mine@example.com")
    evil = "https://evil.example/"
    html = Client().get(f"/i/{token}", {name: evil}).content.decode()
    gone = Client().post(f"/i/{token}/pay?{name}={evil}", {name: evil})

    assert 'href="https://evil' not in html and 'action="https://evil' not in html and 'url=https://evil' not in html
    assert "evil.example" not in gone.get("Location", "")


def test_t99_a_payment_page_that_is_not_the_banks_is_not_gone_to(two: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses
    from types import SimpleNamespace

    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.app.payments import pay

    settings.CONFIG = dataclasses.replace(settings.CONFIG, bank_url="https://bank.example", bank_key="k", bank_webhook_secret="s")
    token = make_link(two["mine"]["row"], Link.MAIL, "mine@example.com")
    for address in ("https://evil.example/pay", "https://bank.example.evil.example/", "http://bank.example/", "javascript:alert(1)", "//evil.example"):
        monkeypatch.setattr(pay, "start_payment", lambda *a, address=address, **k: SimpleNamespace(url=address))
        response = Client().post(f"/i/{token}/pay")
        assert response.status_code == 503 and "Location" not in response, address
    monkeypatch.setattr(pay, "start_payment", lambda *a, **k: SimpleNamespace(url="https://bank.example/p/1"))
    assert Client().post(f"/i/{token}/pay")["Location"] == "https://bank.example/p/1"


def test_t98_asking_for_the_link_again_and_again_sends_one_mail(two: dict[str, Any]) -> None:
    from wasl.app.delivery.models import Delivery
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.app.ui.limits import forget_all

    row = two["mine"]["row"]
    printed = make_link(row, Link.PDF)
    codes = []
    for _ in range(40):
        codes.append(Client().post(f"/i/{printed}/again").status_code)
    forget_all()

    assert codes[-1] == 429 and Delivery.objects.for_org(row.organisation_id).filter(invoice_id=row.pk).count() == 1


TURNED, ZERO = "\u202egpj.exe\u202c", "Sanad\u200b\u2060\ufeff Co\u00ad."


def test_t42_names_that_turn_around_or_hide_letters_are_shown_plain(client: Any, org: Any, make_invoice: Any, actor: Any) -> None:
    import msgspec

    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.invoice.model import Note

    source = make_invoice(notes=(Note(text=TURNED),), payment_terms=ZERO)
    line = msgspec.structs.replace(source.lines[0], item=msgspec.structs.replace(source.lines[0].item, name=TURNED, description=ZERO))
    buyer = msgspec.structs.replace(source.buyer, name=f"{ZERO} {TURNED}")
    row = find_invoice(org, issue(org, msgspec.structs.replace(source, lines=(line,), buyer=buyer), actor=actor).invoice_id)
    html = client.get(f"/i/{make_link(row, Link.MAIL, 'buyer@example.com')}?lang=en").content.decode()

    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]", html)
    assert "gpj.exe" in html and "Sanad Co." in html


def test_t20_ten_megabytes_of_text_are_refused_or_shown_not_fallen_over(client: Any, issued: Any) -> None:
    """A question of any length, and a term of any length in an address."""
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    token = make_link(issued, Link.MAIL, "buyer@example.com")
    huge = "ب" * (5 * 1024 * 1024)

    assert client.post(f"/i/{token}/not-mine", {"text": huge}).status_code in (302, 400, 413, 422)
    assert client.get(f"/i/{token}?lang={'x' * 5000}&lines={'y' * 5000}").status_code == 200
