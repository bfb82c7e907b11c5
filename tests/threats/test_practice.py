"""T53, T56, T62, T98: practice reaches nothing real, is reached by nothing real, and cannot fill the house."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from wasl.app.support.help import practice
from wasl.app.support.help.models import Practice

pytestmark = pytest.mark.django_db


def real_rows() -> dict[str, int]:
    """Every table that holds something real: tenants', the log's, people's."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^(help_|django_)'")
        tables = [name for (name,) in cursor.fetchall()]
        counts = {}
        for name in tables:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


def test_t53_the_whole_of_practice_touches_no_row_of_anybody(issued: Any) -> None:
    before, client = real_rows(), Client()
    base = client.post("/practice/")["Location"]
    for path, form in (("", None), ("/ask", {"reason": "other", "text": "x"}), ("/verify", {}), ("/pay", {"act": "decline"}), ("/pay", {"act": "approve"}), ("/remove", {})):
        (client.get(base + path) if form is None else client.post(base + path, form))

    assert before["invoicing_invoice"] == 1 and real_rows() == before


def test_t53_the_words_of_one_open_nothing_of_the_other(org: Any, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    client = Client()
    token = client.post("/practice/")["Location"].rpartition("/")[2]
    real = make_link(issued, Link.MAIL, "buyer@example.com")

    assert {client.get(f"/{place}/{token}{tail}").status_code for place, tail in (("i", ""), ("i", "/xml"), ("v", ""))} == {404}
    assert {client.get(f"/practice/{real}{tail}").status_code for tail in ("", "/ask", "/verify", "/pay")} == {404}
    assert client.post(f"/practice/{real}/pay", {"act": "approve"}).status_code == 404


def test_a_practice_seal_is_nothing_to_the_trust_of_this_installation(org: Any) -> None:
    from wasl.app.proofs.trust import installation
    from wasl.ledger.verify import verify

    row = practice.find(practice.create().token)
    verdict = verify(bytes(row.document), xades=bytes(row.seal), proof=bytes(row.proof), trust=[installation()])

    assert not verdict.ok and verdict.step("log signature").state != "ok" and verdict.step("seal").state != "ok"


def test_nobody_can_be_led_to_pay_it_for_real() -> None:
    document = bytes(practice.find(practice.create().token).document)

    assert b"PayeeFinancialAccount" not in document and b"PaymentMeans" not in document


def test_t98_one_visitor_makes_ten_an_hour_and_all_together_no_more_than_the_house_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [Client().post("/practice/").status_code for _time in range(12)]
    assert codes == [302] * 10 + [429] * 2

    from wasl.app.ui.limits import forget_all

    forget_all()
    monkeypatch.setattr(practice, "LIVE_MAX", 10)
    assert Client().post("/practice/").status_code == 503 and Practice.objects.count() == 10


def test_t98_what_can_be_typed_is_bounded() -> None:
    row = practice.find(practice.create().token)
    for _time in range(practice.STORY_MAX + 5):
        practice.note(row, "asked", "x" * 10_000)
    row.refresh_from_db()

    assert len(row.story) == practice.STORY_MAX and len(row.story[0][2]) == practice.TEXT_CHARS_MAX


def test_t56_guessing_practice_ends_in_429() -> None:
    codes = [Client().get(f"/practice/{number:043d}").status_code for number in range(40)]

    assert codes[0] == 404 and codes[-1] == 429


def test_t62_no_form_of_practice_or_help_works_from_elsewhere() -> None:
    token = practice.create().token
    strict = Client(enforce_csrf_checks=True)
    paths = ["/practice/", *(f"/practice/{token}/{act}" for act in ("ask", "verify", "pay", "remove")), "/help/pay/vote", "/help/tour", "/help/lessons/first"]

    assert {strict.post(path, {"act": "approve", "answer": "1", "helped": "1"}).status_code for path in paths} == {403}
    assert practice.find(token).paid_at is None


def test_t58_no_log_line_holds_a_practice_token() -> None:
    from wasl.app.logs import redact

    assert "secret" not in redact("/practice/secretsecret/pay") and redact("/practice/") == "/practice/"
