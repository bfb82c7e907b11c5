"""Schematron itself: check digits as in the Peppol rules, in both engines and in SaxonC; what a schema may not use is refused by name."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from anysheet import Fast, Saxon, as_xslt, facts, slow

from wasl.rules.errors import Unsupported
from wasl.rules.sheet import read_sheet

SCHEMA = (Path(__file__).parent / "sheets" / "checks.sch").read_bytes()
GOOD = {
    "0088": "7300010000001", "GLN": "4006381333931", "0192": "991825827", "0208": "0202239951", "0184": "DK12345674", "0007": "5560360793",
    "0201": "07643520567", "0210": "RSSMRA85T10A562S", "0151": "51824753556", "IBAN": "DE89 3704 0044 0532 0130 00", "9999": "anything",
}  # fmt: skip


def document(parties: list[tuple[str, str]], sums: list[tuple[list[str], str | None]] = [], country: str = "DE") -> bytes:  # noqa: B006
    body = "".join(f'<party scheme="{scheme}">{number}</party>' for scheme, number in parties)
    for parts, total in sums:
        given = "" if total is None else f"<total>{total}</total>"
        body += "<sum>" + "".join(f"<part>{part}</part>" for part in parts) + given + "</sum>"
    return f'<parties xmlns="urn:parties" country="{country}"><allowed scheme="9999"/>{body}<note>text # here</note></parties>'.encode()


@pytest.fixture(scope="module")
def fast() -> Fast:
    return Fast(read_sheet(SCHEMA))


@pytest.fixture(scope="module")
def saxon() -> Saxon:
    return Saxon(as_xslt(SCHEMA))


def test_the_sheet_is_read_whole() -> None:
    sheet = read_sheet(SCHEMA)
    assert sheet.title == "Numbers with check digits"
    assert [mode for mode, _ in sheet.modes] == ["numbers", "sums", "parties-need-a-scheme", "shared"]
    assert [rule.id for _, rule in sheet.asserts()] == [
        "GLN", "NO", "BE", "DK", "SE", "IT", "AU", "IBAN", "LEFT", "SUM", "FIRST", "DIGITS", "SCHEME", "TEXT", "NO-HASH",
    ]  # fmt: skip
    assert sheet.notes == ("phases: all patterns run",)


def test_nothing_of_it_is_left_to_the_interpreter(fast: Fast) -> None:
    assert fast.generated.interpreted == []


def test_true_numbers_pass_and_one_wrong_digit_fails(fast: Fast) -> None:
    good = facts(fast.findings(document(list(GOOD.items()))))
    assert [rule for rule, *_ in good] == ["NO-HASH"]
    for scheme, number in GOOD.items():
        if scheme in ("9999", "0184", "0210"):  # no check digit
            continue
        place = max(i for i, char in enumerate(number) if char.isdigit())
        wrong = f"{number[:place]}{(int(number[place]) + 1) % 10}{number[place + 1 :]}"
        assert len(fast.findings(document([(scheme, wrong)]))) == 2, scheme


def test_a_message_has_its_values_in_it(fast: Fast) -> None:
    finding = next(f for f in fast.findings(document([("0088", "7300010000002")])) if f.rule == "GLN")
    assert finding.official == "GLN 7300010000002 in party"


def test_both_engines_and_saxon_agree_on_numbers_sums_and_rubbish(fast: Fast, saxon: Saxon) -> None:
    rng = random.Random(7)
    different = []
    unevaluable = 0
    for round_ in range(400):
        parties = []
        for _ in range(rng.randint(0, 4)):
            scheme, number = rng.choice(list(GOOD.items()))
            how = rng.random()
            if how < 0.3 and number:
                place = rng.randrange(len(number))
                number = number[:place] + rng.choice("0123456789X ") + number[place + 1 :]
            elif how < 0.45:
                number = rng.choice(["", " ", "abc", "1", "12", "٣٣٣٣٣٣٣٣٣", "0" * 30, f" {number} ", number * 2, "-5", "1.5", number[:-1]])
            elif how < 0.6:
                number = "".join(rng.choice("0123456789") for _ in range(len(number)))
            parties.append((scheme, number))
        amounts = ["1", "2.50", "-3", "0.005", "100", "abc", "", "1e2", " 7 "]
        sums = [([rng.choice(amounts[:5] if rng.random() < 0.8 else amounts) for _ in range(rng.randint(0, 3))], rng.choice([None, "3.5", "1", "x", "2.51"])) for _ in range(2)]
        data = document(parties, sums, rng.choice(["DE", "hu", " HU ", ""]))
        theirs = saxon.findings(data)
        unevaluable += sum(u for *_, u in theirs)
        if not facts(fast.findings(data)) == facts(slow(fast.sheet, data)) == theirs:
            different.append((round_, data))
    assert different == []
    assert unevaluable > 20


HEAD = '<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><ns prefix="p" uri="urn:p"/>'
RULE = '<pattern><rule context="p:a"><assert id="A" test="{}">x</assert></rule></pattern></schema>'


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ('<schema xmlns="http://purl.oclc.org/dsdl/schematron"/>', "query binding xslt"),
        (HEAD + '<include href="other.sch"/></schema>', "include other.sch"),
        (HEAD + '<pattern><rule context="p:a"><extends href="other.sch"/></rule></pattern></schema>', "extends other.sch"),
        (HEAD + '<pattern><rule context="p:a"><extends rule="gone"/></rule></pattern></schema>', "abstract rule gone"),
        (HEAD + '<pattern is-a="gone" id="x"/></schema>', "abstract pattern gone"),
        (HEAD + '<pattern documents="doc"><rule context="p:a"/></pattern></schema>', "other documents"),
        (HEAD + '<let name="x"/>' + RULE.format("true()"), "$x"),
        (HEAD + '<let name="x" value="$y"/><let name="y" value="$x"/>' + RULE.format("$x = 1"), "circle"),
        (HEAD + RULE.format("p:gln(.)"), "p:gln()"),
        (HEAD + RULE.format("$missing = 1"), "$missing"),
        (HEAD + RULE.format("doc('http://x/')"), "doc()"),
        (HEAD + RULE.format("unparsed-text('/etc/passwd') = ''"), "unparsed-text()"),
        (HEAD + RULE.format("environment-variable('HOME') = ''"), "environment-variable()"),
        (HEAD + RULE.format("collection('x')"), "collection()"),
        (HEAD + RULE.format("document('../x.xml')/a"), "../x.xml"),
        (HEAD + RULE.format("document('/etc/x.xml')/a"), "/etc/x.xml"),
        (HEAD + RULE.format("document('http://x/y.xml')/a"), "outside"),
        (HEAD + RULE.format("document(@href)/a"), "document()"),
        (HEAD + RULE.format("matches(., @pattern)"), "not constant"),
        (HEAD + RULE.format("matches(., '(a')"), "group without an end"),
        (HEAD + RULE.format("matches(., '[a-z-[b]]')"), "subtraction"),
        (HEAD + RULE.format("matches(., '(a)\\1')"), "back-reference"),
        (HEAD + '<x:function xmlns:x="http://www.w3.org/1999/XSL/Transform" name="p:f"><x:for-each select="1"/></x:function></schema>', "for-each"),
        (HEAD + '<x:import xmlns:x="http://www.w3.org/1999/XSL/Transform" href="y.xsl"/></schema>', "xsl:import y.xsl"),
    ],
)
def test_what_a_schema_may_not_use_is_refused_by_name(schema: str, named: str) -> None:
    with pytest.raises(Unsupported) as error:
        read_sheet(schema.encode())
    assert named in error.value.message("en")
