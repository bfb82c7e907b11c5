"""Labels, turns, many at once with undo, canned answers, the pace of answers, and calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 9, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def now() -> Any:
    from wasl.app import clock

    with clock.frozen(NOON) as moving:
        yield moving


@pytest.fixture
def asked(now: Any, issued: Any, payer: Any, org: Any, make_invoice: Any, actor: Any) -> Any:
    """`asked(line, reason)`: a question; with `elsewhere`, about another invoice."""
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.support.conversations import ask

    def make(line: str | None = None, reason: str = "question", *, elsewhere: bool = False) -> Any:
        now.forward(minutes=1)
        row = find_invoice(org, issue(org, make_invoice(), actor=actor).invoice_id) if elsewhere else issued
        return ask(row, line=line, reason=reason, text="Why?", by=payer, key=str(uuid4()))

    return make


def again(row: Any) -> Any:
    return type(row).objects.for_org(row.organisation_id).get(pk=row.pk)


def test_labels_are_words_once_and_leave_with_their_conversations(org: Any, asked: Any, worker: Any, make_org: Any) -> None:
    from wasl.app.errors import NotFound
    from wasl.app.support.desk.labels import keep_label, labels_of, remove_label, set_labels
    from wasl.app.support.errors import LabelKnown, LabelNameless, LabelUnknown

    row = keep_label(org, name="  Urgent ", tone="late", actor=worker)
    for name, error in (("urgent", LabelKnown), (" ", LabelNameless), ("x" * 41, LabelNameless), ("a\x00b", LabelNameless)):
        with pytest.raises(error):
            keep_label(org, name=name, tone="late", actor=worker)
    assert keep_label(org, name="عاجل", tone="<script>", actor=worker).tone == "info"
    talk = asked()
    set_labels(org.pk, talk.pk, [row.pk], actor=worker)
    assert labels_of(org.pk, [talk.pk]) == {talk.pk: [(row.pk, "Urgent", "late")]}
    other = make_org(slug="elsewhere")
    with pytest.raises(LabelUnknown):
        set_labels(org.pk, talk.pk, [uuid4()], actor=worker)
    with pytest.raises(NotFound):
        set_labels(other.pk, talk.pk, [], actor=worker)
    remove_label(org, row.pk, actor=worker)
    assert labels_of(org.pk, [talk.pk]) == {}


def test_turns_go_to_whoever_was_longest_without_and_only_when_wanted(org: Any, asked: Any, worker: Any, owner: Any, clerk: Any) -> None:
    from wasl.app.support.desk.turns import share_out

    assert again(asked()).assignee_id is None
    share_out(org, on=True, actor=worker)
    got = [again(asked("1", elsewhere=elsewhere)).assignee_id for elsewhere in (False, True)]
    assert set(got) == {owner.pk, clerk.pk}


def test_many_are_closed_and_opened_again_where_nobody_wrote_meanwhile(asked: Any, payer: Any, worker: Any) -> None:
    from wasl.app import fsck
    from wasl.app.support.conversations import reply
    from wasl.app.support.desk.many import assign_many, close_many, undo_assign, undo_close
    from wasl.app.support.errors import NothingChosen

    talks = [asked(), asked("1", "price"), asked(elsewhere=True)]
    ids = [talk.pk for talk in talks]
    org_id = talks[0].organisation_id
    before = close_many(org_id, [*ids, uuid4()], outcome="explained", actor=worker, key="k1")
    assert [again(talk).state for talk in talks] == ["resolved"] * 3 and len(before) == 3
    reply(org_id, ids[2], text="Still there", by=payer, key="r")

    assert undo_close(org_id, before, actor=worker, key="k2") == 2
    assert [again(talk).waiting_since for talk in talks[:2]] == [talk.waiting_since for talk in talks[:2]]
    assert (again(talks[1]).kind, again(talks[1]).assignee_id) == ("dispute", None)
    assert fsck.run(("conversation-acts", "conversation-states")) == []

    moved = assign_many(org_id, ids, person_id=worker.person_id, actor=worker)
    assert undo_assign(org_id, moved, actor=worker) == len(moved) and again(talks[0]).assignee_id is None
    with pytest.raises(NothingChosen):
        assign_many(org_id, [], person_id=None, actor=worker)


def test_a_disputes_undo_stops_reminders_again_and_a_credit_notes_is_refused(asked: Any, issued: Any, worker: Any) -> None:
    from wasl.app.notices.models import Watch
    from wasl.app.support.conversations import reopen, resolve
    from wasl.app.support.errors import NotClosed

    talk = asked("1", "price")
    resolve(talk.organisation_id, talk.pk, by=worker, outcome="explained", key="a")
    reopen(talk.organisation_id, talk.pk, waiting_since=talk.waiting_since, actor=worker, key="b")
    assert not Watch.objects.for_org(talk.organisation_id).filter(invoice_id=issued.pk, closed="").exclude(next_at=None).exists()
    with pytest.raises(NotClosed):
        reopen(talk.organisation_id, talk.pk, waiting_since=None, actor=worker, key="c")


def test_canned_answers_are_filled_in_the_payers_language(org: Any, worker: Any) -> None:
    from wasl.app.notices.errors import BadTemplate
    from wasl.app.support.canned.fill import example, filled
    from wasl.app.support.canned.keep import answers, keep, remove
    from wasl.app.support.errors import CannedEmpty, CannedKnown

    row = keep(org, title="Due", text_ar="تستحق {number} يوم {due_date}", text_en="", actor=worker)
    for title, text, error in (("Due", "x", CannedKnown), ("", "x", CannedEmpty), ("X", "", CannedEmpty), ("X", "{secret}", BadTemplate), ("X", "{", BadTemplate)):
        with pytest.raises(error):
            keep(org, title=title, text_ar="", text_en=text, actor=worker)
    said = filled(row, example(org), "en")
    assert said.language == "ar" and "INV-2026-000123" in said.text and "ديسمبر" in said.text
    changed = keep(org, title="Due", text_ar="ن", text_en="Pay {amount} at {link}", actor=worker, answer_id=row.pk)
    assert "1,150.00" in filled(changed, example(org), "en").text and filled(changed, example(org), "ar").text == "ن"
    remove(org, row.pk, actor=worker)
    assert answers(org) == []


def test_the_pace_counts_what_waits_and_says_nothing_of_few(now: Any, org: Any, asked: Any, payer: Any, worker: Any) -> None:
    from wasl.app.support.conversations import answer, reply, resolve, withdraw
    from wasl.app.support.desk import pace

    first, second, third = asked(), asked("1"), asked(elsewhere=True)
    now.set(first.opened_at + timedelta(minutes=10))
    answer(org.pk, first.pk, text="So", actor=worker, key="a")
    now.set(second.opened_at + timedelta(minutes=30))
    resolve(org.pk, second.pk, by=worker, outcome="explained", key="b")
    reply(org.pk, second.pk, text="No", by=payer, key="c")  # another round, without an answer yet
    withdraw(org.pk, third.pk, by=payer, key="d")

    (week,) = pace.weeks(org)
    assert (week.asked, week.answered, week.waiting, week.ended) == (4, 2, 2, 1)
    assert (week.answer_median, week.answer_p90) == (timedelta(minutes=20), timedelta(minutes=28)) and week.end_median == timedelta(minutes=30)


@pytest.fixture
def calls(now: Any, org: Any, worker: Any) -> Any:
    """A seller that calls back, one call at a time, 9 to 12 of its wall clock on working days."""
    from wasl.app.support.callback.setting import offer_calls
    from wasl.app.support.hours.settings import change_hours

    change_hours(org, week={day: [(9 * 60, 12 * 60)] for day in range(5)}, keeps_holidays=False, actor=worker)
    offer_calls(org, on=True, at_once=1, actor=worker)
    return org


def test_a_call_is_planned_once_reminded_of_and_ends(calls: Any, now: Any, issued: Any, payer: Any, worker: Any, mailoutbox: Any) -> None:
    from wasl.app.support.attention import queries
    from wasl.app.support.callback import call_back, done, live_call, slots, unanswered
    from wasl.app.support.callback.acts import undo
    from wasl.app.support.callback.remind import remind_due
    from wasl.app.support.errors import CallOver, CallWaits, SlotTaken

    free = slots(calls)
    assert free[0].start >= now.moment + timedelta(minutes=30)
    asking = {"phone": "٠٤٧٠١٢٣٤٥٦", "slot": free[0].key, "language": "ar", "by": payer}
    row = call_back(calls, issued, key="k", **asking)
    assert row.phone == "+32470123456" and call_back(calls, issued, key="k", **asking).pk == row.pk
    assert free[0] not in slots(calls)
    with pytest.raises(CallWaits):
        call_back(calls, issued, key="l", **asking)
    from wasl.app.support.conversations import Payer

    with pytest.raises(SlotTaken):
        call_back(calls, issued, key="m", **(asking | {"by": Payer("other@example.com")}))

    assert (remind_due(), queries.counts(calls)) == (0, {})
    now.set(free[0].start - timedelta(minutes=5))
    assert (remind_due(), remind_due()) == (1, 0) and row.phone not in mailoutbox[0].body
    now.set(free[0].start)
    assert queries.counts(calls) == {"call": 1}
    unanswered(calls.pk, row.pk, actor=worker)
    assert live_call(calls, issued, payer.email).tries == 1
    done(calls.pk, row.pk, actor=worker)
    assert queries.counts(calls) == {}
    with pytest.raises(CallOver):
        done(calls.pk, row.pk, actor=worker)
    assert undo(calls.pk, row.pk, actor=worker).state == "unanswered"


def test_t98_calls_are_asked_for_by_people_and_cancelled_by_their_owner_alone(calls: Any, issued: Any, payer: Any) -> None:
    from wasl.app.errors import NotFound
    from wasl.app.support.callback import call_back, cancel, slots
    from wasl.app.support.conversations import Payer
    from wasl.app.support.errors import TooManyCalls

    for number in range(4):
        row = call_back(calls, issued, phone="0470123456", slot=slots(calls)[0].key, language="en", by=payer, key=str(number))
        with pytest.raises(NotFound):
            cancel(calls.pk, issued.pk, row.pk, by=Payer("other@example.com"))
        with pytest.raises(NotFound):
            cancel(calls.pk, uuid4(), row.pk, by=payer)
        cancel(calls.pk, issued.pk, row.pk, by=payer)
    with pytest.raises(TooManyCalls):
        call_back(calls, issued, phone="0470123456", slot=slots(calls)[0].key, language="en", by=payer, key="x")


def test_without_hours_or_wish_no_call_is_offered(now: Any, org: Any, issued: Any, payer: Any) -> None:
    from wasl.app.support.callback import call_back, slots
    from wasl.app.support.errors import NoCalls

    assert slots(org) == []
    with pytest.raises(NoCalls):
        call_back(org, issued, phone="0470123456", slot="20261125T1000", language="en", by=payer, key="x")
