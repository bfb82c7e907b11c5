"""Conversations: what each side may do in which state, and what each act leaves behind."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def types(row: Any) -> list[str]:
    from wasl.app.portal.queries import events_of

    return [event.type for event in events_of(row) if event.type not in ("issued", "queued")]


@pytest.fixture
def dispute(issued: Any, payer: Any, new_key: Any) -> Any:
    from wasl.app.support.conversations import ask

    return ask(issued, line="1", reason="price", text="اتفقنا على 90", by=payer, key=new_key())


def test_a_dispute_of_a_line_is_open_and_its_payer_waits(dispute: Any, issued: Any) -> None:
    assert (dispute.state, dispute.kind, dispute.reason, dispute.line) == ("open", "dispute", "price", "1")
    assert dispute.waiting_since == dispute.opened_at
    assert types(issued) == ["disputed"]


def test_the_same_form_sent_twice_is_one_message(issued: Any, payer: Any) -> None:
    from wasl.app.support.conversations import ask, thread

    first, second = (ask(issued, reason="question", text="Where is the XML?", by=payer, key="one form") for _ in range(2))

    assert first.pk == second.pk and len(thread(first)) == 1 and types(issued) == ["asked"]


def test_asking_again_about_the_same_line_goes_on_in_the_same_thread(dispute: Any, issued: Any, payer: Any, new_key: Any) -> None:
    from wasl.app.support.conversations import ask, thread

    again = ask(issued, line="1", reason="question", text="And when?", by=payer, key=new_key())

    assert again.pk == dispute.pk and again.kind == "dispute", "a question about a line in dispute does not end the dispute"
    assert [said.act for said in thread(again)] == ["disputed", "asked"]


def test_an_answer_ends_the_waiting_and_a_reply_begins_it_again(dispute: Any, payer: Any, worker: Any, new_key: Any, issued: Any) -> None:
    from wasl.app import clock
    from wasl.app.support.conversations import answer, reply

    with clock.frozen(clock.now()) as time:
        time.forward(minutes=4)
        answered = answer(dispute.organisation_id, dispute.pk, text="صحيح", actor=worker, key=new_key())
        assert (answered.state, answered.waiting_since, answered.assignee_id) == ("answered", None, worker.person_id)
        assert answered.first_answer_at - answered.opened_at >= timedelta(minutes=4)
        time.forward(minutes=1)
        replied = reply(dispute.organisation_id, dispute.pk, text="شكرًا، لكن", by=payer, key=new_key())
        assert replied.state == "open" and replied.waiting_since == clock.now()

    assert types(issued) == ["disputed", "answered", "replied"]


def test_a_credit_note_of_the_invoice_settles_and_another_ones_does_not(
    org: Any, dispute: Any, issued: Any, make_invoice: Any, worker: Any, new_key: Any
) -> None:
    from wasl.app.invoicing.credit import credit
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.support.conversations import resolve, thread
    from wasl.app.support.errors import OutcomeUnknown

    other = find_invoice(org, issue(org, make_invoice(), actor=worker).invoice_id)
    foreign, own = (credit(org, row, reason="x", actor=worker) for row in (other, issued))
    for outcome, note in (("credited", foreign.invoice_id), ("credited", None), ("explained", own.invoice_id), ("", None), ("won", None)):
        with pytest.raises(OutcomeUnknown):
            resolve(org.pk, dispute.pk, by=worker, outcome=outcome, note_id=note, key=new_key())

    settled = resolve(org.pk, dispute.pk, by=worker, outcome="credited", note_id=own.invoice_id, text="أصدرنا إشعارًا", key=new_key())

    assert (settled.state, settled.outcome, settled.state_side) == ("resolved", "credited", "seller")
    assert thread(settled)[-1].note_number == own.number


def test_the_payer_marks_as_solved_and_asking_again_opens_a_new_round(dispute: Any, payer: Any, new_key: Any, issued: Any) -> None:
    from wasl.app.support.conversations import reply, resolve

    solved = resolve(dispute.organisation_id, dispute.pk, by=payer, outcome="credited", key=new_key())
    assert (solved.state, solved.outcome, solved.state_side, solved.waiting_since) == ("resolved", "", "payer", None)

    again = reply(dispute.organisation_id, dispute.pk, text="لم يصل شيء", by=payer, key=new_key())

    assert again.state == "open" and types(issued) == ["disputed", "resolved", "disputed"], "a dispute that lives again stops reminders again"


def test_what_is_withdrawn_or_solved_cannot_be_again(dispute: Any, payer: Any, worker: Any, new_key: Any) -> None:
    from wasl.app.support.conversations import answer, resolve, withdraw
    from wasl.app.support.errors import NotLive

    place = (dispute.organisation_id, dispute.pk)
    assert withdraw(*place, by=payer, key=new_key()).state == "withdrawn"
    for act in (lambda: withdraw(*place, by=payer, key=new_key()), lambda: resolve(*place, by=worker, outcome="explained", key=new_key())):
        with pytest.raises(NotLive):
            act()
    assert answer(*place, text="Fine", actor=worker, key=new_key()).state == "withdrawn", "an afterword opens nothing"


def test_a_note_reaches_no_payer(dispute: Any, worker: Any, new_key: Any, make_payer: Any) -> None:
    from wasl.app.support.conversations import note, thread
    from wasl.app.support.models import Message, Note
    from wasl.app.tenancy.scope import UnscopedQuery

    note(dispute.organisation_id, dispute.pk, text="The line was typed by hand", actor=worker, key=new_key())

    assert "typed by hand" not in repr(thread(dispute)) and "typed by hand" in repr(thread(dispute, with_notes=True))
    payer = make_payer(dispute)
    assert Message.objects.for_payer(payer).count() == 1
    with pytest.raises(UnscopedQuery):
        Note.objects.for_payer(payer).count()


@pytest.fixture
def make_payer() -> Any:
    def make(conversation: Any) -> Any:
        from wasl.app.tenancy.models import Payer as Row
        from wasl.app.tenancy.models import PayerGrant

        row = Row.objects.create()
        PayerGrant.objects.create(payer=row, organisation_id=conversation.organisation_id, invoice_id=conversation.invoice_id)
        return row

    return make


def test_t53_a_conversation_of_another_tenant_does_not_exist(make_org: Any, dispute: Any, payer: Any, worker: Any, new_key: Any) -> None:
    from wasl.app.errors import NotFound
    from wasl.app.support.conversations import answer, reply, resolve

    stranger = make_org(slug="elsewhere")
    for act in (
        lambda: reply(stranger.pk, dispute.pk, text="x", by=payer, key=new_key()),
        lambda: answer(stranger.pk, dispute.pk, text="x", actor=worker, key=new_key()),
        lambda: answer(dispute.organisation_id, dispute.invoice_id, text="x", actor=worker, key=new_key()),
        lambda: resolve(stranger.pk, dispute.pk, by=payer, key=new_key()),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(("line", "reason", "text", "error"), [
    ("9", "price", "x", "LineUnknown"), ("1", "rude", "x", "ReasonUnknown"), ("1", "price", " \n ", "NothingSaid"), ("1", "price", "x" * 4001, "TooLong"),
    ("1", "price", "a\x00b", "ControlCharacter"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_and_leaves_nothing(issued: Any, payer: Any, line: str, reason: str, text: str, error: str) -> None:
    from wasl.app.support.conversations import ask, conversations_of
    from wasl.errors import WaslError

    with pytest.raises(WaslError) as refused:
        ask(issued, line=line, reason=reason, text=text, by=payer, key="k")

    assert type(refused.value).__name__ == error and conversations_of(issued) == [] and types(issued) == []


def test_t63_a_flood_of_messages_is_refused_in_every_process(dispute: Any, payer: Any) -> None:
    from wasl.app.support.conversations import reply
    from wasl.app.support.conversations.store import HOURLY_MAX
    from wasl.app.support.errors import TooMuchSaid

    for n in range(HOURLY_MAX - 1):
        reply(dispute.organisation_id, dispute.pk, text=f"and {n}", by=payer, key=str(n))

    with pytest.raises(TooMuchSaid):
        reply(dispute.organisation_id, dispute.pk, text="and more", by=payer, key="more")


def test_t42_a_text_that_turns_letters_around_is_kept_without_the_turning(issued: Any, payer: Any) -> None:
    from wasl.app.support.conversations import ask, thread

    conversation = ask(issued, reason="question", text="مبلغ \u202e00.1\u202c و \u200fكذا", by=payer, key="k")

    assert "\u202e" not in thread(conversation)[0].text and "\u200f" in thread(conversation)[0].text


def test_erasure_takes_what_was_said_and_leaves_that_it_was(org: Any, issued: Any, payer: Any, picture: Any, worker: Any, new_key: Any) -> None:
    from wasl.app import fsck
    from wasl.app.invoicing.erase import erase
    from wasl.app.support.conversations import ask, note, thread
    from wasl.app.support.models import AttachmentBody, MessageBody, Note
    from wasl.app.support.photos import photo

    conversation = ask(issued, reason="damaged", text="Broken glass", photos=[photo(BytesIO(picture()))], by=payer, key=new_key())
    note(org.pk, conversation.pk, text="Call Lies", actor=worker, key=new_key())
    assert fsck.run(["conversation-acts", "conversation-files", "conversation-states"]) == []

    erase(org, issued.pk, ground="request", actor=worker)

    assert [model.objects.for_org(org).count() for model in (MessageBody, AttachmentBody, Note)] == [0, 0, 0]
    (said,) = thread(conversation, with_notes=True)
    assert said.is_erased and said.text == "" and said.act == "disputed" and said.files == ()
    assert fsck.run(["conversation-acts", "conversation-files", "conversation-states"]) == []


def test_the_payer_is_told_of_an_answer_once_and_by_the_ways_they_chose(dispute: Any, worker: Any, new_key: Any, client: Any, issued: Any) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.app.notices.models import Notice
    from wasl.app.support.conversations import answer, resolve

    for _twice in range(2):
        answer(dispute.organisation_id, dispute.pk, text="True", actor=worker, key="one form")
    resolve(dispute.organisation_id, dispute.pk, by=worker, outcome="explained", key=new_key())

    told = Notice.objects.for_org(dispute.organisation_id).order_by("created_at")
    assert [(notice.kind, notice.email, notice.data["path"]) for notice in told] == [
        ("question", "buyer@example.com", "/questions"), ("disputed", "buyer@example.com", "/questions"),
    ]  # fmt: skip
    token = make_link(issued, Link.MAIL, "buyer@example.com")
    assert client.get(f"/i/{token}/questions")["Location"].endswith(f"/questions/{dispute.pk}")


def test_whoever_says_it_is_not_theirs_is_written_to_no_more(issued: Any, payer: Any, worker: Any, new_key: Any) -> None:
    from wasl.app.notices.models import Notice
    from wasl.app.support.conversations import answer, ask

    asked = ask(issued, reason="not_mine", text="", by=payer, key=new_key())
    answer(issued.organisation_id, asked.pk, text="Sorry", actor=worker, key=new_key())

    assert Notice.objects.for_org(issued.organisation_id).count() == 0
