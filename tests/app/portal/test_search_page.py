"""The search page of an inbox: what it shows, what it says where nothing fits, and that it shows nobody anything else (T66)."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db
BACKEND = "wasl.app.tenancy.signin.PasswordBackend"


@pytest.fixture
def reader(client: Any, make_person: Any) -> Any:
    """A browser signed in to the inbox of buyer@example.com."""
    from wasl.app.invoicing.claims import grant_address
    from wasl.app.tenancy.models_payers import PayerAddress
    from wasl.app.tenancy.payers import own_inbox

    person = make_person("buyer@example.com", language="en")
    inbox = own_inbox(person)
    PayerAddress.objects.create(payer=inbox.payer, person=person, email="buyer@example.com")
    grant_address(inbox.payer.pk, "buyer@example.com")
    client.force_login(person, backend=BACKEND)
    client.payer = inbox.payer
    return client


def page(client: Any, query: str = "", **more: str) -> str:
    response = client.get("/inbox/search", {"q": query, **more}, headers={"HX-Request": "true", "HX-Target": "found"} if more.pop("live", "") else {})
    assert response.status_code == 200
    return response.content.decode()


def test_before_anything_is_typed_it_teaches_what_can_be(reader: Any) -> None:
    text = page(reader)

    assert "What are you looking for?" in text and 'action="/inbox/search"' in text


def test_a_row_says_whose_it_is_where_the_word_stands_and_leads_to_the_invoice(reader: Any, bill: Any, org: Any) -> None:
    made = bill("رخصة برنامج المحاسبة")

    text = page(reader, "محاسبه")

    assert f"/inbox/i/{org.pk}/{made.invoice_id}" in text and "Brussels Books" in text and "<mark>المحاسبة</mark>" in text and "1 result" in text


def test_while_typing_only_what_was_found_is_sent(reader: Any, bill: Any) -> None:
    bill("chairs")

    assert "<html" not in page(reader, "chai", live="1") and "<mark>chairs</mark>" in page(reader, "chai", live="1")


def test_a_word_for_a_time_says_how_it_was_understood(reader: Any, bill: Any) -> None:
    bill("chairs")

    text = page(reader, "this month")

    assert "issued" in text and "as a word instead" in text and "1 result" in text


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", '"><img src=x>', "' OR 1=1 --", "* NEAR %_ \\", ":* & | !", "\u202eabc", "a" * 5000, "'" * 300])
def test_t43_whatever_is_typed_is_text(reader: Any, bill: Any, nasty: str) -> None:
    bill("chairs")

    text = page(reader, nasty)

    assert "<script>alert" not in text and "<img src=x" not in text


@pytest.mark.parametrize("typed", ["secret", "secre", "secert", "INV-2026-000001", "9,876", "9876", "Hidden Buyer", "overdue", "this month", '"secret plans"', "000001", "EUR"])
@pytest.mark.parametrize("state", ["", "open"])
def test_t66_nothing_of_others_shows_in_results_counts_suggestions_or_mended_words(reader: Any, bill: Any, typed: str, state: str) -> None:
    """The page for a reader with an empty inbox is, byte for byte, what it would be if the others' invoices did not exist."""
    empty = _neutral(page(reader, typed, state=state))
    bill("secret plans", price="9876.00", buyer="Hidden Buyer", email="other@example.com")
    from wasl.app.archive.keep import catch_up

    catch_up()

    assert _neutral(page(reader, typed, state=state)) == empty


def _neutral(text: str) -> str:
    import re

    return re.sub(r"in \d+ thousandths? of a second|nonce=\"[^\"]+\"|value=\"[A-Za-z0-9]{64}\"", "", text)


def test_t53_a_seller_filter_opens_no_other_door(reader: Any, bill: Any, org: Any) -> None:
    bill("secret plans", email="other@example.com")

    assert "secret" not in page(reader, "plans", seller=str(org.pk)).replace('value="plans"', "")


def test_a_grant_taken_back_hides_at_once_whatever_the_index_still_says(reader: Any, bill: Any) -> None:
    from django.db import connection

    bill("chairs")
    assert "<mark>chairs</mark>" in page(reader, "chairs")

    with connection.cursor() as cursor:  # past the trigger that follows grants: the mark stays in the index, the fence must hold alone
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM tenancy_payergrant")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert "<mark>chairs</mark>" not in page(reader, "chairs")


def test_grants_in_bulk_are_followed_by_the_worker(reader: Any, bill: Any, org: Any) -> None:
    from wasl.app.archive.keep import catch_up
    from wasl.app.archive.search import find
    from wasl.app.sql import run

    bill("chairs", email="other@example.com")
    catch_up()
    run("INSERT INTO tenancy_payergrant (organisation_id, id, payer_id, invoice_id, created_at) SELECT organisation_id, gen_random_uuid(), %s, id, now()"
        " FROM invoicing_invoice", (reader.payer.pk,))  # fmt: skip
    run("UPDATE archive_searchrow SET words = ts_delete(words, ARRAY(SELECT w.lexeme FROM unnest(words) w WHERE w.lexeme LIKE '@p%%'))")
    run("INSERT INTO archive_waiting (organisation_id, id) SELECT organisation_id, id FROM invoicing_invoice ON CONFLICT DO NOTHING")
    from datetime import date

    assert find(reader.payer, "chairs", today=date(2026, 11, 27)).hits == []
    catch_up()
    assert len(find(reader.payer, "chairs", today=date(2026, 11, 27)).hits) == 1


def test_a_stranger_is_asked_to_sign_in(client: Any) -> None:
    assert client.get("/inbox/search?q=x").status_code == 302
