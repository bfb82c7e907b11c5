"""The payer's page: what it says, to whom, and what it leaves behind."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def page(client: Any, token: str, lang: str = "en") -> str:
    response = client.get(f"/i/{token}?lang={lang}")
    assert response.status_code == 200
    return response.content.decode()


def shown(html: str) -> str:
    """What a reader sees, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"</(dt|td|th|p|li|h\d)>", " ", html)))


def test_amount_due_date_and_state_come_first(client: Any, token: str) -> None:
    text = shown(page(client, token))

    assert "242.00 EUR" in text
    assert "Due Thursday 31 January 2030" in text
    assert "Awaiting payment" in text


def test_every_step_from_the_line_to_the_amount_due_is_shown(client: Any, token: str) -> None:
    text = shown(page(client, token))

    assert "2 units" in text and "100.00" in text
    for label, figure in (("Subtotal before tax", "200.00"), ("VAT 21%", "42.00"), ("Total with VAT", "242.00"), ("Paid so far", "0.00")):
        assert f"{label} {figure}" in text


def test_arabic_page_is_right_to_left_and_isolates_the_number(client: Any, token: str, issued: Any) -> None:
    html = page(client, token, "ar")

    assert '<html lang="ar" dir="rtl"' in html
    assert f'<bdi class="code" dir="ltr">{issued.number}</bdi>' in html


def test_page_carries_no_inline_script_or_style_and_nothing_from_elsewhere(client: Any, token: str) -> None:
    html = page(client, token)

    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert " style=" not in html and "<style" not in html and not re.search(r"\son\w+=", html)
    assert not re.findall(r'src="(?:https?:)?//', html) and not re.findall(r'<(?:link|script|img|form)[^>]*(?:href|action)="(?:https?:)?//', html)
    assert {re.match(r"https?://[^/]+", found)[0] for found in re.findall(r'href="(https?:[^"]+)"', html)} <= {"https://wa.me"}, "a link that somebody presses"


def test_t58_headers_keep_the_link_secret_and_the_page_unframed(client: Any, token: str) -> None:
    response = client.get(f"/i/{token}")

    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Frame-Options"] == "DENY"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy


def test_a_scanner_that_fetches_the_page_has_not_opened_it(client: Any, token: str, issued: Any) -> None:
    client.get(f"/i/{token}")
    client.get(f"/i/{token}/xml")

    assert event_types(issued) == ["issued"]


def test_a_touch_is_an_opening_told_once(client: Any, token: str, issued: Any) -> None:
    for _ in range(3):
        assert client.post(f"/i/{token}/opened").status_code == 204

    assert event_types(issued) == ["issued", "opened"]
    assert "Opened by you" in shown(page(client, token))


def test_a_download_that_a_person_started_is_told(client: Any, token: str, issued: Any) -> None:
    response = client.get(f"/i/{token}/xml", HTTP_SEC_FETCH_USER="?1")

    assert response["Content-Disposition"] == f'attachment; filename="{issued.number}.xml"'
    assert event_types(issued) == ["issued", "downloaded"]


@pytest.mark.parametrize("kind", ["xml", "pdf", "seal"])
def test_t31_a_file_that_is_also_another_kind_of_file_can_do_nothing_here(client: Any, token: str, logged: Any, kind: str) -> None:
    """A PDF that is a page or an archive as well: it is kept, not shown, not guessed at, and has no origin to act in."""
    response = client.get(f"/i/{token}/{kind}")

    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert not response["Content-Type"].startswith("text/html")


def test_files_are_the_stored_bytes(client: Any, token: str, logged: Any) -> None:
    import hashlib

    assert hashlib.sha256(client.get(f"/i/{token}/xml").content).digest() == bytes(logged.document_sha256)
    assert hashlib.sha256(client.get(f"/i/{token}/seal").content).digest() == bytes(logged.seal_sha256)
    assert client.get(f"/i/{token}/pdf").content.startswith(b"%PDF-1.7")
    assert b"c2sp.org/tlog-proof" in client.get(f"/i/{token}/proof").content


def test_proof_that_is_not_ready_says_so(client: Any, token: str) -> None:
    response = client.get(f"/i/{token}/proof")

    assert response.status_code == 425
    assert response["Retry-After"] == "5"


def test_trust_strip_waits_for_the_log_and_then_holds(client: Any, token: str, issued: Any) -> None:
    before = shown(page(client, token))
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_once

    sequence_once()
    publish_once()
    after = shown(page(client, token))

    assert "On its way into the public log" in before
    assert "In a public log that anyone can check" in after
    assert "Signature valid; unchanged since it was issued" in after


def test_trust_strip_says_so_when_the_stored_document_was_altered(client: Any, token: str, logged: Any, tamper: Any) -> None:
    tamper(logged)

    assert "The signature does not hold. Do not pay; ask the seller." in shown(page(client, token))


def test_link_of_the_printed_code_shows_amount_and_pay_but_no_lines(client: Any, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    text = shown(page(client, make_link(issued, Link.PDF)))

    assert "242.00 EUR" in text
    assert "Accounting, one month" not in text and "History" not in text.replace("Lines, files and history", "")


def test_t38_script_in_every_field_stays_text(client: Any, org: Any, make_invoice: Any, actor: Any) -> None:
    """T38: markup that came in a document is shown, never run."""
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Invoice, Link
    from wasl.invoice.model import Note

    bad = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    source = make_invoice(notes=(Note(text=bad),))
    import msgspec

    line = msgspec.structs.replace(source.lines[0], item=msgspec.structs.replace(source.lines[0].item, name=bad))
    answer = issue(org, msgspec.structs.replace(source, lines=(line,)), actor=actor)
    row = Invoice.objects.for_org(org).get(pk=answer.invoice_id)

    html = page(client, make_link(row, Link.MAIL, "buyer@example.com"))

    assert "<script>alert" not in html and "<img src=x" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2


def event_types(row: Any) -> list[str]:
    from wasl.app.portal.queries import events_of

    return [event.type for event in events_of(row)]
