"""Every set that SaxonC can run: the corpus and mutants by term, compared finding by finding, and both engines with each other.

A slice runs in `make test`; `pytest -m slow tests/conformance/test_every_set.py` runs 20,000 mutants and more for each syntax. Its counts are
in docs/decisions/0012; `python tests/conformance/equivalence.py --help` runs any part of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import byterm
import pytest
from equivalence import SAXON_SETS, Tally, all_seeds, compare, corpus_documents, ours, own_seeds, slow
from lxml import etree

from wasl.rules import sheets

HERE = [name for name in SAXON_SETS if sheets.installed(name)]
SAXON = pytest.mark.xdist_group("saxon")
# Mutants by term of each set in the whole run: 20,000 and more for each syntax.
WHOLE = {"en16931-ubl": 12_000, "xrechnung-ubl": 10_000, "en16931-cii": 6_000, "xrechnung-cii": 6_000}
WHOLE_OTHER = 2_000
SLICE = 60
Record = Callable[[str, object], None]


def _say(record: Record, what: str, tally: Tally) -> None:
    record("count", f"rules against SaxonC, {what}: {tally.line()}")


@SAXON
@pytest.mark.parametrize("name", HERE)
def test_mutants_by_term_give_the_same_findings_as_saxon(name: str, record_property: Record) -> None:
    tally = compare(name, byterm.mutants(own_seeds(sheets.SOURCES[name].syntax), SLICE, salt=40))
    _say(record_property, "mutants by term", tally)
    assert tally.different == {}


@SAXON
@pytest.mark.parametrize("name", [name for name in HERE if name != "en16931-ubl"])  # that one is in test_against_saxon
def test_the_corpus_gives_the_same_findings_as_saxon(name: str, corpus: Path, record_property: Record) -> None:
    documents = list(corpus_documents(sheets.SOURCES[name].syntax, corpus))
    if len(documents) > 100:
        documents = random.Random(3).sample(documents, 100)
    tally = compare(name, documents)
    _say(record_property, "corpus", tally)
    assert tally.different == {}
    assert tally.documents >= 41


@pytest.mark.slow
@pytest.mark.parametrize("name", HERE)
def test_the_whole_corpus_and_thousands_of_mutants_give_the_same_findings_as_saxon(name: str, corpus: Path, record_property: Record) -> None:
    syntax = sheets.SOURCES[name].syntax
    tally = compare(name, corpus_documents(syntax, corpus), reference=True)
    _say(record_property, "whole corpus", tally)
    assert tally.different == {}
    tally = compare(name, byterm.mutants(all_seeds(syntax), WHOLE.get(name, WHOLE_OTHER), salt=1))
    _say(record_property, "mutants by term, whole", tally)
    assert tally.different == {}


@pytest.mark.parametrize("name", HERE)
def test_both_engines_agree_on_mutants(name: str) -> None:
    documents = byterm.mutants(own_seeds(sheets.SOURCES[name].syntax), 15, salt=41)
    assert [title for title, document in documents if ours(name, document) != slow(name, document)] == []


def test_mutants_are_the_same_for_the_same_seed_and_differ_from_it() -> None:
    seeds = own_seeds("ubl")
    once = [document for _, document in byterm.mutants(seeds, 60, salt=5)]
    assert once == [document for _, document in byterm.mutants(seeds, 60, salt=5)]
    assert once[20:] == [document for _, document in byterm.mutants(seeds, 40, salt=5, start=20)]
    plain = {etree.tostring(etree.fromstring(document), method="c14n") for _, document in seeds}
    assert sum(etree.tostring(etree.fromstring(document), method="c14n") in plain for document in once) < 6
