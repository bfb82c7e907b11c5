"""The same movement has one identity, however often and in however many overlapping files it comes."""

from __future__ import annotations

from datetime import date

from wasl.formats import statements
from wasl.standins import statements as bank
from wasl.standins.statements import Movement, Period


def day(number: int, amount: int = 100, text: str = "transfer") -> Movement:
    return Movement(date(2026, 11, number), amount, name="Blue Horizon", text=text)


def identities(movements: list[Movement], opening: int = 0) -> list[str]:
    (read,) = statements.read(b"".join(bank.camt053([Period("DE02120300000000202051", "EUR", opening, movements)])))
    return [line.identity for line in read.lines]


def test_overlapping_files_agree_on_what_they_share() -> None:
    week = [day(2), day(3), day(4, 250), day(5)]

    first, second = identities(week[:3]), identities(week[1:], opening=100)

    assert first[1:] == second[:2] and len({*first, *second}) == 4


def test_two_equal_payments_of_one_day_are_two() -> None:
    assert len(set(identities([day(2), day(2)]))) == 2
    assert identities([day(2), day(2)])[0] == identities([day(2)])[0]


def test_a_statement_that_stands_twice_in_a_file_is_given_once() -> None:
    period = Period("DE02120300000000202051", "EUR", 0, [day(2), day(3)], number="7")

    assert len(statements.read(b"".join(bank.camt053([period, period])))) == 1
