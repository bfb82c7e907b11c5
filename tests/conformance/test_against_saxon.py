"""All findings, (rule, severity, xpath, unevaluable), against SaxonC with the same sheet: every corpus file, seed and mutant.

The only differences are those in differences.json, each with both results and the sentence of the specification that decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import mutants
import pytest
from byhand import by_hand
from documents import documents
from lxml import etree
from oracle import Outcome, oracle
from traps import traps

from wasl.rules import validate
from wasl.rules.reference import load_sheet

HERE = Path(__file__).parent
SHEET = load_sheet("en16931-ubl")
SAXON = pytest.mark.xdist_group("saxon")  # these share one long run


def ours(document: bytes) -> list[Outcome]:
    return sorted((f.rule, f.severity, f.location, f.unevaluable) for f in validate(document).findings)


def as_text(document: bytes) -> str:
    return etree.tostring(etree.fromstring(document).getroottree(), encoding="unicode")


def listed() -> dict[str, dict[str, list[str]]]:
    return {entry["document"]: entry for entry in json.loads((HERE / "differences.json").read_text())}


class Tally:
    """What a run over many documents counted."""

    def __init__(self) -> None:
        self.documents = self.findings = self.unevaluable = 0
        self.fired: set[tuple[str, str]] = set()
        self.silent: set[tuple[str, str]] = set()
        self.wrong: list[str] = []
        self.differences: dict[str, tuple[list[str], list[str]]] = {}

    def compare(self, found: Iterable[tuple[str, bytes]]) -> None:
        everything = {(rule.id, rule.test) for _, rule in SHEET.asserts()}
        for name, document in found:
            report = validate(document)
            mine = sorted((f.rule, f.severity, f.location, f.unevaluable) for f in report.findings)
            theirs = oracle().findings(as_text(document))
            self.documents += 1
            self.findings += len(theirs)
            self.unevaluable += sum(outcome[3] for outcome in theirs)
            here = {(f.rule, f.test) for f in report.findings}
            self.fired |= {(f.rule, f.test) for f in report.findings if not f.unevaluable}
            self.silent |= everything - here
            if mine != theirs:
                self.differences[name] = ([_short(o) for o in mine if o not in theirs], [_short(o) for o in theirs if o not in mine])

    def unlisted(self) -> dict[str, tuple[list[str], list[str]]]:
        known = listed()
        return {n: d for n, d in self.differences.items() if n not in known or (known[n]["wasl"], known[n]["saxon"]) != (d[0], d[1])}

    def __str__(self) -> str:
        return (
            f"{self.documents} documents, {self.findings} findings, {self.unevaluable} of them unevaluable, "
            f"{len(self.fired)}/{len(SHEET.asserts())} asserts fired, {len(self.differences)} listed differences"
        )


def _short(outcome: Outcome) -> str:
    return f"{outcome[0]}{' unevaluable' if outcome[3] else ''}"


@pytest.fixture(scope="module")
def generated() -> Tally:
    tally = Tally()
    tally.compare(mutants.seeds())
    tally.compare(traps())
    tally.compare(by_hand())
    tally.compare(mutants.forbidden(SHEET))
    tally.compare(mutants.changed("invoice", mutants.invoice()))
    tally.compare(mutants.sample(list(mutants.changed("creditnote", mutants.credit_note())), 600, salt=3))
    return tally


def test_the_corpus_gives_the_same_findings_as_saxon(corpus: Path, record_property: Callable[[str, object], None]) -> None:
    tally = Tally()
    tally.compare(documents(corpus))
    record_property("count", f"rules against SaxonC, corpus: {tally}")
    assert tally.unlisted() == {}
    assert tally.documents >= 824


@SAXON
def test_seeds_traps_and_mutants_give_the_same_findings_as_saxon(generated: Tally, record_property: Callable[[str, object], None]) -> None:
    record_property("count", f"rules against SaxonC, seeds, traps and mutants: {generated}")
    assert generated.unlisted() == {}
    assert generated.documents > 5000


@SAXON
def test_no_listed_difference_is_out_of_date(generated: Tally) -> None:
    assert set(listed()) == set(generated.differences)
    assert all(entry["specification"] for entry in listed().values())


@SAXON
def test_every_assert_fires_and_is_silent_or_stands_in_the_list_of_those_that_cannot(generated: Tally) -> None:
    everything = {(rule.id, rule.test) for _, rule in SHEET.asserts()}
    cannot = {(entry["rule"], entry["test"]) for entry in json.loads((HERE / "cannot_fire.json").read_text())}
    assert len(everything) == 979
    assert everything - generated.fired == cannot
    assert everything - generated.silent == set()


def test_the_seeds_break_no_rule() -> None:
    assert {name: ours(document) for name, document in mutants.seeds() if ours(document)} == {}
