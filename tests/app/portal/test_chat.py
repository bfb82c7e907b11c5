"""The payer's live chat: what an open page asks for, who may ask it, and how often."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wasl.app.live import topics
from wasl.app.live.ticket import opened

pytestmark = pytest.mark.django_db
CHAT = {"HTTP_X_WASL_CHAT": "1"}


@pytest.fixture
def talk(issued: Any) -> Any:
    from wasl.app.support.conversations import Payer, ask

    return ask(issued, line="1", reason="price", text="السلام عليكم", by=Payer("buyer@example.com"), key=str(uuid4()))


@pytest.fixture
def answered(talk: Any, owner: Any) -> Any:
    from wasl.app.support.conversations import answer
    from wasl.app.tenancy.actor import Actor

    return answer(talk.organisation_id, talk.pk, text="<b>Right</b>", actor=Actor.of(owner), key=str(uuid4()))


def address(token: str, talk: Any, tail: str = "/chat") -> str:
    return f"/i/{token}/questions/{talk.pk}{tail}"


def entries(response: Any) -> list[str]:
    return re.findall(r'data-entry="([^"]+)"', response.content.decode())


def test_a_message_is_sent_once_and_only_what_is_new_comes_back(client: Any, token: str, talk: Any, answered: Any) -> None:
    first = client.post(address(token, talk), {"after": ""})
    known = entries(first)[-1]
    form = {"text": "شكرًا لكم", "key": str(uuid4()), "after": known}

    sent, again = (client.post(address(token, talk, ""), form, **CHAT) for _ in range(2))

    assert "&lt;b&gt;Right&lt;/b&gt;" in first.content.decode()
    assert sent.status_code == again.status_code == 200
    assert len(entries(sent)) == 1 and entries(sent) == entries(again), "the same key never twice"
    assert "شكرًا لكم" in sent.content.decode() and "data-day" not in sent.content.decode(), "under the day that is there already"


def test_delivered_is_not_seen_until_somebody_looks(client: Any, token: str, talk: Any, answered: Any) -> None:
    from wasl.app.support.models import Conversation

    def marks() -> tuple[bool, bool]:
        row = Conversation.objects.for_org(talk.organisation_id).get(pk=talk.pk)
        return tuple(at is not None and at >= answered.last_at for at in (row.payer_got_at, row.payer_read_at))  # type: ignore[return-value]

    client.post(address(token, talk), {"after": ""})
    carried = marks()
    client.post(address(token, talk), {"after": "", "visible": "1"})

    assert (carried, marks()) == ((True, False), (True, True))


def test_what_is_refused_is_said_to_the_script_in_words(client: Any, token: str, talk: Any) -> None:
    for form in ({"text": " "}, {"text": "x" * 4001}, {"text": "My words", "photo": SimpleUploadedFile("a.pdf", b"<svg/>")}):
        response = client.post(address(token, talk, ""), {"key": str(uuid4()), **form}, **CHAT)
        assert response.status_code == 422 and json.loads(response.content)["errors"][0]


def test_t63_a_flood_is_slowed_down_in_words(client: Any, token: str, talk: Any) -> None:
    statuses = {client.post(address(token, talk), {"after": ""}).status_code for _ in range(125)}
    sent = [client.post(address(token, talk, ""), {"text": "x", "key": str(uuid4())}, **CHAT).status_code for _ in range(32)]

    assert statuses == {200, 429}
    assert sent[0] == 200 and sent[-1] == 429


def test_t64_the_conversation_of_another_invoice_does_not_exist(client: Any, token: str, talk: Any, org: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    other = make_link(find_invoice(org, issue(org, make_invoice(), actor=actor).invoice_id), Link.MAIL, "other@example.com")

    assert client.post(address(other, talk), {"after": ""}).status_code == 404
    assert client.get(f"/i/{other}/live?thread={talk.pk}").status_code == 404
    assert client.get(f"/i/{token}/live?thread=nonsense").status_code == 404
    assert client.get(f"/i/{'x' * 43}/live").status_code == 404


def test_t64_a_ticket_hears_this_conversation_and_speaks_as_the_payer(client: Any, token: str, talk: Any) -> None:
    page = opened(re.search(r'data-live="/events/([^"]+)"', client.get(address(token, talk, "")).content.decode())[1])  # type: ignore[index]
    renewed = opened(client.get(f"/i/{token}/live?thread={talk.pk}").json()["stream"].removeprefix("/events/"))
    invoice = opened(client.get(f"/i/{token}/live").json()["stream"].removeprefix("/events/"))
    topic = topics.thread(talk.organisation_id, talk.pk)

    assert page.topics == renewed.topics == (topic,)
    assert (renewed.speaker.topic, renewed.speaker.side) == (topic, "payer")  # type: ignore[union-attr]
    assert (invoice.topics, invoice.speaker) == ((topics.invoice(talk.organisation_id, talk.invoice_id),), None)


def test_the_invoice_says_how_many_answers_nobody_has_read(client: Any, token: str, answered: Any) -> None:
    assert client.get(f"/i/{token}/questions/unread").json() == {"text": "1"}
    client.post(address(token, answered), {"visible": "1"})
    assert client.get(f"/i/{token}/questions/unread").json() == {"text": ""}


def test_files_of_other_kinds_are_named_and_handed_out_as_downloads(client: Any, token: str, talk: Any) -> None:
    from wasl.app.support.models import Attachment

    client.post(address(token, talk, ""), {"text": "", "key": str(uuid4()), "photo": SimpleUploadedFile("حوالة <1>.html", "نص".encode())}, **CHAT)
    file = Attachment.objects.for_org(talk.organisation_id).get()
    response = client.get(address(token, talk, f"/files/{file.pk}"))

    assert (response["Content-Type"], response["Content-Security-Policy"]) == ("text/plain; charset=utf-8", "sandbox; default-src 'none'")
    assert response["Content-Disposition"].startswith("attachment;") and ".txt" in response["Content-Disposition"]
    assert "حوالة-1.txt" in client.get(address(token, talk, "")).content.decode()


def test_beside_the_invoice_the_same_conversation_is_a_fragment(client: Any, token: str, talk: Any) -> None:
    for path in (f"/i/{token}/ask", address(token, talk, "")):
        html = client.get(path, HTTP_X_WASL_PANEL="1").content.decode()
        assert "<html" not in html and 'data-panel="' in html and "csrfmiddlewaretoken" in html


@pytest.mark.parametrize(("minutes", "count", "words"), [(4, 5, "4"), (4, 4, ""), (17, 6, "20"), (60 * 30, 6, "")])
def test_how_soon_they_answer_is_measured_or_not_said(issued: Any, org: Any, minutes: int, count: int, words: str) -> None:
    from wasl.app import clock
    from wasl.app.support import pace
    from wasl.app.support.models import Conversation

    for number in range(count):
        asked = clock.now() - timedelta(days=3, minutes=number)
        Conversation.objects.create(
            organisation_id=org.pk, invoice_id=issued.pk, line=str(number), kind="question", reason="question", state="answered",
            opened_at=asked, first_answer_at=asked + timedelta(minutes=minutes),
        )  # fmt: skip

    said = pace.said(pace.measured(org))
    assert words in said and bool(said) == bool(words)
