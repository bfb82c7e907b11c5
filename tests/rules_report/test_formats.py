"""JSON, SARIF and the HTML page of a run: what is in them, and that words of others are harmless there."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from lxml import html

from wasl.rules.report import page, sarif
from wasl.rules.report.asjson import file_json, to_json
from wasl.rules.report.shown import Both, Excerpt, FileReport, Shown, described

HEAD = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
BROKEN = f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" {HEAD}>
  <cbc:DocumentCurrencyCode>sar</cbc:DocumentCurrencyCode>
  <cac:LegalMonetaryTotal>
    <cbc:TaxInclusiveAmount currencyID="SAR">1150</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="SAR">1200</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
</Invoice>
""".encode()


@pytest.fixture(scope="module")
def report() -> FileReport:
    from wasl.rules import validate

    return described(validate(BROKEN), BROKEN, file="دفعة 1/b.xml")


def shown(report: FileReport, rule: str) -> Shown:
    return next(each for each in report.findings if each.rule == rule)


def test_a_finding_stands_where_its_value_stands(report: FileReport) -> None:
    one = shown(report, "BR-CO-16")

    assert (one.line, one.column, one.xpath) == (6, 5, "/ubl:Invoice/cac:LegalMonetaryTotal")
    assert one.excerpt is not None and one.excerpt.text[one.excerpt.start : one.excerpt.end] == "1200"


def test_what_is_missing_stands_at_the_element_that_should_hold_it(report: FileReport) -> None:
    assert (shown(report, "BR-12").line, shown(report, "BR-02").line) == (4, 2)
    assert shown(report, "BR-02").excerpt is None, "the root's own line says nothing"


def test_the_library_gives_the_same_json() -> None:
    from wasl.rules import validate

    result = to_json(validate(BROKEN), BROKEN, lang="both")
    finding = next(each for each in result["findings"] if each["rule"] == "BR-CL-04")

    assert (finding["line"], finding["column"]) == (3, 3) and set(finding["message"]) == {"ar", "en"}
    assert {"sets", "valid"} <= set(result)


def test_a_long_line_is_cut_around_the_value() -> None:
    from wasl.rules import validate

    data = re.sub(rb">\s+<", b"><", BROKEN)
    one = shown(described(validate(data), data, file="x"), "BR-CO-16")

    assert one.excerpt is not None and len(one.excerpt.text) <= 190 and one.excerpt.text.startswith("…")
    assert one.excerpt.text[one.excerpt.start : one.excerpt.end] == "1200"


# -- SARIF -------------------------------------------------------------------------------------------------------------------------


def check_sarif(log: dict[str, Any]) -> None:
    """The rules of the official schema that our logs can break: required properties, enumerations, types, least values, references."""
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json") and set(log) == {"$schema", "version", "runs"}
    (run,) = log["runs"]
    assert set(run) <= {"tool", "results", "invocations", "columnKind", "language"} and run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    assert re.fullmatch(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?", run["language"])
    driver = run["tool"]["driver"]
    assert driver["name"] and set(driver) <= {"name", "version", "semanticVersion", "rules", "informationUri"}
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids)), "rules are unique"
    for rule in driver["rules"]:
        assert set(rule) <= {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"}
        assert rule["shortDescription"]["text"] and rule["help"]["text"] and rule["help"]["markdown"]
        assert re.search("[\u0621-\u064a]", rule["help"]["text"]) and re.search("[A-Za-z]{3}", rule["help"]["text"])
        assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
        assert len(set(rule["properties"]["tags"])) == len(rule["properties"]["tags"])
    for result in run["results"]:
        assert result["ruleId"] in ids and result["level"] in ("none", "note", "warning", "error") and result["message"]["text"]
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
        (location,) = result["locations"]
        check_uri(location["physicalLocation"]["artifactLocation"]["uri"])
        region = location["physicalLocation"].get("region")
        if region is not None:
            assert all(isinstance(region[key], int) and region[key] >= 1 for key in ("startLine", "startColumn", "endLine", "endColumn"))
            assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])
    (invocation,) = run["invocations"]
    assert isinstance(invocation["executionSuccessful"], bool)
    for note in invocation["toolExecutionNotifications"]:
        assert note["message"]["text"] and note["level"] in ("none", "note", "warning", "error") and note["descriptor"]["id"]


def check_uri(uri: str) -> None:
    """RFC 3986: a URI reference, percent-encoded."""
    assert re.fullmatch(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", uri) and not re.search("%(?![0-9A-F]{2})", uri)


@pytest.mark.parametrize("lang", ["ar", "en", "both"])
def test_the_sarif_log_keeps_the_rules_of_its_schema(report: FileReport, lang: str) -> None:
    unreadable = FileReport("تالف.xml", Both("تالف", "damaged"), "WASL-XML-06")
    log = json.loads(sarif.whole([report, unreadable], lang))

    check_sarif(log)
    assert len(log["runs"][0]["results"]) == len(report.findings)
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_an_empty_run_is_a_sarif_log_too() -> None:
    check_sarif(json.loads(sarif.whole([], "en")))


@pytest.mark.parametrize(
    ("name", "uri"),
    [("a b.xml", "a%20b.xml"), ("/tmp/ف.xml", "file:///tmp/%D9%81.xml"), ("-", "stdin"), ("a.zip/x.xml", "a.zip/x.xml"), ("c#1?.xml", "c%231%3F.xml")],
)
def test_file_names_become_uris(name: str, uri: str) -> None:
    assert sarif.uri(name) == uri
    check_uri(uri)


# -- HTML --------------------------------------------------------------------------------------------------------------------------


def test_the_page_is_one_file_without_script_or_any_fetch(report: FileReport) -> None:
    text = page.whole([report], "ar").decode()
    tree = html.fromstring(text)

    assert tree.get("lang") == "ar" and tree.get("dir") == "rtl"
    assert not tree.xpath("//script | //link | //img | //iframe | //@onclick | //@style") and "@import" not in text and "url(" not in text
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert len(tree.xpath("//article")) == len(report.findings)
    both = [node.get("lang") for node in tree.xpath("//article[1]//*[contains(@class, 'finding__text')]")]
    assert both == ["ar", "en"]
    assert tree.xpath("//mark[text()='1200']")


def test_t38_words_of_others_are_inert_on_the_page() -> None:
    evil = "<script>alert(1)</script>\" onload=x \x1b[2J \u202egpj.exe"
    both = Both(evil, evil)
    finding = Shown(evil, "fatal", evil, evil, evil, "", both, both, both, False, 1, 1, 1, 2, Excerpt(evil, 0, 4))
    report = FileReport(evil, syntax="ubl", profile="en16931", valid=False, findings=(finding,), inside=evil)
    text = page.whole([report, FileReport(evil, both, "X")], "en").decode()

    assert "<script" not in text and "\x1b" not in text and "\u202e" not in text
    assert not html.fromstring(text).xpath("//script | //@onload")


def test_the_page_counts_files_and_findings(report: FileReport) -> None:
    good = FileReport("good.xml", syntax="ubl", profile="en16931", valid=True, rules=979)
    tree = html.fromstring(page.whole([good, report, good], "en"))
    totals = {row.xpath("string(dt/span[@lang='en'])"): row.xpath("string(dd)") for row in tree.xpath("//dl/div")}

    assert totals == {"Files": "3", "Valid": "2", "Not valid": "1", "Errors": str(len(report.findings))}


def test_a_rule_broken_many_times_is_counted_beyond_twenty() -> None:
    from wasl.rules import validate

    data = BROKEN.replace(b"</Invoice>", b"<cac:InvoiceLine/>" * 50 + b"</Invoice>")
    report = described(validate(data), data, file="x")

    assert b"More like these of rule BR-22, not shown: 30" in page.whole([report], "en")
    assert b"not shown" not in page.part(report, everything=True).html


def test_json_of_what_cannot_be_read() -> None:
    assert file_json(FileReport("x", Both("تالف", "damaged"), "X"), "both") == {"file": "x", "error": {"ar": "تالف", "en": "damaged"}}


# -- a document of nothing but mistakes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "\n"], ids=["one line", "many lines"])
def test_a_document_of_nothing_but_mistakes_is_counted_in_bounded_time(end: str) -> None:
    import time

    from wasl.rules import validate
    from wasl.rules.report.shown import DESCRIBED_MAX

    lines = f"<cac:InvoiceLine><cbc:ID>é</cbc:ID></cac:InvoiceLine>{end}" * 3000
    data = BROKEN.replace(b"</Invoice>", lines.encode() + b"</Invoice>")
    found = validate(data)
    assert len(found.findings) > 20_000
    started = time.process_time()
    report = described(found, data, file="x")
    taken = time.process_time() - started

    assert len(report.findings) == DESCRIBED_MAX and taken < 5
    assert report.count("fatal") == sum(each.severity == "fatal" for each in found.findings)
    assert {each.rule for each in report.findings} == {each.rule for each in found.findings}
    more = {each["rule"]: each["count"] for each in file_json(report, "en")["more"]}
    assert more["BR-22"] + sum(each.rule == "BR-22" for each in report.findings) == 3000
    assert f"not shown: {3000 - 20}".encode() in page.whole([report], "en")
    check_sarif(json.loads(sarif.whole([report], "en")))
