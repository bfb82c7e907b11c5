"""Wasl against SaxonC, set by set: the compiled engine, and where asked the reference engine, over any documents.

As a script: `python tests/conformance/equivalence.py SET --count 5000 --start 0 --salt 1 [--reference]` prints one line of counts as JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import byterm
import mutants
from lxml import etree
from oracle import Outcome, oracle

from wasl.formats import xml
from wasl.rules import Profile, sheets, validate
from wasl.rules.reference import load_sheet, run
from wasl.rules.tree import from_lxml

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
SAXON_SETS = tuple(name for name, source in sheets.SOURCES.items() if source.package != "wasl")  # Peppol's set here is Wasl's own
# Where SaxonC 13 answers otherwise than the specification says (F&O 6.3): an untyped NaN, and a negative zero (see differences.json).
_LISTED = re.compile(r"NaN|-0*\.?0*")


@dataclass(slots=True)
class Tally:
    name: str
    documents: int = 0
    findings: int = 0
    unevaluable: int = 0
    listed: int = 0
    fired: set[str] = field(default_factory=set)
    different: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)

    def line(self) -> dict[str, object]:
        total = len({rule.id for _, rule in load_sheet(self.name).asserts()})
        return {
            "set": self.name, "documents": self.documents, "findings": self.findings, "unevaluable": self.unevaluable,
            "rules fired": f"{len(self.fired)}/{total}", "listed": self.listed, "different": len(self.different),
        }  # fmt: skip


@cache
def profile(name: str) -> Profile:
    return Profile(f"only-{name}", sets={sheets.SOURCES[name].syntax: (name,)})


def ours(name: str, document: bytes) -> list[Outcome]:
    return sorted((f.rule, f.severity, f.location, f.unevaluable) for f in validate(document, profile=profile(name)).findings if f.rule != "XSD")


def slow(name: str, document: bytes) -> list[Outcome]:
    found = run(load_sheet(name), from_lxml(xml.parse(document)))
    return sorted((f.rule, f.severity, f.location, f.unevaluable) for f in found)


def saxons(name: str, document: bytes) -> list[Outcome]:
    return oracle(name).findings(etree.tostring(etree.fromstring(document).getroottree(), encoding="unicode"))


def compare(name: str, documents: Iterable[tuple[str, bytes]], *, reference: bool = False) -> Tally:
    tally = Tally(name)
    for title, document in documents:
        mine, theirs = ours(name, document), saxons(name, document)
        tally.documents += 1
        tally.findings += len(theirs)
        tally.unevaluable += sum(outcome[3] for outcome in theirs)
        tally.fired |= {outcome[0] for outcome in theirs if not outcome[3]}
        if reference and slow(name, document) != mine:
            tally.different[f"reference: {title}"] = ([], [])
        if mine == theirs:
            continue
        if _is_listed(document, mine, theirs):
            tally.listed += 1
            continue
        tally.different[title] = ([_short(o) for o in mine if o not in theirs][:5], [_short(o) for o in theirs if o not in mine][:5])
    return tally


def _is_listed(document: bytes, mine: list[Outcome], theirs: list[Outcome]) -> bool:
    """Only findings that exist or not, no errors, in a document with a NaN or a negative zero among its values."""
    apart = {outcome for outcome in (*mine, *theirs) if (outcome in mine) != (outcome in theirs)}
    texts = {(element.text or "").strip() for element in etree.fromstring(document).iter(etree.Element)}
    return any(_LISTED.fullmatch(text) for text in texts if text) and not any(outcome[3] for outcome in apart)


def _short(outcome: Outcome) -> str:
    return f"{outcome[0]}{' unevaluable' if outcome[3] else ''}"


def is_of(syntax: str, document: bytes) -> bool:
    tag = etree.QName(etree.fromstring(document))
    return sheets.syntax_of((tag.namespace or "", tag.localname)) == syntax


def corpus_documents(syntax: str, folder: Path = CORPUS) -> Iterator[tuple[str, bytes]]:
    """Every document of a syntax, also those inside unit test sets."""
    for file in sorted(folder.rglob("*.xml")):
        root = etree.parse(str(file)).getroot()
        if etree.QName(root).localname == "testSet":
            found = [etree.tostring(d, with_tail=False) for test in root.iter("{*}test") for d in test if isinstance(d.tag, str)]
            yield from ((f"{file.stem}#{n}", document) for n, document in enumerate(found, 1) if is_of(syntax, document))
        elif is_of(syntax, file.read_bytes()):
            yield file.stem, file.read_bytes()


@cache
def own_seeds(syntax: str) -> tuple[tuple[str, bytes], ...]:
    """The seeds of the repository: the full invoice, also in every VAT category; for CII they are written by Wasl."""
    found = tuple(mutants.seeds())
    if syntax == "ubl":
        return found
    from wasl.formats import cii
    from wasl.formats.read import read

    return tuple((name, cii.write(read(document).invoice)) for name, document in found if name.startswith("invoice"))


def all_seeds(syntax: str) -> list[tuple[str, bytes]]:
    """Own seeds, and the whole documents of the corpus (its unit tests are fragments)."""
    whole = [(name, document) for name, document in (corpus_documents(syntax) if CORPUS.is_dir() else ()) if "#" not in name]
    return [*own_seeds(syntax), *whole]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("set", choices=SAXON_SETS)
    arguments.add_argument("--count", type=int, default=1000)
    arguments.add_argument("--start", type=int, default=0)
    arguments.add_argument("--salt", type=int, default=1)
    arguments.add_argument("--corpus", action="store_true", help="the corpus itself instead of mutants")
    arguments.add_argument("--reference", action="store_true")
    chosen = arguments.parse_args()
    syntax = sheets.SOURCES[chosen.set].syntax
    documents = corpus_documents(syntax) if chosen.corpus else byterm.mutants(all_seeds(syntax), chosen.count, chosen.salt, chosen.start)
    started = time.monotonic()
    tally = compare(chosen.set, documents, reference=chosen.reference)
    sys.stdout.write(json.dumps({**tally.line(), "seconds": round(time.monotonic() - started)}) + "\n")
    for title, (mine, theirs) in list(tally.different.items())[:12]:
        sys.stdout.write(f"  {title}: wasl {mine}, saxon {theirs}\n")


if __name__ == "__main__":
    main()
