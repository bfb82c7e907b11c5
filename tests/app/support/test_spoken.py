"""Search hears conversations: both sides find what was said, internal notes are the seller's alone, and a lively talk makes few rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
TODAY = date(2030, 1, 2)


@pytest.fixture(autouse=True)
def by_day() -> Any:
    from wasl.app import clock

    with clock.frozen(datetime(2030, 1, 2, 9, tzinfo=UTC)) as moving:
        yield moving


@pytest.fixture
def inbox(issued: Any, make_person: Any) -> Any:
    """The payer whose inbox holds the invoice."""
    from wasl.app.tenancy.models import PayerGrant
    from wasl.app.tenancy.payers import own_inbox

    payer = own_inbox(make_person("buyer@example.com")).payer
    PayerGrant.objects.create(organisation_id=issued.organisation_id, payer=payer, invoice_id=issued.pk)
    return payer


def found(whose: Any, text: str) -> list[tuple[str, str]]:
    """(where, the marked words) of each hit."""
    from wasl.app.archive.search import find

    hits = find(whose, text, today=TODAY).hits
    return [(place.where, " ".join(piece.text for piece in place.pieces if piece.marked)) for hit in hits for place in hit.places if place.at >= 0]


def catch_up(moving: Any) -> None:
    from wasl.app.archive.keep import catch_up

    moving.forward(seconds=25)
    catch_up()


def test_t66_both_sides_find_what_was_said_and_only_the_seller_finds_internal_notes(
    org: Any, issued: Any, inbox: Any, payer: Any, worker: Any, by_day: Any
) -> None:
    from wasl.app import fsck
    from wasl.app.archive.models import Word
    from wasl.app.support.conversations import answer, ask, note

    catch_up(by_day)
    talk = ask(issued, reason="question", text="Wurde das Schwimmbecken geliefert?", by=payer, key="q")
    answer(org.pk, talk.pk, text="المسبح وصل يوم الأحد", actor=worker, key="a")
    note(org.pk, talk.pk, text="Kunde droht mit Anwalt Zitronenfalter, Angebot Q-118", actor=worker, key="n")
    assert found(org, "Schwimmbecken") == []  # in a while
    catch_up(by_day)

    for whose in (org, inbox):
        assert found(whose, "schwimmbecken") == [("said", "Schwimmbecken")]
        assert found(whose, "مسبح") == [("said", "المسبح")]
    for text, marked in (("zitronenfalter", "Zitronenfalter"), ("zitronenf", "Zitronenfalter"), ("anwalt schwimmbecken", None), ("q-118", None)):
        assert found(org, text), text
        assert marked is None or found(org, text) == [("aside", marked)]
        assert found(inbox, text) == [], text
    assert all("itronenfalter" not in str(each) for each in (found(inbox, "schwimmbecken"), found(inbox, "!zitronenfalter"), found(inbox, "zitronenfaltr")))
    assert not Word.objects.filter(word="zitronenfalter").exists()  # nobody's spelling is mended with it
    assert fsck.run(("search",)) == []


def test_a_lively_talk_makes_its_row_once_in_a_while_and_a_new_invoice_does_not_wait_for_it(issued: Any, org: Any, payer: Any, by_day: Any) -> None:
    from wasl.app.archive.index import SAID_SECONDS
    from wasl.app.archive.keep import catch_up as work
    from wasl.app.archive.models import Waiting
    from wasl.app.support.conversations import ask, reply

    catch_up(by_day)
    assert not Waiting._base_manager.exists()
    talk = ask(issued, reason="question", text="one", by=payer, key="q")
    for number in range(5):
        by_day.forward(seconds=SAID_SECONDS // 8)
        reply(org.pk, talk.pk, text=f"pelican{number}", by=payer, key=f"k{number}")
        assert work() == 0
    assert Waiting._base_manager.count() == 1
    by_day.forward(seconds=SAID_SECONDS)
    assert work() == 1 and found(org, "pelican4") == [("said", "pelican4")]


def test_erased_and_switched_off_words_of_a_talk_are_found_no_more(issued: Any, org: Any, payer: Any, worker: Any, by_day: Any) -> None:
    from wasl.app.archive.switch import switch
    from wasl.app.invoicing.erase import erase
    from wasl.app.support.conversations import ask, note

    talk = ask(issued, reason="question", text="pelican", by=payer, key="q")
    note(org.pk, talk.pk, text="ostrich", actor=worker, key="n")
    catch_up(by_day)
    assert found(org, "pelican") and found(org, "ostrich")
    switch(org, on=False, actor=worker)
    catch_up(by_day)
    assert found(org, "pelican") == [] == found(org, "ostrich")
    switch(org, on=True, actor=worker)
    catch_up(by_day)
    assert found(org, "pelican")
    erase(org, issued.pk, ground="request", actor=worker)
    catch_up(by_day)
    assert found(org, "pelican") == [] == found(org, "ostrich")
