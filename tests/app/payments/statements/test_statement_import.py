"""From a bank's file to paid invoices: what is sure by itself, what is suggested and why, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from wasl.app.payments.standing import standing
from wasl.app.payments.statements import accept as acts
from wasl.app.payments.statements.errors import LineTaken, LineUnknown, PartsDoNotFit, PartTooLarge
from wasl.app.payments.statements.models import StatementFile, StatementLine, Suggestion
from wasl.invoice.creditor_reference import make
from wasl.standins import statements as bank

pytestmark = pytest.mark.django_db


def lines(org: Any) -> list[StatementLine]:
    return list(StatementLine.objects.for_org(org).order_by("booked", "place"))


def owed(invoice: Any) -> int:
    return standing(invoice.organisation_id, invoice).balance


def way(org: Any, line: Any) -> tuple[str, set[Any]]:
    """(reason, invoices) of the best suggestion."""
    rows = Suggestion.objects.for_org(org).filter(line_id=line.pk, rank=1)
    return next(iter({row.reason for row in rows}), ""), {row.invoice_id for row in rows}


@pytest.mark.parametrize(
    "write",
    [
        lambda number: number,
        lambda number: f"payment of {number.replace('-', ' ')} thank you",
        lambda number: number.replace("-", "").lower(),
        lambda number: f"فاتورة {number.translate(str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩'))}",
        lambda number: make(number.replace("-", "")),
    ],
    ids=["as it is", "spaces", "run together", "arabic digits", "RF"],
)
def test_a_transfer_that_names_its_invoice_and_pays_it_exactly_is_booked_by_itself(
    org: Any, bill: Any, statement: Any, imported: Any, came: Any, write: Any
) -> None:
    invoice = bill()

    imported(statement(came(12100, write(invoice.number), name="Whoever")))

    (line,) = lines(org)
    assert (line.state, line.by_machine, owed(invoice)) == ("matched", True, 0)


def test_a_reference_that_is_cut_or_joined_is_suggested_and_never_booked_by_itself(org: Any, bill: Any, statement: Any, imported: Any, came: Any) -> None:
    """The piece before the cut is the number of another invoice of the same amount, or of none; either way a person looks."""
    first, *_others, tenth = [bill() for _ in range(10)]
    assert (first.number[-2:], tenth.number[-2:]) == ("01", "10")

    short = f"{first.number[:-6]}1 0 thanks"  # the first, or the tenth with its zeros left out
    imported(statement(came(12100, short, ref="A"), came(12100, f"{tenth.number[:-4]} {tenth.number[-4:]}", ref="B"), came(12100, f"{first.number} 0", ref="C")))

    cut, joined, whole = lines(org)
    assert (cut.state, *way(org, cut)) == ("suggested", "cut", {first.pk})
    assert set(Suggestion.objects.for_org(org).filter(line_id=cut.pk).values_list("invoice_id", flat=True)) == {first.pk, tenth.pk}
    assert (joined.state, *way(org, joined)) == ("suggested", "cut", {tenth.pk})
    assert (whole.state, whole.by_machine, owed(first), owed(tenth)) == ("matched", True, 0, 12100)


def test_the_same_file_and_an_overlapping_one_change_nothing(org: Any, bill: Any, statement: Any, imported: Any, came: Any) -> None:
    invoice = bill("2")
    one, two = came(24200, invoice.number, day=2), came(5000, "rent", day=3)
    first = imported(statement(one, two))

    again = imported(statement(one, two))
    later = imported(statement(two, came(700, "x", day=4), opening=24200, number="2"), "december.xml")

    assert again.pk == first.pk and (first.fresh, later.fresh, later.total) == (2, 1, 2)
    assert len(lines(org)) == 3 and owed(invoice) == 0


def test_another_amount_is_suggested_as_part_payment_and_never_booked_by_itself(
    org: Any, bill: Any, statement: Any, imported: Any, came: Any
) -> None:
    invoice = bill()

    imported(statement(came(10000, invoice.number)))

    (line,) = lines(org)
    assert (line.state, way(org, line), owed(invoice)) == ("suggested", ("less", {invoice.pk}), 12100)


def test_payer_and_amount_are_suggested_across_scripts(org: Any, bill: Any, statement: Any, imported: Any, came: Any) -> None:
    wanted, other = bill(customer="مؤسسة الأفق الأزرق للتجارة"), bill(customer="شركة الميناء")

    imported(statement(came(12100, "transfer", name="AL OFUQ AL AZRAQ TRADING EST")))

    (line,) = lines(org)
    assert way(org, line) == ("payer", {wanted.pk}) and owed(other) == 12100


def test_two_invoices_of_a_payer_that_make_the_amount_are_suggested_together(
    org: Any, bill: Any, statement: Any, imported: Any, came: Any, actor: Any
) -> None:
    first, second, _third = (bill(quantity, "Ghent Printers") for quantity in ("1", "2", "5"))

    imported(statement(came(36300, "two invoices", name="GHENT PRINTERS NV")))

    (line,) = lines(org)
    assert way(org, line) == ("two", {first.pk, second.pk})
    acts.accept(org, line.pk, acts.suggested_shares(org, line.pk, 1), actor=actor)
    assert (owed(first), owed(second)) == (0, 0)


def test_a_second_transfer_for_a_paid_invoice_waits_for_a_person(org: Any, bill: Any, statement: Any, imported: Any, came: Any) -> None:
    invoice = bill()

    imported(statement(came(12100, invoice.number, day=2), came(12100, invoice.number, day=3)))

    first, second = lines(org)
    assert (first.state, second.state) == ("matched", "suggested")
    assert way(org, second)[0] == "settled"


def test_a_name_that_was_accepted_is_known_next_time(org: Any, bill: Any, statement: Any, imported: Any, came: Any, actor: Any) -> None:
    first = bill(customer="Ghent Printers")
    imported(statement(came(12100, "abc", name="XYZ HOLDING", account="DE02120300000000202051")))
    acts.accept(org, lines(org)[0].pk, {first.pk: 12100}, actor=actor)
    second = bill("3", customer="Ghent Printers")

    imported(statement(came(36300, "def", name="XYZ HOLDING", day=9), opening=12100, number="2"), "b.xml")

    assert way(org, lines(org)[1]) == ("payer", {second.pk})


def test_an_acceptance_is_taken_back_and_made_again(org: Any, bill: Any, statement: Any, imported: Any, came: Any, actor: Any) -> None:
    invoice = bill()
    imported(statement(came(12100, invoice.number)))
    line = lines(org)[0]

    acts.undo(org, line.pk, actor=actor)
    assert owed(invoice) == 12100 and lines(org)[0].state == "suggested"
    acts.accept(org, line.pk, {invoice.pk: 12100}, actor=actor)

    assert owed(invoice) == 0
    with pytest.raises(LineTaken):
        acts.accept(org, line.pk, {invoice.pk: 12100}, actor=actor)


def test_parts_must_fit_and_belong_to_the_seller(org: Any, bill: Any, statement: Any, imported: Any, came: Any, actor: Any, make_org: Any) -> None:
    invoice = bill()
    imported(statement(came(20000, "?")))
    line = lines(org)[0]

    with pytest.raises(PartTooLarge):
        acts.accept(org, line.pk, {invoice.pk: 12101}, actor=actor)
    with pytest.raises(PartsDoNotFit):
        acts.accept(org, line.pk, {invoice.pk: 20001}, actor=actor)
    with pytest.raises(LineUnknown):
        acts.accept(make_org(), line.pk, {invoice.pk: 12100}, actor=actor)
    assert owed(invoice) == 12100


def test_what_is_left_over_becomes_credit_and_the_rest_is_set_aside_and_back(
    org: Any, bill: Any, statement: Any, imported: Any, came: Any, actor: Any
) -> None:
    from wasl.app.payments.credit import balance_of

    invoice = bill(customer="Ghent Printers")
    imported(statement(came(20000, invoice.number), came(500, "interest", day=4), came(-900, "fee", day=5)))
    first, second, third = lines(org)

    acts.accept(org, first.pk, {invoice.pk: 12100}, actor=actor)
    acts.ignore(org, second.pk, note="interest", actor=actor)

    assert balance_of(org, invoice.customer_id, "EUR") == 7900
    assert third.state == "outgoing"
    assert acts.undo(org, second.pk, actor=actor).state == "unmatched"


def test_a_broken_file_is_refused_whole_in_both_languages(org: Any, statement: Any, imported: Any, came: Any) -> None:
    data = statement(came(100, "a"), came(200, "b", day=4)).replace(b">2.00<", b">3.00<")

    file = imported(data)

    assert (file.state, file.data, lines(org)) == ("refused", None, [])
    assert file.trouble["code"] == "WASL-STM-04" and "الكشف" in file.trouble["ar"]


def test_an_equal_movement_of_another_kind_of_file_waits_for_a_word(
    org: Any, bill: Any, statement: Any, imported: Any, came: Any, actor: Any
) -> None:
    bill()
    imported(statement(came(12100, "hello", name="Ghent Printers")))
    period = bank.Period("BE68539007547034", "EUR", 0, [came(12100, "hello there", name="Ghent Printers")])

    imported(bank.mt940([period]), "november.sta")

    assert [line.state for line in lines(org)] == ["suggested", "twin"]
    assert acts.apart(org, lines(org)[1].pk, actor=actor).state in ("suggested", "unmatched")


def test_a_worker_that_dies_between_chunks_is_followed_by_one_that_goes_on(
    org: Any, statement: Any, actor: Any, came: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wasl.app.payments.statements import advance
    from wasl.app.payments.statements.take_in import begin, take_in

    monkeypatch.setattr(advance, "STORE_LINES", 2)
    (taken,) = take_in(org, "a.xml", [statement(*(came(100 + at, f"t{at}", day=at + 1) for at in range(7)))], actor=actor)
    begin(taken.file, actor=actor)
    keep, calls = advance._keep, []

    def dying(*args: Any) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return keep(*args)

    monkeypatch.setattr(advance, "_keep", dying)
    with pytest.raises(KeyboardInterrupt):
        advance.advance(org.pk, taken.file.pk)
    advance.advance(org.pk, taken.file.pk)

    file = StatementFile.objects.for_org(org).get(pk=taken.file.pk)
    assert (file.state, file.fresh, len(lines(org))) == ("done", 7, 7)
