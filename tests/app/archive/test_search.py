"""Search, as the people who type into the box see it. Everything is issued through the services."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from wasl.app.archive.search import Filters, find
from wasl.invoice.model import Note

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)


def numbers(results: Any) -> list[str]:
    return [hit.number for hit in results.hits]


@pytest.mark.parametrize("typed", [
    "محاسبة", "محاسبه", "المحاسبة", "وبالمحاسبة", "مُحاسَبة", "محـــاسبة", "محاس", "محاسبية", "ACCOUNTING", "accountin", "برنامج محاسبة", '"برنامج محاسبة"',
])  # fmt: skip
def test_an_item_is_found_however_its_words_are_written(org: Any, bill: Any, typed: str) -> None:
    wanted = bill("رخصة برنامج محاسبة سنوية (Accounting)")
    bill("طباعة كتيبات")

    assert numbers(find(org, typed, today=TODAY)) == [wanted.number]


@pytest.mark.parametrize(("written", "typed"), [
    ("رسوم تسجيل", "رسم"), ("رسم خدمة", "الرسوم"), ("أوراق وأقلام مدرسية", "قلم"), ("قلم حبر", "وأقلام"), ("إصدار فاتورة", "فواتير"), ("أجهزة", "بالجهاز"),
])  # fmt: skip
def test_the_broken_plural_is_found_by_its_singular_and_the_other_way(org: Any, bill: Any, written: str, typed: str) -> None:
    wanted = bill(written)
    bill("مقلمة")

    found = find(org, typed, today=TODAY)

    assert numbers(found) == [wanted.number]
    assert any(piece.marked for piece in found.hits[0].places[0].pieces)


def test_a_word_as_written_comes_before_its_variants(org: Any, bill: Any) -> None:
    exact = bill("محاسبة")
    bill("كتيبات محاسبية")
    bill("والمحاسبة")

    found = numbers(find(org, "محاسبة", today=TODAY))

    assert found[0] == exact.number and len(found) == 3


def test_a_number_is_found_with_and_without_its_dashes_and_zeros(org: Any, bill: Any) -> None:
    wanted = bill("one")
    bill("two")
    _, year, counter = wanted.number.split("-")

    for typed in (wanted.number, wanted.number.replace("-", ""), wanted.number.lower().replace("-", " "), f"{year}-{counter}", counter):
        assert numbers(find(org, typed, today=TODAY)) == [wanted.number], typed
    assert wanted.number in numbers(find(org, counter.lstrip("0"), today=TODAY))
    assert len(numbers(find(org, wanted.number[:6], today=TODAY))) == 2


@pytest.mark.parametrize("typed", ["1,250", "١٢٥٠", "1250.00", "١٬٢٥٠٫٠٠", "1.250", "EUR 1,250", "1512.5", "1,512.50", "1512"])
def test_an_amount_is_found_as_people_write_amounts(org: Any, bill: Any, typed: str) -> None:
    wanted = bill("one", price="1250.00")  # 1,512.50 with VAT
    bill("two", price="99.00")

    assert numbers(find(org, typed, today=TODAY)) == [wanted.number]


def test_words_for_time_and_state(org: Any, bill: Any) -> None:
    from wasl.app import clock
    from wasl.app.invoicing.prepare import local_date

    today = local_date(org, clock.now())  # the seller's day, which begins before that of the server
    late, later = bill("one", due_date=date(2026, 1, 31)), bill("two", due_date=date(2030, 6, 30))

    assert numbers(find(org, "overdue", today=date(2026, 2, 5))) == [late.number] == numbers(find(org, "متأخرة", today=date(2026, 2, 5)))
    assert {late.number, later.number} == set(numbers(find(org, "today unpaid", today=today))) == set(numbers(find(org, "هذا الشهر", today=today)))
    assert numbers(find(org, "يونيو 2030", today=TODAY)) == [later.number] == numbers(find(org, "2030-06", today=TODAY))
    assert numbers(find(org, "yesterday", today=today)) == [] == numbers(find(org, "paid", today=today))
    assert numbers(find(org, "", today=date(2026, 2, 5), filters=Filters(state="overdue"))) == [late.number]


def test_a_word_for_a_state_is_still_a_word(org: Any, bill: Any) -> None:
    wanted = bill("Open Office, late edition", due_date=date(2030, 1, 1))

    assert numbers(find(org, "late edition", today=TODAY)) == [wanted.number]


def test_the_state_follows_the_books(org: Any, bill: Any, actor: Any) -> None:
    from wasl.app.invoicing.credit import credit
    from wasl.app.invoicing.find import find_invoice

    bought = bill("chairs")
    assert numbers(find(org, "unpaid chairs", today=TODAY)) == [bought.number]

    note = credit(org, find_invoice(org, bought.invoice_id), reason="returned", actor=actor)

    assert numbers(find(org, "unpaid chairs", today=TODAY)) == []
    assert bought.number in numbers(find(org, "cancelled chairs", today=TODAY))
    assert numbers(find(org, "credit note", today=TODAY)) == [note.number]


def test_notes_names_and_references_are_searched_and_said_where(org: Any, bill: Any) -> None:
    wanted = bill("one", buyer="مطابع الميناء", notes=(Note(text="Deliver to the back door"),), purchase_order_reference="PO/77-A")

    for typed, where in (("back door", "note"), ("PO/77-A", "reference"), ("po77a", "reference")):
        hit = find(org, typed, today=TODAY).hits[0]
        assert (hit.number, hit.places[0].where) == (wanted.number, where)
    assert any(piece.marked for piece in find(org, "ميناء", today=TODAY).hits[0].marked("مطابع الميناء"))


def test_marks_are_cut_out_of_what_was_written(org: Any, bill: Any) -> None:
    bill("رخصة برنامج المُحاسَبَة", "عقد صيانة")

    (place,) = find(org, "محاسبه", today=TODAY).hits[0].places

    assert [(piece.text, piece.marked) for piece in place.pieces] == [("رخصة برنامج ", False), ("المُحاسَبَة", True)]
    assert (place.where, place.at) == ("line", 1)


def test_a_slip_of_the_finger_is_mended_and_said(org: Any, bill: Any) -> None:
    from wasl.app.archive.keep import catch_up

    wanted = bill("طابعة ليزر", "Accounting software")
    catch_up()

    for typed, taken in (("acounting", "accounting"), ("طابعه ليزز", "ليزر")):
        found = find(org, typed, today=TODAY)
        assert (numbers(found), found.respelt[0][1]) == ([wanted.number], taken)


def test_where_nothing_fits_it_is_said_which_word_to_leave_out(org: Any, bill: Any) -> None:
    bill("chairs")
    bill("tables")

    assert [(advice.kind, advice.text, advice.count) for advice in find(org, "chairs zzzzz", today=TODAY).advice] == [("without", "chairs", 1)]
    assert [advice.kind for advice in find(org, "chairs", today=TODAY, filters=Filters(state="notes")).advice] == ["unfiltered"]
    assert find(org, "!!! %%% ***", today=TODAY).query.terms == ()


def test_many_rows_give_the_newest_and_every_page_is_another(org: Any, bill: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from wasl.app.archive import candidates

    issued = [bill("chairs").number for _ in range(7)]
    monkeypatch.setattr(candidates, "ROWS_MAX", 3)

    pages = [find(org, "chair", today=TODAY, page=page, size=3) for page in (1, 2, 3)]

    assert [number for page in pages for number in numbers(page)] == issued[::-1]
    assert not pages[0].complete and [page.has_next for page in pages] == [True, True, False]


def test_off_keeps_no_text_and_on_again_finds_it(org: Any, bill: Any, owner: Any) -> None:
    from wasl.app.archive.keep import catch_up
    from wasl.app.archive.models import SearchRow
    from wasl.app.archive.switch import switch
    from wasl.app.tenancy.actor import Actor

    wanted = bill("chairs")
    switch(org, on=False, actor=Actor.of(owner))
    while catch_up():
        pass
    silent = bill("chairs")
    catch_up()
    row = SearchRow.objects.for_org(org).get(pk=silent.invoice_id)

    assert numbers(find(org, "chairs", today=TODAY)) == [] and (row.lines, row.refs) == ("", "") and "'lab'" not in row.words
    assert wanted.number in numbers(find(org, wanted.number, today=TODAY))

    switch(org, on=True, actor=Actor.of(owner))
    while catch_up():
        pass
    assert set(numbers(find(org, "chairs", today=TODAY))) == {wanted.number, silent.number}


def test_what_is_erased_is_found_no_more_and_its_words_are_forgotten(org: Any, bill: Any, owner: Any) -> None:
    from wasl.app.archive.keep import catch_up
    from wasl.app.archive.models import SearchRow, Word
    from wasl.app.invoicing.erase import erase
    from wasl.app.tenancy.actor import Actor

    gone = bill("chairs for Bartholomew")
    bill("chairs")
    catch_up()
    assert {"chairs", "bartholomew"} <= set(Word.objects.values_list("word", flat=True))

    erase(org, gone.invoice_id, ground="request", actor=Actor.of(owner))

    assert not SearchRow.objects.for_org(org).filter(pk=gone.invoice_id).exists()
    assert numbers(find(org, "Bartholomew", today=TODAY)) == []
    kept = set(Word.objects.values_list("word", flat=True))
    assert "chairs" in kept and "bartholomew" not in kept


def test_fsck_names_what_search_lost(org: Any, bill: Any) -> None:
    from wasl.app import fsck
    from wasl.app.archive.keep import catch_up
    from wasl.app.sql import run

    wanted = bill("chairs")
    assert fsck.run(["search"]) == []
    catch_up()
    assert fsck.run(["search"]) == []

    run("UPDATE archive_searchrow SET words = ts_delete(words, ':open')")
    run("DELETE FROM archive_waiting")
    assert len(fsck.run(["search"])) == 1
    run("DELETE FROM archive_searchrow")
    assert [wanted.number in problem.where for problem in fsck.run(["search"])] == [True]


def test_reindex_goes_on_where_it_was_stopped(org: Any, bill: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from wasl.app.archive import keep, reindex
    from wasl.app.sql import run

    wanted = [bill("chairs").number for _ in range(3)]
    keep.catch_up()
    run("DELETE FROM archive_searchrow")
    run("DELETE FROM archive_waiting")
    monkeypatch.setattr(keep, "CHUNK_ROWS", 1)
    monkeypatch.setattr(keep, "BEAT_SECONDS", 0)
    monkeypatch.setattr(keep, "FRESH_SECONDS", 0)

    assert reindex.mark(None) == 3 and reindex.step() == 1  # and here it is killed
    assert len(find(org, "chairs", today=TODAY).hits) == 1

    assert reindex.mark(org.pk) == 2
    while reindex.step():
        pass
    assert sorted(numbers(find(org, "chairs", today=TODAY))) == wanted
    assert reindex.mark(None) == 0 and reindex.mark(None, everything=True) == 3 and reindex.unreadable(None) == 0


@pytest.mark.django_db(transaction=True)
def test_who_is_granted_a_document_while_the_worker_comes_by_finds_it(org: Any, bill: Any) -> None:
    """Its row is not there yet: the grant holds its place in the queue, and the worker passes it by until the grant is to be seen."""
    import psycopg
    from django.db import connection

    from wasl.app.archive.keep import catch_up
    from wasl.app.tenancy.models_payers import Payer

    billed, payer = bill("chairs"), Payer.objects.create()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor, "context": None}) as other:
        other.execute(
            "INSERT INTO tenancy_payergrant (organisation_id, id, payer_id, invoice_id, created_at) VALUES (%s, gen_random_uuid(), %s, %s, now())",
            (org.pk, payer.pk, billed.invoice_id),
        )
        assert catch_up() == 0

    assert catch_up() == 1 and catch_up() == 0
    assert numbers(find(payer, "chairs", today=TODAY)) == [billed.number]
