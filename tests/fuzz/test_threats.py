"""Threats to readers that no other test names: JSON (T46, T104) and rule sheets that people bring along (T21, T22)."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import seeds

import wasl
from wasl.errors import UnreadableInput
from wasl.formats import ubl, wasljson
from wasl.formats.wasljson import JsonRefused, JsonTooLarge, RepeatedKey
from wasl.rules.errors import Unsupported
from wasl.rules.sheet import read_sheet

SOURCE = Path(wasl.__file__).parent


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-Infinity", "1e999", "1e5", "1E-3", "9" * 10_000_000, "-" + "9" * 5000, "1." + "0" * 5000, "0x1F", "1_000", "٣", "+1", "01", ".5"],
    ids=lambda value: value[:12],
)
def test_t46_a_number_that_is_none_or_too_long_is_refused_at_once(value):
    data = f'{{"wasl": 1, "lines": [{{"quantity": {value}}}]}}'.encode()
    started = time.process_time()

    with pytest.raises(JsonRefused) as caught:
        wasljson.read(data)

    assert time.process_time() - started < 1
    assert len(str(caught.value)) < 300


def test_t46_a_number_keeps_every_digit_that_was_written():
    quantity = wasljson.read(b'{"wasl": 1, "lines": [{"quantity": 123456789012345678901234.1234}]}').invoice.lines[0].quantity
    assert str(quantity) == "123456789012345678901234.1234"


@pytest.mark.parametrize(
    "data",
    [b'{"wasl": 1, "number": "A", "number": "B"}', b'{"wasl": 1, "wasl": 1}', b'{"wasl": 1, "seller": {"name": "A", "n\\u0061me": "B"}}'],
)
def test_t46_a_key_written_twice_is_refused_however_it_is_written(data):
    with pytest.raises(RepeatedKey):
        wasljson.read(data)


@pytest.mark.parametrize("data", [b"[" * 200_000, b'{"wasl":1,"seller":' * 40_000, b'{"a":' * 5000 + b"1" + b"}" * 5000])
def test_t46_nesting_in_depth_is_refused(data):
    with pytest.raises(JsonRefused):
        wasljson.read(data)


def test_t104_many_keys_cost_no_more_than_their_number():
    def seconds(count):
        data = ('{"wasl":1,"seller":{' + ",".join(f'"k{at}":"{at:0>40}"' for at in range(count)) + "}}").encode()
        started = time.process_time()
        with pytest.raises(JsonRefused):
            wasljson.read(data)
        return time.process_time() - started

    seconds(10_000)
    assert seconds(100_000) < 20 * seconds(10_000) + 0.5


def test_t104_hashes_of_keys_differ_from_process_to_process():
    hashes = {subprocess.run([sys.executable, "-c", "print(hash('wasl'))"], capture_output=True, text=True, check=True, env={}).stdout for _ in range(3)}

    assert len(hashes) > 1
    assert [path.name for path in SOURCE.rglob("*.py") if "PYTHONHASHSEED" in path.read_text(encoding="utf-8")] == []


def test_t104_an_object_with_more_keys_than_any_invoice_is_refused_before_it_is_built():
    with pytest.raises(JsonTooLarge):
        wasljson.read(b'{"wasl":1' + b"".join(b',"%x":0' % at for at in range(800_000)) + b"}")


CALLS = ["document('file:///etc/passwd')", "doc('http://127.0.0.1/x')", "unparsed-text('/etc/passwd')", "environment-variable('PATH')", "collection('.')", "system-property('x')"]


def sheet_with(test: str = "true()", top: str = "") -> bytes:
    return (
        '<schema xmlns="http://purl.oclc.org/dsdl/schematron" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" queryBinding="xslt2">'
        f'{top}<pattern><rule context="/*"><assert id="R-1" flag="fatal" test="{test}">[R-1]</assert></rule></pattern></schema>'
    ).encode()


@pytest.mark.parametrize("call", CALLS)
def test_t21_a_call_that_reads_files_or_the_environment_is_refused_by_name(call):
    with pytest.raises((Unsupported, UnreadableInput)):
        read_sheet(sheet_with(call))
    with pytest.raises((Unsupported, UnreadableInput)):
        read_sheet(seeds.XSLT.replace("string-length(.) &gt; 0", call).encode())


@pytest.mark.parametrize("name", ["import", "include", "result-document", "message", "call-template"])
def test_t21_an_instruction_that_reaches_outside_is_refused(name):
    instruction = f"<xsl:{name} href='file:///etc/passwd' name='x'/>"
    with pytest.raises((Unsupported, UnreadableInput)):
        read_sheet(seeds.XSLT.replace("<xsl:template match=\"cbc:ID\"", f"{instruction}<xsl:template match=\"cbc:ID\"").encode())


def test_t21_reading_a_sheet_opens_no_file_and_no_socket():
    read_sheet(sheet_with())
    seen, active = [], [True]
    sys.addaudithook(lambda event, given: seen.append((event, given)) if active[0] and (event.startswith("socket.") or event == "open") else None)

    for call in CALLS:
        with pytest.raises((Unsupported, UnreadableInput)):
            read_sheet(sheet_with(call))
    active[0] = False

    assert [each for each in seen if "passwd" in str(each) or each[0].startswith("socket.")] == []


def test_t22_a_style_sheet_named_in_a_document_changes_nothing():
    data = seeds.of("ubl")[0][0]
    styled = data.replace(b"?>\n", b'?>\n<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>\n', 1) if b"?>\n" in data else b'<?xml-stylesheet href="x"?>' + data

    assert styled != data
    assert ubl.read(styled).invoice == ubl.read(data).invoice


def test_t20_a_document_at_fault_everywhere_is_refused_in_one_line():
    from large import UBL_HEAD

    from wasl.rules import validate
    from wasl.rules.errors import TooManyFindings

    with pytest.raises(TooManyFindings, match="more than 100000 places"):
        validate((UBL_HEAD + "<cac:InvoiceLine/>" * 60_000 + "</Invoice>").encode(), profile="en16931")


def test_t20_dense_markup_is_refused_by_the_rules_too():
    from large import UBL_HEAD

    from wasl.formats.xml import TooDense
    from wasl.rules import validate

    with pytest.raises(TooDense):
        validate((UBL_HEAD + "<a/>" * 600_000 + "</Invoice>").encode(), profile="en16931")
