"""Statements that others published, read to the cent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wasl.formats import statements
from wasl.formats.statements import Balance, SumsDiffer

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "statements"


def vector(name: str) -> bytes:
    return (VECTORS / name).read_bytes()


def test_a_camt_file_of_two_statements_reads_as_two_that_add_up() -> None:
    first, second = statements.read(vector("camt053-v2-two-statements.xml"))

    assert (first.account, first.currency, first.is_checked) == ("NL26VAYB8060476890", "EUR", True)
    assert (first.opening, first.closing) == (Balance(1815, date(2014, 12, 30)), Balance(2700, date(2014, 12, 31)))
    assert [(line.amount, line.text, line.references) for line in first.lines] == [(885, "Transaction Description 1", ("000000001",))]
    assert [(line.amount, line.name, line.account) for line in second.lines] == [(-700, "Company Name 2", "NL56AGDH9619008421")]


def test_a_german_mt940_gives_names_and_purposes_of_its_sub_fields() -> None:
    (statement,) = statements.read(vector("mt940-cmxl.sta"))

    assert [(line.booked, line.amount, line.name, line.bank_reference) for line in statement.lines] == [
        (date(2002, 11, 2), -80000, "MUELLER", "55555"),
        (date(2002, 11, 2), 300000, "MUELLER", "55555"),
    ]
    assert statement.lines[0].text == "Miete November"
    assert statement.is_checked


def test_sepa_words_inside_an_mt940_become_references_and_text() -> None:
    (statement,) = statements.read(vector("mt940-sepa.sta"))

    (line,) = statement.lines
    assert line.references == ("TFNR 21005 EndToEndId 00001",)
    assert (line.name, line.account, line.text) == ("Florian Frech", "DE06508800500194780100", "Verwend CTSc-01 eBB TFNr 21005")


def test_an_mt940_with_movements_cut_out_is_refused_with_its_figures() -> None:
    with pytest.raises(SumsDiffer) as refused:
        statements.read(vector("mt940-abnamro.sta"))

    assert "19321/1" in str(refused.value) and "3,236.28 EUR" in str(refused.value)
    assert "876.84 EUR" in refused.value.message("ar")


def test_an_ofx_with_decimal_commas_reads_and_says_that_its_sums_cannot_be_checked() -> None:
    (statement,) = statements.read(vector("ofx-euro.ofx"))

    assert (statement.account, statement.currency, statement.opening, statement.is_checked) == ("999988", "USD", None, False)
    assert [(line.booked.day, line.amount, line.bank_reference) for line in statement.lines] == [(4, -20000, "00002"), (20, -30000, "00003")]
