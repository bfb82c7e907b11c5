"""T56-T60, T63: links that were guessed, withdrawn or have expired."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_t56_unknown_tokens_all_get_the_same_page(client: Any, token: str) -> None:
    near = token[:-1] + ("A" if token[-1] != "A" else "B")
    answers = [client.get(f"/i/{guess}?lang=en") for guess in (near, "x" * 43, "short", "%00" * 5, "é" * 43)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({without_nonce(answer.content) for answer in answers}) == 1


def without_nonce(html: bytes) -> bytes:
    """A page as it is for everybody: the policy's random value is another each time, whatever was asked."""
    return re.sub(rb'nonce="[^"]+"', b"", html)


def test_a_verify_link_opens_no_invoice(client: Any, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    assert client.get(f"/i/{make_link(issued, Link.VERIFY)}").status_code == 404


def test_t56_t63_guessing_ends_in_429_and_leaves_good_links_open(client: Any, token: str) -> None:
    codes = [client.get(f"/i/{n:043d}").status_code for n in range(40)]

    assert codes[:30] == [404] * 30 and set(codes[30:]) == {429}
    assert client.get(f"/i/{token}").status_code == 200


def test_t57_a_withdrawn_link_names_the_seller_and_nothing_of_the_invoice(client: Any, token: str, issued: Any, org: Any) -> None:
    withdraw(issued, token)

    response = client.get(f"/i/{token}?lang=en")

    html = response.content.decode()
    assert response.status_code == 410
    assert org.name_en in html
    assert issued.number not in html and "242.00" not in html and "buyer@example.com" not in html


def test_t57_every_address_below_a_withdrawn_link_is_closed(client: Any, token: str, issued: Any) -> None:
    withdraw(issued, token)

    assert {client.get(f"/i/{token}/{kind}").status_code for kind in ("pdf", "xml", "seal", "proof")} == {410}
    assert client.post(f"/i/{token}/pay").status_code == 410


def test_a_new_link_goes_to_the_original_address_only(client: Any, token: str, issued: Any) -> None:
    from wasl.app.delivery.models import Delivery

    withdraw(issued, token)
    response = client.post(f"/i/{token}/again?lang=en", {"email": "thief@example.com", "recipient": "thief@example.com"})

    assert response.status_code == 200
    assert [d.recipient for d in Delivery.objects.for_org(issued.organisation_id)] == ["buyer@example.com"]


def test_asking_twice_sends_one_mail(client: Any, token: str, issued: Any) -> None:
    from wasl.app.delivery.models import Delivery

    withdraw(issued, token)
    client.post(f"/i/{token}/again")
    client.post(f"/i/{token}/again")

    assert Delivery.objects.for_org(issued.organisation_id).count() == 1


def test_t57_an_expired_link_is_gone(client: Any, issued: Any) -> None:
    from wasl.app import clock
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    token = make_link(issued, Link.MAIL, "late@example.com", expires_at=clock.now() + timedelta(days=1))
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert client.get(f"/i/{token}").status_code == 410


def test_t62_post_without_the_form_token_is_refused(token: str) -> None:
    """T62."""
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    assert strict.post(f"/i/{token}/pay").status_code == 403


def withdraw(row: Any, token: str) -> None:
    from wasl.app.invoicing.links import resolve, revoke
    from wasl.app.tenancy.actor import Actor

    revoke(row.organisation_id, resolve(token).id, actor=Actor.operator("test"))


def test_t60_the_database_holds_no_token(client: Any, token: str, issued: Any) -> None:
    """Only its SHA-256 is kept, and the look-up compares hashes in constant time."""
    import hashlib

    from wasl.app.invoicing.models import Link

    row = Link.objects.for_org(issued.organisation_id).get(purpose=Link.MAIL)

    assert bytes(row.token_hash) == hashlib.sha256(token.encode()).digest()
    assert token not in str({field.name: getattr(row, field.name) for field in row._meta.concrete_fields})


def test_t58_no_token_reaches_the_log(client: Any, token: str, caplog: Any) -> None:
    with caplog.at_level("INFO"):
        client.get(f"/i/{token}")
        client.get(f"/i/{token}/pdf")

    assert token not in caplog.text


def test_t63_acts_of_one_visitor_are_limited(client: Any, token: str) -> None:
    codes = [client.post(f"/i/{token}/again").status_code for _ in range(35)]

    assert codes[0] == 200 and codes[-1] == 429


def test_t42_a_file_name_of_any_script_reaches_the_browser() -> None:
    """RFC 6266"""
    from wasl.app.portal.views import file_response

    assert file_response(b"x", "INV-1.pdf", "application/pdf")["Content-Disposition"] == 'attachment; filename="INV-1.pdf"'
    assert file_response(b"x", "ف-1.pdf", "application/pdf")["Content-Disposition"] == "attachment; filename*=utf-8''%D9%81-1.pdf"
