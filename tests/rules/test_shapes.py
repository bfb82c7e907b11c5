"""Known structures judged by their texts alone: the same report as the ordinary way, and nothing accepted that a parser would refuse."""

from __future__ import annotations

import gc
import importlib.util
import random
import re
from pathlib import Path
from typing import Any

import mutants
import pytest
from byhand import by_hand
from traps import traps

from wasl.errors import UnreadableInput, WaslError
from wasl.rules import Report, reading, validate
from wasl.rules.columns import GAP
from wasl.rules.engine import engine
from wasl.rules.judge import Stencil
from wasl.rules.reading import Reader

LINE = re.compile(rb"<cac:InvoiceLine>.*?</cac:InvoiceLine>\s*", re.DOTALL)
TEXTS = ("", " ", "x", "-1", "1e3", "0.001", "NaN", "S", "VAT", "2026-13-01", "true", "TRUE", "1", "130", "12345678901234567890.5", "ش")


def facts(report: Report) -> list[tuple[object, ...]]:
    return [(f.rule, f.location, f.xpath, f.severity, f.official, f.unevaluable, str(f.cause)) for f in report.findings]


def outcome(data: bytes) -> tuple[Any, ...]:
    try:
        report = validate(data)
    except WaslError as error:
        return (type(error), str(error))
    return (report.valid, facts(report), report.stats.elements)


def ordinarily(data: bytes) -> tuple[Any, ...]:
    """The outcome without any memory of structures."""

    def read(self: Reader, data: bytes, *, accepted: bool = False) -> Any:
        if not accepted:
            reading._accept(data)
        return self.builder.build(data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reader, "read", read)
        return outcome(data)


def with_other_texts(data: bytes, rng: random.Random, share: float) -> bytes:
    """The same structure with some of its texts exchanged."""
    return re.sub(rb">([^<>]+)</", lambda m: b">" + rng.choice(TEXTS).encode() + b"</" if rng.random() < share and m[1].strip() else m[0], data)


def documents() -> list[tuple[str, bytes]]:
    rng = random.Random(8)
    seeds = mutants.seeds()
    found = [*seeds, *traps(), *rng.sample(list(by_hand()), 30)]
    found += [(f"{name}~{n}", with_other_texts(data, rng, 0.02)) for name, data in seeds for n in range(4)]
    found += [(f"{name}={n}", mutant) for name, data in seeds[:2] for n, (_, mutant) in enumerate(rng.sample(list(mutants.changed(name, data)), 25))]
    rng.shuffle(found)
    return found


def test_the_second_and_third_reading_say_what_the_first_said() -> None:
    sample = documents()
    different = []
    for name, data in sample:
        expected = ordinarily(data)
        different += [(name, turn) for turn in range(3) if outcome(data) != expected]
    assert different == []
    assert len(sample) > 200


def test_documents_of_known_structure_are_not_built_at_all() -> None:
    data = mutants.invoice()
    for _ in range(3):
        validate(data)
    reader = engine(("en16931-ubl",)).reader
    document = reader.read(data.replace(b"Wasl Seller SA", b"Another Seller"))
    assert document.containers == {}
    assert 0 < sum(map(len, document.thin.values())) < document.size / 2
    document.release()


def test_only_the_line_at_fault_is_built() -> None:
    data = mutants.invoice()
    for _ in range(3):
        validate(data)
    line = LINE.search(data)
    assert line is not None
    many = data.replace(line[0], line[0] * 30, 1)
    bad = many.replace(b">10.0000</cbc:PriceAmount>", b">x</cbc:PriceAmount>", 20).replace(b">x</cbc:PriceAmount>", b">10.0000</cbc:PriceAmount>", 19)
    document = engine(("en16931-ubl",)).reader.read(bad)
    assert len(document.containers[next(g for g in document.containers if g.key == "cac:InvoiceLine")]) == 1
    document.release()
    assert outcome(bad) == ordinarily(bad)
    assert [f.xpath for f in validate(bad).findings if f.rule == "BR-27"] == ["/ubl:Invoice/cac:InvoiceLine[20]"]


def test_a_near_rule_reads_no_text_but_those_it_is_said_to_read() -> None:
    """Every other text of the structure is exchanged, and the outcome stays."""
    rng = random.Random(3)
    for data in (mutants.invoice(), mutants.credit_note()):
        for _ in range(3):
            validate(data)
    asked = 0
    for shape in engine(("en16931-ubl",)).reader.memory.shapes.values():
        if shape is None:
            continue
        checks = [check for _, check in (*shape.single, *shape.multiple)]
        stencil = Stencil(shape.nodes)
        for check in checks:
            for _ in range(6):
                texts = [rng.choice(TEXTS) for _ in check.positions]
                outcomes = set()
                for _ in range(5):
                    for position in stencil.cells:
                        stencil.put(position, rng.choice(TEXTS))
                    outcomes.add(check.holds(stencil, texts))
                if check.quick is not None:
                    outcomes.add(check.passes(texts[0]))
                assert len(outcomes) == 1, check.units
                asked += 1
    assert asked > 300


def cii_documents() -> list[bytes]:
    """The benchmark's CII invoices, and the same with texts or whole lines of their structure changed."""
    place = Path(__file__).parents[2] / "bench" / "data" / "make.py"
    spec = importlib.util.spec_from_file_location("bench_data_make", place)
    assert spec is not None
    assert spec.loader is not None
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    rng = random.Random(21)
    found = [make.document(lines, salt, "cii") for lines in (2, 5) for salt in (0, 1)]
    lines = re.compile(rb"<ram:IncludedSupplyChainTradeLineItem>.*?</ram:IncludedSupplyChainTradeLineItem>", re.DOTALL)
    doubled = [lines.sub(lambda m: m[0] * rng.choice((0, 1, 2)), data) for data in found]
    return [*found, *doubled, *(with_other_texts(data, rng, 0.015) for data in found for _ in range(12))]


def test_cii_is_read_the_second_time_as_the_first() -> None:
    sample = cii_documents()
    different = [n for n, data in enumerate(sample) if {str(outcome(data)) for _ in range(3)} != {str(ordinarily(data))}]
    assert different == []
    reader = engine(("en16931-cii",)).reader
    document = reader.read(sample[0])
    assert document.containers == {}
    document.release()


CLEAN = mutants.invoice()
NAME = b"Wasl Seller SA"


def _line(data: bytes) -> bytes:
    found = LINE.search(data)
    assert found is not None
    return found[0]


DOUBTFUL = {
    "a control character": CLEAN.replace(NAME, b"a\x01b"),
    "a null": CLEAN.replace(NAME, b"a\x00b"),
    "a form feed": CLEAN.replace(NAME, b"a\x0cb"),
    "no character": CLEAN.replace(NAME, "a\uffffb".encode()),
    "no character either": CLEAN.replace(NAME, "a\ufffeb".encode()),
    "half a pair": CLEAN.replace(NAME, b"a\xed\xa0\x80b"),
    "broken UTF-8": CLEAN.replace(NAME, b"a\xffb"),
    "the end of CDATA": CLEAN.replace(NAME, b"a ]]> b"),
    "an unknown entity": CLEAN.replace(NAME, b"a &nbsp; b"),
    "a lone ampersand": CLEAN.replace(NAME, b"a & b"),
    "an ampersand at the end": CLEAN.replace(NAME, b"a &amp"),
    "a reference to nothing": CLEAN.replace(NAME, b"a &#0; b"),
    "a reference": CLEAN.replace(NAME, b"a &#65;&#x42; b"),
    "the five entities": CLEAN.replace(NAME, b"&amp;&lt;&gt;&quot;&apos;"),
    "an escaped reference": CLEAN.replace(NAME, b"&amp;lt;"),
    "CDATA": CLEAN.replace(NAME, b"<![CDATA[a & <b> ]]>"),
    "a comment in a text": CLEAN.replace(NAME, b"a<!-- > -->b"),
    "an instruction": CLEAN.replace(NAME, b"a<?b c?>"),
    "a bare greater-than": CLEAN.replace(NAME, b"a > b"),
    "a line in a comment": CLEAN.replace(_line(CLEAN), b"<!-- " + _line(CLEAN) + b" -->"),
    "all lines in a comment": CLEAN.replace(b"<cac:InvoiceLine>", b"<!-- <cac:InvoiceLine>", 1).replace(b"</Invoice>", b"--></Invoice>"),
    "a line in an attribute": CLEAN.replace(_line(CLEAN), b'<cbc:Note a="' + _line(CLEAN) + b'"/>'),
    "a line in a tag": CLEAN.replace(_line(CLEAN), b"<cbc:Note " + _line(CLEAN) + b"/>"),
    "a line in CDATA": CLEAN.replace(_line(CLEAN), b"<cbc:Note><![CDATA[" + _line(CLEAN) + b"]]></cbc:Note>"),
    "a line in a group": CLEAN.replace(_line(CLEAN), b"<cac:Delivery>" + _line(CLEAN) + b"</cac:Delivery>"),
    "a line in a line": CLEAN.replace(_line(CLEAN), b"<cac:InvoiceLine>" + _line(CLEAN) + b"</cac:InvoiceLine>"),
    "a line after the end": CLEAN + _line(CLEAN),
    "a line before the root": _line(CLEAN) + CLEAN[CLEAN.index(b"<Invoice") :],
    "no end": CLEAN.replace(b"</Invoice>", b""),
    "two ends": CLEAN + b"</Invoice>",
    "a line without an end": CLEAN.replace(b"</cac:InvoiceLine>", b"", 1),
    "a line ended twice": CLEAN.replace(b"</cac:InvoiceLine>", b"</cac:InvoiceLine></cac:InvoiceLine>", 1),
    "a gap of its own": CLEAN.replace(_line(CLEAN), f"<{GAP}/>".encode() + _line(CLEAN)),
    "a gap instead of a line": CLEAN.replace(_line(CLEAN), f"<{GAP}/>".encode()),
    "a gap with a text": CLEAN.replace(_line(CLEAN), f"<{GAP}>x</{GAP}>".encode()),
    "something between lines": CLEAN.replace(_line(CLEAN), _line(CLEAN) + b"<cbc:Note>between</cbc:Note>"),
    "text between lines": CLEAN.replace(_line(CLEAN), _line(CLEAN) + b" between "),
    "attributes on a group": CLEAN.replace(b"<cac:Item>", b'<cac:Item schemeID="1" x="2">'),
    "an unknown element": CLEAN.replace(b"<cac:Item>", b"<cac:Item><cbc:Unheard>1</cbc:Unheard>"),
    "another prefix": CLEAN.replace(b"cac:", b"a:").replace(b"xmlns:cac", b"xmlns:a"),
    "a prefix bound anew": CLEAN.replace(b"<cac:Item>", b'<cac:Item xmlns:cbc="urn:other">'),
    "another root namespace": CLEAN.replace(b"xmlns:cac=", b'xmlns:y="urn:y" xmlns:cac='),
    "Windows line ends": CLEAN.replace(b"\n", b"\r\n"),
    "a carriage return in a text": CLEAN.replace(NAME, b"a\rb"),
    "a byte order mark": b"\xef\xbb\xbf" + CLEAN,
    "UTF-16": CLEAN.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    "Latin 1": CLEAN.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("iso-8859-1", "xmlcharrefreplace"),
    "no declaration": CLEAN[CLEAN.index(b"<Invoice") :],
    "a doubtful declaration": b'<?xml version="1.0" standalone="maybe"?>' + CLEAN[CLEAN.index(b"<Invoice") :],
    "a long text": CLEAN.replace(NAME, b"x" * 300_000),
    "a huge number": CLEAN.replace(b">235.95<", b">" + b"9" * 5_000 + b".95<"),
    "one attribute twice": CLEAN.replace(b'currencyID="EUR"', b'currencyID="EUR" currencyID="EUR"', 1),
    "an attribute without quotes": CLEAN.replace(b'currencyID="EUR"', b"currencyID=EUR", 1),
}


@pytest.mark.parametrize("what", DOUBTFUL)
def test_a_known_structure_makes_no_document_well_formed(what: str) -> None:
    data = DOUBTFUL[what]
    assert data != CLEAN
    expected = ordinarily(data)
    for _ in range(3):
        validate(CLEAN)
    for _ in range(3):
        assert outcome(data) == expected


def test_what_the_parser_refuses_is_refused_after_a_thousand_good_ones() -> None:
    refused = [what for what, data in DOUBTFUL.items() if isinstance(outcome(data)[0], type) and issubclass(outcome(data)[0], UnreadableInput)]
    assert len(refused) > 20
    assert {"a control character", "a null", "a lone ampersand", "a line in an attribute", "half a pair", "a doubtful declaration"} <= set(refused)


def test_no_long_text_stays_in_memory() -> None:
    """An attachment, or a name of a megabyte, is judged and let go."""
    long = b"longer" * 200_000
    for data in (CLEAN.replace(NAME, long), CLEAN.replace(b">30<", b">" + long + b"<", 1), CLEAN.replace(b"</cbc:ID>", long + b"</cbc:ID>")):
        for _ in range(3):
            validate(data)
    gc.collect()
    kept = [text for text in gc.get_referents(*gc.get_objects()) if issubclass(type(text), str) and len(text) > 10_000 and "longerlonger" in text]
    assert kept == []


def test_the_memory_of_structures_is_bounded() -> None:
    rules = engine(("en16931-ubl",))
    reader = Reader(rules)
    for n in range(60):
        line = f'<cac:InvoiceLine><cbc:ID a{n}="1">1</cbc:ID>{"<cbc:Note>x</cbc:Note>" * 3_000}</cac:InvoiceLine>'.encode()
        data = CLEAN.replace(_line(CLEAN), line * 2)
        for _ in range(2):
            reader.read(data).release()
        assert reader.memory.characters <= reader.memory.SHAPES_CHARACTERS_MAX + 2 * len(data)
