"""The payer's side of a conversation: asking, going on, closing, and what comes back when something is refused."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.django_db


def the(row: Any, line: str = "") -> Any:
    from wasl.app.support.conversations import conversation_of

    return conversation_of(row, line)


def said(row: Any, line: str = "") -> list[str]:
    from wasl.app.support.conversations import thread

    return [each.text for each in thread(the(row, line))]


@pytest.fixture
def jpeg() -> Any:
    from PIL import Image

    def make(size: tuple[int, int] = (200, 100)) -> bytes:
        out = BytesIO()
        Image.new("RGB", size, "teal").save(out, "JPEG")
        return out.getvalue()

    return make


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_line_is_disputed_with_words_and_a_photo(client: Any, token: str, issued: Any, jpeg: Any, lang: str) -> None:
    form = client.get(f"/i/{token}/ask?line=1&lang={lang}").content.decode()
    assert "Accounting, one month" in form and form.count('type="radio"') == 9

    photo = SimpleUploadedFile("../../x\u202egpj.exe", jpeg(), content_type="text/html")
    sent = client.post(f"/i/{token}/ask", {"line": "1", "reason": "price", "text": "اتفقنا على 90", "photo": photo, "key": str(uuid4())})

    assert sent.status_code == 302
    page = client.get(sent["Location"])
    html = page.content.decode()
    assert page.status_code == 200 and "اتفقنا على 90" in html and "<img " in html and len(html) < 40_000
    assert (the(issued, "1").state, the(issued, "1").reason) == ("open", "price")


def test_t31_t42_a_photo_is_served_as_a_file_that_cannot_act(client: Any, token: str, issued: Any, jpeg: Any) -> None:
    from wasl.app.support.models import Attachment

    client.post(f"/i/{token}/ask", {"reason": "damaged", "text": "", "photo": SimpleUploadedFile("a.svg", jpeg()), "key": str(uuid4())})
    file = Attachment.objects.for_org(issued.organisation_id).get()

    response = client.get(f"/i/{token}/questions/{the(issued).pk}/files/{file.pk}")

    assert response["Content-Type"] == "image/jpeg" and response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'" and response["Content-Disposition"].startswith(
        "attachment; filename="
    )
    assert ".jpg" in response["Content-Disposition"] and "gpj" not in response["Content-Disposition"]


REFUSED = {
    "no text": {"reason": "price", "text": "   "}, "no reason": {"reason": "", "text": "My words"}, "a reason of nobody's": {"reason": "x", "text": "My words"},
    "no photo": {"reason": "price", "text": "My words", "photo": b"<svg onload=alert(1)>"}, "too long": {"reason": "price", "text": "My words " * 500},
    "ten megabytes": {"reason": "price", "text": "My words " * 1_200_000},
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_t38_what_is_refused_comes_back_and_nothing_is_written(client: Any, token: str, issued: Any, case: str) -> None:
    form = dict(REFUSED[case])
    if "photo" in form:
        form["photo"] = SimpleUploadedFile("a.jpg", form["photo"])  # type: ignore[arg-type]

    response = client.post(f"/i/{token}/ask?lang=en", {**form, "key": str(uuid4())})

    html = response.content.decode()
    assert response.status_code == 422 and 'role="alert"' in html and the(issued) is None
    assert ("My words" in html) == ("My words" in str(form["text"])) and len(html) < 40_000
    assert "onload" not in html


def test_t95_a_photo_that_is_too_large_is_refused_and_the_text_after_it_is_kept(client: Any, token: str, issued: Any) -> None:
    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + bytes(11 * 1024 * 1024))

    response = client.post(f"/i/{token}/ask?lang=en", {"photo": photo, "reason": "damaged", "text": "Typed with care", "key": str(uuid4())})

    assert response.status_code == 422 and "too large" in response.content.decode() and "Typed with care" in response.content.decode()
    assert the(issued) is None


def test_the_payer_goes_on_marks_as_solved_and_opens_again(client: Any, token: str, issued: Any) -> None:
    client.post(f"/i/{token}/ask", {"reason": "question", "text": "Where is the XML?", "key": str(uuid4())})
    place = f"/i/{token}/questions/{the(issued).pk}"
    key = str(uuid4())
    for _ in range(2):
        assert client.post(place, {"text": "I found it", "key": key}).status_code == 302
    assert said(issued) == ["Where is the XML?", "I found it"]

    assert client.post(f"{place}/close", {"act": "solved", "key": str(uuid4())}).status_code == 302
    assert the(issued).state == "resolved"
    again = client.post(f"{place}/close?lang=en", {"act": "withdraw", "key": str(uuid4())})
    assert again.status_code == 422 and "closed in the meantime" in again.content.decode(), "two tabs"
    client.post(place, {"text": "Lost again", "key": str(uuid4())})
    assert the(issued).state == "open"


def test_only_a_persons_visit_moves_the_read_marker(client: Any, token: str, issued: Any) -> None:
    from wasl.app import clock
    from wasl.app.support.conversations import answer
    from wasl.app.tenancy.actor import Actor

    client.post(f"/i/{token}/ask", {"reason": "question", "text": "Where?", "key": str(uuid4())})
    conversation = the(issued)
    with clock.frozen(clock.now()) as time:
        time.forward(minutes=1)
        answer(issued.organisation_id, conversation.pk, text="Here", actor=Actor.operator("test"), key="k")
    answered = the(issued)

    client.get(f"/i/{token}/questions/{conversation.pk}")
    assert the(issued).payer_read_at < answered.last_at
    client.get(f"/i/{token}/questions/{conversation.pk}", HTTP_SEC_FETCH_USER="?1")
    assert the(issued).payer_read_at == answered.last_at


@pytest.fixture
def neighbour(org: Any, make_invoice: Any, actor: Any) -> Any:
    """Another customer's invoice of the same seller, with a conversation and a photo, and that customer's link."""
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    row = find_invoice(org, issue(org, make_invoice(email="other@example.com"), actor=actor).invoice_id)
    return row, make_link(row, Link.MAIL, "other@example.com")


def test_t54_t64_t67_another_payers_conversation_does_not_exist(client: Any, token: str, issued: Any, neighbour: Any, jpeg: Any) -> None:
    from wasl.app.support.models import Attachment, Message

    row, link = neighbour
    client.post(f"/i/{link}/ask", {"reason": "damaged", "text": "Their secret", "photo": SimpleUploadedFile("a.jpg", jpeg()), "key": str(uuid4())})
    client.post(f"/i/{token}/ask", {"reason": "question", "text": "Mine", "key": str(uuid4())})
    theirs, mine = the(row), the(issued)
    file = Attachment.objects.for_org(row.organisation_id).get()
    before = Message.objects.for_org(row.organisation_id).count()

    nothing = client.get(f"/i/{token}/questions/{uuid4()}").content
    for path in (f"questions/{theirs.pk}", f"questions/{theirs.pk}/files/{file.pk}", f"questions/{mine.pk}/files/{file.pk}"):
        answer = client.get(f"/i/{token}/{path}")
        assert (answer.status_code, answer.content) == (404, nothing), path
    assert client.get(f"/i/{token}/ask?line=99").status_code == 404
    for path in (f"questions/{theirs.pk}", f"questions/{theirs.pk}/close"):
        assert client.post(f"/i/{token}/{path}", {"text": "x", "act": "withdraw", "key": str(uuid4())}).status_code == 404
    assert Message.objects.for_org(row.organisation_id).count() == before and the(row).state == "open"


def test_the_printed_code_opens_no_conversation(client: Any, issued: Any, token: str) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    client.post(f"/i/{token}/ask", {"reason": "question", "text": "Mine", "key": str(uuid4())})
    printed = make_link(issued, Link.PDF)

    assert [client.get(f"/i/{printed}/{path}").status_code for path in ("ask", f"questions/{the(issued).pk}")] == [404, 404]


def test_a_second_reader_of_the_invoice_learns_no_address(client: Any, issued: Any, token: str) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    client.post(f"/i/{token}/ask", {"reason": "question", "text": "Mine", "key": str(uuid4())})
    second = make_link(issued, Link.MAIL, "boss@example.com")

    html = client.get(f"/i/{second}/questions/{the(issued).pk}?lang=en").content.decode()

    assert "Another reader of this invoice" in html and "buyer@example.com" not in html


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '" onerror="alert(1)', "{{7*7}}", "javascript:alert(1)", "\u202egnp.exe"])
def test_t38_t39_whatever_is_said_is_said_as_text(client: Any, token: str, issued: Any, text: str) -> None:
    from django.utils.html import escape

    sent = client.post(f"/i/{token}/ask", {"reason": "question", "text": text, "key": str(uuid4())})

    html = client.get(sent["Location"]).content.decode()
    assert str(escape(text.replace("\u202e", ""))) in html.replace("&#34;", "&quot;") and "<script>alert" not in html and "\u202e" not in html
    assert '<div class="thread__text" dir="auto">' in html


def test_t55_t62_t63_what_the_form_does_not_have_is_ignored_and_a_flood_ends_in_429(client: Any, token: str, issued: Any) -> None:
    from django.test import Client

    forged = {
        "state": "resolved",
        "outcome": "credited",
        "side": "seller",
        "kind": "question",
        "organisation_id": str(uuid4()),
        "assignee": str(uuid4()),
        "author": "x@y.example",
    }
    client.post(f"/i/{token}/ask", {**forged, "reason": "price", "text": "Mine", "key": str(uuid4())})
    found = the(issued)
    assert (found.state, found.outcome, found.kind, found.assignee_id) == ("open", "", "dispute", None)
    assert Client(enforce_csrf_checks=True).post(f"/i/{token}/ask", {"reason": "price", "text": "x"}).status_code == 403

    codes = [client.post(f"/i/{token}/questions/{found.pk}", {"text": f"and {n}", "key": str(uuid4())}).status_code for n in range(32)]
    assert codes[0] == 302 and codes[-1] == 429
