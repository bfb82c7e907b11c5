"""The seller's side of conversations: the list, the answer, the note, the end, and the credit note that mends a line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
BACKEND = "wasl.app.tenancy.signin.PasswordBackend"


@pytest.fixture
def desk(owner: Any) -> Client:
    client = Client()
    client.force_login(owner, backend=BACKEND)
    return client


@pytest.fixture
def asked(issued: Any) -> Any:
    """`asked(row, line, reason, text)`: the payer asks."""
    from wasl.app.support.conversations import Payer, ask

    def make(row: Any = None, line: str = "1", reason: str = "price", text: str = "We agreed on 90") -> Any:
        return ask(row or issued, line=line, reason=reason, text=text, by=Payer("buyer@example.com"), key=str(uuid4()))

    return make


def again(conversation: Any) -> Any:
    return type(conversation).objects.for_org(conversation.organisation_id).get(pk=conversation.pk)


def place(org: Any, conversation: Any) -> str:
    return f"/console/{org.slug}/questions/{conversation.pk}"


def test_who_waits_longest_comes_first_and_the_bar_counts(desk: Client, org: Any, issued: Any, asked: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app import clock
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue

    with clock.frozen(clock.now() - timedelta(hours=3)):
        asked(text="The older one")
    asked(find_invoice(org, issue(org, make_invoice(), actor=actor).invoice_id), text="The newer one")

    html = desk.get(f"/console/{org.slug}/questions?lang=en").content.decode()

    assert 0 < html.index("The older one") < html.index("The newer one") and "3 hours" in html
    assert '<span class="nav__count"><bdi>2</bdi>' in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=agreed", True),
        ("q=leuven", True),
        ("q=nothing", False),
        ("show=disputes", True),
        ("show=mine", False),
        ("show=closed", False),
        ("q=%25", False),
        ("show=x", True),
    ],
)
def test_the_list_is_searched_and_filtered(desk: Client, org: Any, asked: Any, query: str, found: bool) -> None:
    asked()

    assert ("We agreed on 90" in desk.get(f"/console/{org.slug}/questions?{query}").content.decode()) is found


def test_an_answer_reaches_the_payer_and_a_note_does_not(desk: Client, org: Any, issued: Any, asked: Any, client: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    conversation = asked()
    for act, text in (("note", "Typed by hand, see the quote"), ("answer", "You are right")):
        assert desk.post(place(org, conversation), {"act": act, "text": text, "key": str(uuid4())}).status_code == 302
    assert again(conversation).state == "answered"

    token = make_link(issued, Link.MAIL, "buyer@example.com")
    payer = client.get(f"/i/{token}/questions/{conversation.pk}?lang=en").content.decode()
    seller = desk.get(f"{place(org, conversation)}?lang=en").content.decode()
    assert "You are right" in payer and "Olga Owner" in payer and "Typed by hand" not in payer
    assert "Typed by hand" in seller and "Internal note" in seller and "buyer@example.com" in seller


def test_a_dispute_of_a_line_becomes_a_credit_note_in_two_clicks(desk: Client, org: Any, issued: Any, asked: Any) -> None:
    conversation = asked()
    page = desk.get(place(org, conversation)).content.decode()
    link = f"/console/{org.slug}/invoices/{issued.pk}/credit?question={conversation.pk}&amp;line=1"
    assert link in page

    form = desk.get(link.replace("&amp;", "&") + "&lang=en").content.decode()
    assert 'name="amount" type="text" value="200.00"' in form and "Wrong price" in form
    filled = {"line": "1", "question": str(conversation.pk), "amount": "20.00", "reason": "Wrong price", "key": str(uuid4())}
    for _twice in range(2):
        sent = desk.post(f"/console/{org.slug}/invoices/{issued.pk}/credit", filled)
        assert sent["Location"] == place(org, conversation)

    settled = again(conversation)
    assert (settled.state, settled.outcome, settled.outcome_note.payable_amount) == ("resolved", "credited", 2420)
    assert "24.20" in desk.get(place(org, conversation)).content.decode()


def test_closing_says_how_and_the_payer_reads_it(desk: Client, org: Any, asked: Any) -> None:
    conversation = asked(reason="question")

    refused = desk.post(f"{place(org, conversation)}?lang=en", {"act": "close", "outcome": "", "text": "My last word", "key": str(uuid4())})
    assert refused.status_code == 422 and "My last word" in refused.content.decode() and again(conversation).state == "open"
    desk.post(place(org, conversation), {"act": "close", "outcome": "explained", "text": "My last word", "key": str(uuid4())})
    assert (again(conversation).state, again(conversation).outcome) == ("resolved", "explained")


def test_t53_t65_another_sellers_conversation_note_or_file_does_not_exist(
    desk: Client, org: Any, asked: Any, make_org: Any, make_invoice: Any, actor: Any
) -> None:
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue

    other = make_org(slug="elsewhere")
    foreign = asked(find_invoice(other, issue(other, make_invoice(), actor=actor).invoice_id))
    own = asked()

    parts = ("", "/print", "/transcript.txt", "/transcript.json", "/stream", f"/mail/{uuid4()}", f"/canned/{uuid4()}")
    asked_for = [place(seller, foreign) + part for seller in (org, other) for part in parts]
    for path in (*asked_for, f"{place(org, own)}/files/{uuid4()}", f"{place(org, own)}/mail/{uuid4()}"):
        assert desk.get(path).status_code == 404, path
    assert desk.post(place(org, foreign), {"act": "answer", "text": "x", "key": str(uuid4())}).status_code == 404
    assert desk.post(f"{place(org, foreign)}/labels", {}).status_code == 404
    desk.post(f"/console/{org.slug}/questions/many", {"do": "mine", "pick": [str(foreign.pk), str(own.pk)], "key": str(uuid4())})
    assert (again(foreign).assignee_id is None, again(own).assignee_id is None) == (True, False)
    assert desk.get(f"/console/{org.slug}/invoices/{own.invoice_id}/credit?question={foreign.pk}").content.count(str(foreign.pk).encode()) <= 2
    posted = {"question": str(foreign.pk), "amount": "5", "reason": "x", "key": str(uuid4())}
    assert desk.post(f"/console/{org.slug}/invoices/{own.invoice_id}/credit", posted).status_code == 302
    assert again(foreign).state == "open"


def test_assigning_takes_members_only(desk: Client, org: Any, asked: Any, clerk: Any, make_person: Any) -> None:
    conversation = asked()

    assert desk.post(f"{place(org, conversation)}/assign", {"person": str(clerk.pk)}).status_code == 302
    assert again(conversation).assignee_id == clerk.pk
    for stranger in (make_person().pk, "x"):
        assert desk.post(f"{place(org, conversation)}/assign", {"person": str(stranger)}).status_code == 404
    assert again(conversation).assignee_id == clerk.pk
