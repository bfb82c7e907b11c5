"""Findings of the schema: every kind of error is said with its place and its mend, many are bounded, and the rules still run."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mutants
import pytest
from lxml import etree

from wasl.rules import schema, sheets, validate
from wasl.rules.explain import Explanation, explain_all
from wasl.rules.findings import Finding


def checked(data: bytes, *sets: str) -> list[tuple[Finding, Explanation]]:
    root = etree.fromstring(data)
    uri, _, local = root.tag[1:].rpartition("}")
    found = schema.check(data, (uri, local), sets)
    assert found.valid is (not found.findings)
    return list(zip(found.findings, explain_all(found.findings, root), strict=True))


def swap(pattern: str, new: str, data: bytes | None = None) -> bytes:
    changed, count = re.subn(pattern.encode(), new.encode(), data or mutants.invoice(), count=1, flags=re.DOTALL)
    assert count == 1, pattern
    return changed


@pytest.mark.parametrize(
    ("pattern", "new", "code", "term", "place", "fix"),
    [
        ("<cbc:IssueDate>", "<cbc:Foo/><cbc:IssueDate>", "unknown", "BG-0", "/ubl:Invoice/cbc:Foo", "Remove “Foo”"),
        (r"(<cbc:IssueDate>.*?</cbc:IssueDate>)", r"\1\1", "twice", "BT-2", "/ubl:Invoice/cbc:IssueDate[2]", "Keep one issue date (IssueDate)"),
        (r"(<cbc:ID>.*?</cbc:ID>)(\s*)(<cbc:IssueDate>.*?</cbc:IssueDate>)", r"\3\2\1", "early", "BT-2", "/ubl:Invoice/cbc:IssueDate", "after invoice number (ID)"),
        (r"<cbc:ID>.*?</cbc:ID>", "", "missing-before", "BT-2", "/ubl:Invoice/cbc:IssueDate", "Add invoice number (ID) before"),
        (r"<cac:Price>.*?</cac:Price>", "<cac:Price/>", "missing", "BG-29", "/ubl:Invoice/cac:InvoiceLine[1]/cac:Price", "Add unit price (PriceAmount) inside"),
        (r"<cbc:IssueDate>.*?<", "<cbc:IssueDate>31.03.2026<", "value", "BT-2", "/ubl:Invoice/cbc:IssueDate", "for example 2026-03-31"),
        (r"<cbc:IssueDate>.*?<", "<cbc:IssueDate><", "value", "BT-2", "/ubl:Invoice/cbc:IssueDate", "or remove it"),
        ("<cbc:IssueDate>", "<cbc:IssueDate form='x'>", "attribute-unknown", "BT-2", "/ubl:Invoice/cbc:IssueDate", "attribute form"),
        (r"<cbc:PayableAmount currencyID=.EUR.", "<cbc:PayableAmount", "attribute-missing", "BT-115", "/cbc:PayableAmount", "attribute currencyID"),
        ("<cac:Price>", "text<cac:Price>", "no-text", "BG-25", "/ubl:Invoice/cac:InvoiceLine[1]", "Remove the text"),
        ("<cbc:IssueDate>", "<cbc:IssueDate><cbc:X/>", "no-elements", "BT-2", "/ubl:Invoice/cbc:IssueDate", "value alone"),
    ],
)
def test_each_kind_of_error_says_where_and_how_to_mend(pattern: str, new: str, code: str, term: str, place: str, fix: str) -> None:
    finding, words = checked(swap(pattern, new))[0]
    assert (finding.rule, finding.severity) == ("XSD", "fatal")
    assert finding.cause is not None and finding.cause.code == code
    assert finding.xpath.endswith(place) and words.term == term
    assert fix in words.fix_en
    assert finding.official.startswith("Element '")  # the parser's own text
    assert re.search(r"[\u0600-\u06ff]", words.message_ar) and re.search(r"[\u0600-\u06ff]", words.fix_ar)
    assert "{" not in words.message_en + words.fix_en + words.message_ar + words.fix_ar


def test_an_element_that_stands_too_late_is_told_where_it_belongs() -> None:
    finding, words = checked(swap(r"(<cbc:DueDate>.*?</cbc:DueDate>|<cbc:InvoiceTypeCode>)", r"<cbc:Note>x</cbc:Note>\1"))[0]
    assert finding.cause is not None
    assert (finding.cause.code, finding.xpath) in [("order", "/ubl:Invoice/cbc:DueDate"), ("early", "/ubl:Invoice/cbc:Note"), ("order", "/ubl:Invoice/cbc:InvoiceTypeCode")]
    assert words.fix_en.startswith("Move ")


def test_the_schema_does_not_stop_the_rules_and_comes_first() -> None:
    data = swap(r"<cbc:IssueDate>.*?</cbc:IssueDate>", "").replace(b">25</cbc:PriceAmount>", b">-25</cbc:PriceAmount>")
    report = validate(data, schema=True)
    assert (report.valid, report.schema_valid) == (False, False)
    assert report.findings[0].rule == "XSD"
    assert {"BR-03", "BR-27"} <= {f.rule for f in report.findings}
    assert "XSD" not in {f.rule for f in validate(data).findings}
    assert validate(data).schema_valid is None
    assert validate(mutants.invoice(), schema=True).schema_valid is True


def test_the_first_hundred_are_listed_and_the_rest_is_counted() -> None:
    data = mutants.invoice()
    start, end = data.index(b"<cac:InvoiceLine>"), data.index(b"</cac:InvoiceLine>") + len(b"</cac:InvoiceLine>")
    bad = data[start:end].replace(b"<cbc:ID>", b"<cbc:ID x='1'>", 1)
    found = checked(data[:start] + bad * 130 + data[end:])
    assert len(found) == 101
    last, words = found[-1]
    assert last.cause is not None and last.cause.code == "more"
    assert "more places" in words.message_en and "المواضع الأخرى" in words.message_ar
    assert [f.xpath for f, _ in found[:2]] == ["/ubl:Invoice/cac:InvoiceLine[1]/cbc:ID", "/ubl:Invoice/cac:InvoiceLine[2]/cbc:ID"]


def test_a_document_made_of_errors_is_answered_in_bounded_time() -> None:
    """libxml2 alone needs minutes for it: the place of each error is counted from the start."""
    data = mutants.invoice()
    start = data.index(b"<cac:InvoiceLine>")
    data = data[:start] + b"<cac:InvoiceLine><cbc:ID x='1'>1</cbc:ID></cac:InvoiceLine>" * 100_000 + data[start:]
    started = time.perf_counter()
    found = checked(data)
    assert len(found) == 101
    assert time.perf_counter() - started < 5


def test_a_document_cannot_name_a_schema_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "other.xsd"
    secret.write_text("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>")
    hint = f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {secret.as_uri()}"'
    data = mutants.invoice().replace(b"<ubl:Invoice", b"<ubl:Invoice" + hint.encode(), 1) if b"<ubl:Invoice" in mutants.invoice() else swap("<Invoice", "<Invoice" + hint)
    assert checked(data) == []


def test_a_code_outside_the_list_of_2022_is_left_to_the_rules(corpus: Path) -> None:
    data = (corpus / "en16931/cii/examples/CII_example1.xml").read_bytes()
    assert checked(data) == []
    assert checked(re.sub(rb"(<ram:CountryID>)\w\w", rb"\g<1>1A", data)) == []
    assert [f.cause.code for f, _ in checked(data.replace(b"<ram:TypeCode>380", b"<ram:Foo/><ram:TypeCode>380", 1)) if f.cause] == ["unknown"]


def test_a_level_of_facturx_has_its_own_schema(corpus: Path) -> None:
    data = (corpus / "en16931/cii/examples/CII_example1.xml").read_bytes()
    assert checked(data, "facturx-extended") == []
    assert checked(data, "facturx-minimum") != []


def test_all_documents_of_the_corpus_fit_their_schema(corpus: Path) -> None:
    wrong: list[str] = []
    files = [f for part in ("en16931/ubl/examples", "en16931/cii/examples", "peppol/examples", "xrechnung") for f in sorted((corpus / part).glob("*.xml"))]
    for file in files:
        root = etree.parse(file).getroot()
        uri, _, local = root.tag[1:].rpartition("}")
        known = sheets.syntax_of((uri, local)) is not None
        wrong += [file.name] if known and checked(file.read_bytes()) else []
    assert len(files) > 80
    assert wrong == []


def test_many_threads_share_a_schema(corpus: Path) -> None:
    good, bad = mutants.invoice(), swap("<cbc:IssueDate>", "<cbc:Foo/><cbc:IssueDate>")
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda i: [f.xpath for f, _ in checked(bad if i % 2 else good)], range(60)))
    assert all(each == (["/ubl:Invoice/cbc:Foo"] if i % 2 else []) for i, each in enumerate(found))


def test_without_the_package_the_schema_is_named_as_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sheets.find
    monkeypatch.setattr(sheets, "find", lambda package, path: None if path.endswith(".xsd") else found(package, path))
    report = validate(mutants.invoice(), schema=True)
    assert (report.valid, report.schema_valid, [each.set for each in report.unchecked]) == (None, None, ["XSD"])
