"""What we total and write, the official rules and the UBL schema accept; the benchmark files stay what they are."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from strategies import trades
from wasl.formats import ubl, wasljson
from wasl.invoice.credit import credit_note
from wasl.invoice.model import Card, DirectDebit, PaymentInstructions
from wasl.rules import validate

DATA = Path(__file__).resolve().parents[2] / "bench" / "data"
GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def fatal(document: bytes) -> list[tuple[str, str]]:
    return [(each.rule, each.xpath) for each in validate(document, profile="en16931").findings if each.severity == "fatal"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trades(currencies=("SAR", "EUR", "JPY")))
def test_any_totalled_trade_and_its_credit_note_are_valid(schema, invoice):
    note = credit_note(invoice, number="CN-1", issue_date=date(2026, 12, 1), reason="خطأ")

    for document in (ubl.write(invoice), ubl.write(note)):
        assert fatal(document) == []
        assert schema(document) == []


@pytest.mark.parametrize("type_code", ["380", "381"])
def test_every_term_of_the_model_stands_where_the_schema_wants_it(type_code, schema):
    every = wasljson.read((GOLDEN / "every-term.json").read_bytes()).invoice
    others = PaymentInstructions(
        means_code="59",
        card=Card(account_number="1234", holder_name="A"),
        direct_debit=DirectDebit(mandate="M", creditor="C", debited_account="D"),
    )

    document = ubl.write(replace(every, type_code=type_code))

    assert schema(document) == []
    assert schema(ubl.write(replace(every, type_code=type_code, payment=others, tax_point_date=None, tax_point_date_code="35"))) == []
    assert ubl.read(document).losses == ()


@pytest.mark.parametrize("lines", [10, 1000])
def test_the_benchmark_files_are_valid_and_made_by_their_script(lines, schema):
    spec = importlib.util.spec_from_file_location("bench_data_make", DATA / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)

    document = (DATA / f"rich-{lines}.xml").read_bytes()

    assert make.document(lines) == document
    assert fatal(document) == []
    assert schema(document) == []
