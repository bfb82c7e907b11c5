"""What a bank writes is what we read: every format, currencies with 0, 2 and 3 decimals, Arabic and Latin names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from wasl.formats import statements
from wasl.formats.statements import Columns, Statement
from wasl.standins import statements as bank
from wasl.standins.statements import Movement, Period

WORDS = ["مؤسسة الأفق الأزرق", "Blue Horizon Est.", "شركة سند للتقنية", "O'Neil & Sons <Ltd>", "دفعة فاتورة", "INV-2026-004217", "rent"]
DAYS = some.integers(0, 27).map(lambda step: date(2026, 11, 1) + timedelta(step))
MOVEMENTS = some.builds(
    Movement, booked=DAYS, amount=some.integers(-(10**9), 10**9).filter(bool), name=some.sampled_from(WORDS[:4]),
    creditor_reference=some.sampled_from(["", "RF18539007547034", "RF712348231"]), text=some.lists(some.sampled_from(WORDS), max_size=4).map(" ".join),
    bank_reference=some.sampled_from(["", "B1", "FT26331ABCD"]),
)  # fmt: skip
PERIODS = some.builds(
    Period, account=some.just("SA0380000000608010167519"), currency=some.sampled_from(["SAR", "JOD", "JPY"]), opening=some.integers(-(10**8), 10**10),
    movements=some.lists(MOVEMENTS, max_size=8), number=some.sampled_from(["1", "27/1"]),
)  # fmt: skip
FAST = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate])


def same(read: Statement, period: Period) -> None:
    assert (read.account, read.currency) == (period.account, period.currency)
    assert [line.amount for line in read.lines] == [each.amount for each in period.movements]
    assert [line.booked for line in read.lines] == [each.booked for each in period.movements]
    assert [" ".join(line.text.split()) for line in read.lines] == [" ".join(each.text.split()) for each in period.movements]
    assert len({line.identity for line in read.lines}) == len(period.movements)


@pytest.mark.parametrize("version", [2, 4, 8, 13])
@FAST
@given(period=PERIODS)
def test_camt_of_every_version(period: Period, version: int) -> None:
    (read,) = statements.read(b"".join(bank.camt053([period], version=version)))

    same(read, period)
    assert [line.name for line in read.lines] == [each.name for each in period.movements]
    assert read.opening is not None and read.opening.amount == period.opening and read.is_checked


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "utf-16"])
@FAST
@given(period=PERIODS)
def test_mt940_in_any_encoding(period: Period, encoding: str) -> None:
    (read,) = statements.read(bank.mt940([period], encoding=encoding))

    assert [line.amount for line in read.lines] == [each.amount for each in period.movements]
    assert [line.name for line in read.lines] == [" ".join(each.name.split()) for each in period.movements]
    assert all(each.creditor_reference in line.references for line, each in zip(read.lines, period.movements, strict=True) if each.creditor_reference)
    assert read.is_checked


def test_an_mt940_keeps_the_gaps_of_names_and_numbers_wherever_its_lines_are_cut() -> None:
    """The line's end stands before each character of the name and of the text in turn."""
    movements = [
        Movement(date(2026, 11, 3), 100 + width, name="Blue Horizon & Sons Est.", text=f"{'x' * width} rent of INV-2026-004217 and more", bank_reference=f"B{width}")
        for width in range(66)
    ]

    (read,) = statements.read(bank.mt940([Period("DE02120300000000202051", "EUR", 0, movements)]))

    assert [line.name for line in read.lines] == ["Blue Horizon & Sons Est."] * len(movements)
    assert [line.text for line in read.lines] == [each.text.strip() for each in movements]


def test_blanks_that_fill_a_record_of_80_up_are_no_text() -> None:
    said = bank.mt940([Period("DE02120300000000202051", "EUR", 0, [Movement(date(2026, 11, 3), 100, name="Ghent", text="rent of INV-2026-004217")])]).decode()

    (read,) = statements.read("\n".join(line.ljust(80) for line in said.splitlines()).encode())

    assert [(line.name, line.text) for line in read.lines] == [("Ghent", "rent of INV-2026-004217")]


@pytest.mark.parametrize("as_xml", [False, True])
@FAST
@given(period=PERIODS)
def test_ofx_in_both_forms(period: Period, as_xml: bool) -> None:
    (read,) = statements.read(bank.ofx(period, as_xml=as_xml))

    same(read, period)
    assert read.closing is not None and read.closing.amount == period.closing


@pytest.mark.parametrize(("encoding", "header"), [("utf-8", bank.ARABIC_HEADER), ("cp1256", bank.ARABIC_HEADER), ("utf-16", bank.ENGLISH_HEADER)])
@pytest.mark.parametrize("newest_first", [False, True])
@FAST
@given(period=PERIODS.filter(lambda each: len(each.movements) > 1))
def test_a_table_with_a_running_balance(period: Period, encoding: str, header: Any, newest_first: bool) -> None:
    data = bank.table(period, encoding=encoding, header=header, newest_first=newest_first)
    columns = mapped(data, period)

    (read,) = statements.read(data, columns=columns)

    assert sorted(line.amount for line in read.lines) == sorted(each.amount for each in period.movements)
    assert read.account == period.account


def mapped(data: bytes, period: Period) -> Columns:
    """What a person leaves in the mapper: our guess, and the sign and order that a small file cannot tell."""
    import msgspec

    guess = statements.guess(statements.sample_of(statements.Plain(data)))
    assert guess.is_enough and guess.own_account == period.account and guess.own_currency == period.currency
    return msgspec.structs.replace(guess, dates="dmy", decimal=".")


def test_a_batch_booking_becomes_its_payments() -> None:
    parts = tuple(Movement(date(2026, 11, 3), units, name=f"N{units}", end_to_end=f"E{units}") for units in (100, 250))
    period = Period("DE02120300000000202051", "EUR", 0, [Movement(date(2026, 11, 3), 350, batch=parts, bank_reference="B")])

    (read,) = statements.read(b"".join(bank.camt053([period], version=8)))

    assert [(line.amount, line.name, line.references) for line in read.lines] == [(100, "N100", ("E100",)), (250, "N250", ("E250",))]
