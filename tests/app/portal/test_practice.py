"""The practice invoice: the whole journey with play money, apart from everything real, bounded and gone by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.support.help import practice
from wasl.app.support.help.models import Practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(client: Any) -> str:
    client.cookies["wasl_lang"] = "en"
    return client.post("/practice/")["Location"].rpartition("/")[2]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_whole_journey_works_without_script(client: Any, token: str, lang: str) -> None:
    client.cookies["wasl_lang"] = lang
    base = f"/practice/{token}"
    word = {"ar": "تدريب", "en": "Practice"}[lang]
    pages = [client.get(path).content.decode() for path in (base, f"{base}/ask?line=1", f"{base}/verify", f"{base}/pay")]
    assert all(f"<b>{word}</b>" in page for page in pages)

    client.post(f"{base}/ask?line=1", {"reason": "price", "text": "Why <b>240</b>?"})
    client.post(f"{base}/verify")
    assert client.post(f"{base}/pay", {"act": "decline"})["Location"] == f"{base}/status"
    assert client.post(f"{base}/pay", {"act": "approve"})["Location"] == f"{base}/status"

    page = client.get(base).content.decode()
    assert "PLAY-" in page and "&lt;b&gt;240" in page and "<b>240" not in page
    assert {"All done. You are ready for a real one." in page, "أتممتها كلها. أنت مستعد لفاتورة حقيقية." in page} == {True, False}


def test_it_is_verified_by_the_verifier_itself_and_a_changed_figure_is_found_out(client: Any, token: str) -> None:
    assert "as it was issued" in client.get(f"/practice/{token}/verify").content.decode()
    assert "found out" in client.post(f"/practice/{token}/verify").content.decode()

    found = practice.find(token)
    assert practice.judged(found).ok
    assert [step.state for step in practice.judged(found, tampered=True).steps[:2]] == ["failed", "failed"]


def test_the_amount_is_paid_once(token: str) -> None:
    found = practice.find(token)
    receipts = {practice.pay(found, approve=True).receipt for _time in range(3)}

    assert len(receipts) == 1 and [kind for kind, *_ in practice.find(token).story] == ["paid"]


def test_an_empty_question_is_asked_for_again_and_nothing_typed_is_lost(client: Any, token: str) -> None:
    page = client.post(f"/practice/{token}/ask", {"reason": "nonsense", "text": "my words"})

    assert page.status_code == 422 and "my words" in page.content.decode()


def test_it_expires_and_is_cleaned_up(client: Any, token: str) -> None:
    with clock.frozen(clock.now() + practice.LIFE + timedelta(seconds=1)):
        gone = client.get(f"/practice/{token}")
        assert gone.status_code == 404 and "gone" in gone.content.decode()
        assert practice.sweep() == 1 and not Practice.objects.exists()


def test_it_can_be_removed_at_once(client: Any, token: str) -> None:
    client.post(f"/practice/{token}/remove")

    assert client.get(f"/practice/{token}").status_code == 404 and not Practice.objects.exists()


def test_its_token_is_stored_as_a_hash_only(token: str) -> None:
    row = Practice.objects.values().get()

    assert token not in repr(row) and bytes(row["token_sha256"]) != token.encode()
