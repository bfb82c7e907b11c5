"""Wasl JSON v1: exact, unambiguous, and every refusal names the place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies import any_invoices
from wasl.formats import wasljson
from wasl.formats.wasljson import JsonRefused, JsonTooLarge, NotJson, NotWaslJson, RepeatedKey, UnknownField, WrongValue
from wasl.invoice.model import Contact, Invoice, Line, Party, SupportingDocument


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(any_invoices())
def test_any_model_round_trips(invoice):
    written = wasljson.write(invoice)

    assert wasljson.read(written).invoice == invoice
    assert wasljson.write(wasljson.read(written).invoice) == written


def test_an_unfinished_draft_is_fine():
    assert wasljson.read(b'{"wasl": 1}').invoice == Invoice()
    assert wasljson.read(b'{"wasl": 1, "seller": {"contact": {}}, "due_date": null}').invoice == Invoice(seller=Party(contact=Contact()))


def test_numbers_are_read_digit_by_digit():
    lines = wasljson.read(b'{"wasl":1,"lines":[{"quantity":0.1},{"quantity":"0.1"},{"quantity":12345678901234567890.12345678}]}').invoice.lines

    assert [each.quantity for each in lines] == [Decimal("0.1"), Decimal("0.1"), Decimal("12345678901234567890.12345678")]


def test_decimals_are_written_as_plain_strings():
    invoice = Invoice(lines=(Line(quantity=Decimal("1E+3"), net_amount=Decimal("-0.00")),))

    written = wasljson.write(invoice).decode()

    assert '"quantity": "1000"' in written
    assert '"net_amount": "0.00"' in written


def test_attachments_travel_as_base64():
    invoice = Invoice(supporting_documents=(SupportingDocument(content=b"\x00\xff%PDF"),))

    assert wasljson.read(wasljson.write(invoice)).invoice == invoice


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "1e3",
        "1E-2",
        "1" * 29,
        "0." + "1" * 29,
        "1" * 10_000_000,
        '"NaN"',
        '"1e3"',
        '"٣"',
        '"1,5"',
        '""',
        "true",
        "[]",
    ],
    ids=lambda value: value[:12],
)
def test_what_is_no_plain_decimal_is_refused_with_its_place(number):
    with pytest.raises(WrongValue) as caught:
        wasljson.read(b'{"wasl":1,"lines":[{},{"price":{"net":%s}}]}' % number.encode())

    assert caught.value.params["path"] == "lines[1].price.net"
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"wasl":1,"seller":[]}', "seller"),
        ('{"wasl":1,"lines":{}}', "lines"),
        ('{"wasl":1,"lines":[1]}', "lines[0]"),
        ('{"wasl":1,"number":5}', "number"),
        ('{"wasl":1,"number":"a\\u0000b"}', "number"),
        ('{"wasl":1,"number":"\\ud800"}', "number"),
        ('{"wasl":1,"issue_date":"2026-02-30"}', "issue_date"),
        ('{"wasl":1,"issue_date":"2026-2-3"}', "issue_date"),
        ('{"wasl":1,"issue_date":20260203}', "issue_date"),
        ('{"wasl":1,"invoiced_object":{}}', "invoiced_object.value"),
        ('{"wasl":1,"supporting_documents":[{"content":"%%"}]}', "supporting_documents[0].content"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_place(text, path):
    with pytest.raises(WrongValue) as caught:
        wasljson.read(text.encode())

    assert caught.value.params["path"] == path


@pytest.mark.parametrize("text", ['{"wasl":1,"a":2}', '{"wasl":1,"lines":[{"a":2}]}', '{"wasl":1,"Number":"x"}', '{"wasl":1,"wasl2":1}'])
def test_an_unknown_field_is_refused(text):
    with pytest.raises(UnknownField):
        wasljson.read(text.encode())


@pytest.mark.parametrize(
    "text", ['{"wasl":1,"wasl":1}', '{"wasl":1,"lines":[{"note":"a","note":"a"}]}', '{"wasl":1,"n\\u0075mber":"a","number":"b"}']
)
def test_a_repeated_key_is_refused(text):
    with pytest.raises(RepeatedKey):
        wasljson.read(text.encode())


@pytest.mark.parametrize("text", ["[]", "1", "null", '"x"', "{}", '{"wasl":2}', '{"wasl":"1"}', '{"wasl":true}', '{"wasl":1.0}', '{"wasl":null}'])
def test_another_kind_of_json_is_refused(text):
    with pytest.raises(NotWaslJson):
        wasljson.read(text.encode())


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"wasl":1,}', b"{'wasl':1}", b'\xff{"wasl":1}', b'{"wasl":1} x', '{"wasl":1}'.encode("utf-16"), b'{"wasl":01}']
)
def test_damaged_json_is_refused_with_its_place(data):
    with pytest.raises(NotJson) as caught:
        wasljson.read(data)

    assert caught.value.params["line"] == 1


def test_bottomless_nesting_is_refused():
    with pytest.raises(JsonTooLarge):
        wasljson.read(b"[" * 200_000)


def test_size_is_bounded(monkeypatch):
    monkeypatch.setattr(wasljson, "BYTES_MAX", 5)

    with pytest.raises(JsonTooLarge):
        wasljson.read(b'{"wasl":1}')


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_order(data):
    for document in (data, b'{"wasl":1,"number":' + data + b"}"):
        try:
            result = wasljson.read(document)
        except JsonRefused as refusal:
            assert refusal.exit_code == 2
            assert refusal.message("ar") != refusal.message("en")
        else:
            assert isinstance(result.invoice, Invoice)
