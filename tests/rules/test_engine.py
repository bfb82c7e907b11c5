"""Bytes to report: the compiled engine agrees with the reference in everything, is safe in threads, and leaves the process as it was."""

from __future__ import annotations

import gc
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import mutants
import pytest
from byhand import by_hand
from lxml import etree
from traps import traps

from wasl.errors import UnreadableInput
from wasl.formats import cii, ubl
from wasl.formats.cursor import TooManyChildren
from wasl.rules import Profile, Report, validate
from wasl.rules import engine as engines
from wasl.rules.errors import UnknownProfile, UnsupportedDocument
from wasl.rules.findings import Finding
from wasl.rules.generate import Generator
from wasl.rules.profiles import EN16931, Exclusion
from wasl.rules.quiet import quiet
from wasl.rules.reference import Reference, load_sheet


def facts(findings: tuple[Finding, ...] | list[Finding]) -> list[tuple[object, ...]]:
    return sorted((f.rule, f.location, f.xpath, f.severity, f.official, f.test, f.unevaluable, str(f.cause)) for f in findings)


def test_eager_and_lazy_agree_in_every_field() -> None:
    documents = [*(m for m in traps() if not m[0].endswith("/all")), *random.Random(5).sample(list(by_hand()), 40)]
    different = [name for name, data in documents if facts(validate(data).findings) != facts(Reference(EN16931, _root(data)).run())]
    assert different == []
    assert len(documents) > 100


def _root(data: bytes) -> etree._Element:
    from wasl.formats.xml import parse

    return parse(data)


def _with_a_child_in_a_text(lines: int) -> bytes:
    data = mutants.invoice().replace(b"<cbc:IssueDate>", b"<cbc:IssueDate><cbc:Note>x</cbc:Note>", 1)
    start = data.index(b"<cac:InvoiceLine>")
    end = data.index(b"</cac:InvoiceLine>") + len(b"</cac:InvoiceLine>")
    return data[:start] + data[start:end] * lines + data[end:]


def test_a_malformed_giant_is_not_interpreted_for_minutes_and_the_report_says_so() -> None:
    report = validate(_with_a_child_in_a_text(20_000))
    assert (report.valid, report.findings) == (None, ())
    assert report.unchecked[0].set == "en16931-ubl"
    assert "too large" in report.unchecked[0].reason
    assert (report.stats.parse_ns + report.stats.tree_ns + report.stats.rules_ns) / 1e9 < 10


def test_the_same_fault_in_an_invoice_of_usual_size_is_checked_whole() -> None:
    report = validate(_with_a_child_in_a_text(3))
    assert report.unchecked == ()
    assert report.valid is False or report.findings == ()


def test_a_giant_of_another_kind_is_refused_as_what_it_is() -> None:
    with pytest.raises(UnsupportedDocument):
        validate(b"<catalogue>" + b"<item/>" * 100_000 + b"</catalogue>")


def test_every_assert_of_the_sheet_is_translated() -> None:
    assert Generator(load_sheet("en16931-ubl")).generate().interpreted == []


def test_a_rule_that_cannot_be_evaluated_is_a_finding_with_its_cause() -> None:
    data = mutants.invoice().replace(b">235.95</cbc:TaxInclusiveAmount", b">abc</cbc:TaxInclusiveAmount")
    finding = next(f for f in validate(data).findings if f.rule == "BR-CO-15")
    assert finding.unevaluable
    assert finding.cause is not None
    assert (finding.cause.code, finding.cause.value, finding.cause.wanted) == ("FORG0001", "abc", "decimal")
    assert finding.xpath == "/ubl:Invoice"


def test_places_are_numbered_only_where_there_are_several() -> None:
    data = mutants.invoice().replace(b">25</cbc:PriceAmount>", b">-25</cbc:PriceAmount>")
    finding = next(f for f in validate(data).findings if f.rule == "BR-27")
    assert finding.xpath == "/ubl:Invoice/cac:InvoiceLine[2]"
    assert finding.context.element(etree.fromstring(data)).findtext("{*}ID") == "2"


def test_findings_come_in_the_order_of_the_document() -> None:
    data = mutants.invoice().replace(b"unitCode=", b"unit=")
    places = [f.xpath for f in validate(data).findings if f.rule in ("BR-23",)]
    assert places == ["/ubl:Invoice/cac:InvoiceLine[1]", "/ubl:Invoice/cac:InvoiceLine[2]"]


def test_an_lxml_root_gives_the_same_report_as_its_bytes() -> None:
    data = mutants.invoice().replace(b">25</cbc:PriceAmount>", b">-25</cbc:PriceAmount>")
    assert facts(validate(etree.fromstring(data)).findings) == facts(validate(data).findings)


def test_a_profile_leaves_out_what_it_lists_and_nothing_else() -> None:
    data = mutants.invoice().replace(b">25</cbc:PriceAmount>", b">-25</cbc:PriceAmount>")
    profile = Profile("mine", excluded=(Exclusion("BR-27", "Because.", "لأنّ.", "a law"),))
    assert [f.rule for f in validate(data).findings] == ["BR-27"]
    report = validate(data, profile=profile)
    assert (report.profile, report.valid, report.findings) == ("mine", True, ())
    assert report.stats.rules == 978


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownProfile) as error:
        validate(mutants.invoice(), profile="nowhere")
    assert "en16931" in error.value.message("en")


@pytest.mark.parametrize("data", [b"<a/>", b'<Invoice xmlns="urn:other"/>'])
def test_another_document_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedDocument):
        validate(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<Invoice>",
        b"<!DOCTYPE a><a/>",
        b"\x00\x01",
        b'<a b="1" b="2"/>',
        mutants.invoice().replace(b"<cac:Delivery>", b"<nix:Delivery>").replace(b"</cac:Delivery>", b"</nix:Delivery>"),
        mutants.invoice()[:-30],
        mutants.invoice().replace(b"Wasl Seller SA", b"\xff\xfe"),
        mutants.invoice().replace(b"<cac:Delivery>", b"<x>" * 120 + b"</x>" * 120 + b"<cac:Delivery>"),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_one_parser(data: bytes) -> None:
    with pytest.raises(UnreadableInput):
        validate(data)


def test_many_threads_get_what_one_gets() -> None:
    documents = [data for _, data in [*mutants.seeds(), *list(traps())[:40]]]
    alone = [facts(validate(data).findings) for data in documents]
    engines._engines.clear()  # so that the guide grows while threads use it
    barrier = threading.Barrier(6)

    def work(shift: int) -> bool:
        barrier.wait()
        order = [*range(shift, len(documents)), *range(shift)]
        return all(facts(validate(documents[i]).findings) == alone[i] for i in order)

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(work, range(6)))


def test_the_garbage_collector_is_left_as_it_was_found() -> None:
    assert gc.isenabled()
    validate(mutants.invoice())
    assert gc.isenabled()
    with pytest.raises(UnreadableInput):
        validate(b"<a>")
    assert gc.isenabled()
    gc.disable()
    try:
        validate(mutants.invoice())
        assert not gc.isenabled()
    finally:
        gc.enable()
    with quiet(), quiet():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_no_memory_waits_for_the_collector() -> None:
    validate(mutants.invoice())
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        for _ in range(20):
            validate(mutants.invoice())
        assert len(gc.get_objects()) - before < 500
    finally:
        gc.enable()


def test_an_error_on_every_line_is_still_answered_line_by_line() -> None:
    data = mutants.invoice().replace(b">25</cbc:PriceAmount>", b">x</cbc:PriceAmount>").replace(b">10.0000</cbc:PriceAmount>", b">y</cbc:PriceAmount>")
    found = [(f.xpath, f.cause and f.cause.value) for f in validate(data).findings if f.rule == "BR-27"]
    assert found == [("/ubl:Invoice/cac:InvoiceLine[1]", "y"), ("/ubl:Invoice/cac:InvoiceLine[2]", "x")]


def test_the_report_says_what_was_done() -> None:
    report: Report = validate(mutants.invoice())
    assert (report.syntax, report.profile, report.valid, report.unchecked) == ("ubl", "en16931", True, ())
    assert report.stats.rules == 979
    assert report.stats.elements == sum(1 for _ in etree.fromstring(mutants.invoice()).iter(etree.Element))
    assert min(report.stats.parse_ns, report.stats.tree_ns, report.stats.rules_ns) > 0


@pytest.mark.parametrize(("syntax", "kind"), [("ubl", "cac:InvoiceLine"), ("cii", "ram:IncludedSupplyChainTradeLineItem")])
def test_t20_more_lines_than_a_reader_takes_are_refused_before_they_are_held(syntax: str, kind: str) -> None:
    empty = f"<{kind}/>".encode()
    seed = mutants.invoice() if syntax == "ubl" else cii.write(ubl.read(mutants.invoice()).invoice)
    at = seed.index(f"<{kind}".encode())
    with pytest.raises(TooManyChildren, match="100000"):
        validate(seed[:at] + empty * 250_000 + seed[at:])
