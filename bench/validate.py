"""Bytes to findings: a rich UBL invoice against all official EN 16931 rules, beside SaxonC-HE with the same sheet compiled and warm.

    python bench/validate.py [--json] [--rounds N]

Both start from the same bytes in memory and end with a list of findings; rounds of the two alternate, the medians are compared. To be fair to a
stream of different invoices every round is another document: its number and its item names change, so nothing is answered from a memory of
the very same bytes. Exit 1 when a verdict differs or the target is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lxml import etree

from wasl.rules import sheets, validate
from wasl.rules.catalogue import rules

DATA = Path(__file__).parent / "data"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
CASES = (("validate/10-lines", "rich-10.xml", 200, 5.0), ("validate/1000-lines", "rich-1000.xml", 12, 4.0))


class Saxon:
    """The peer: the sheet compiled once, run warm."""

    def __init__(self) -> None:
        from saxonche import PySaxonProcessor

        self.processor = PySaxonProcessor(license=False)
        sheet = sheets.locate("en16931-ubl").read_text()
        self.sheet = self.processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheet)

    def run(self, document: str) -> str:
        return str(self.sheet.transform_to_string(xdm_node=self.processor.parse_xml(xml_text=document)))

    def verdicts(self, document: str) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for node in etree.fromstring(self.run(document).encode()).iter(SVRL + "failed-assert"):
            key = (node.get("id"), node.get("location"))
            found[key] = found.get(key, 0) + 1
        return found


def variants(data: bytes, count: int) -> list[bytes]:
    """The same invoice with another number and other names in every round; no total changes."""
    text = data.decode()
    return [text.replace("</cbc:Name>", f" {n}</cbc:Name>").replace("</cbc:ID>", f"-{n}</cbc:ID>", 1).encode() for n in range(count)]


def agreeing(saxon: Saxon, document: bytes) -> tuple[int, int]:
    """(asserts on whose findings both agree, all asserts)."""
    ours: dict[tuple[str, str], int] = {}
    for finding in validate(document).findings:
        key = (finding.rule, finding.location)
        ours[key] = ours.get(key, 0) + 1
    theirs = saxon.verdicts(document.decode())
    differing = {key[0] for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)}
    ids = [rule.id for rule in rules()]
    return sum(rule not in differing for rule in ids), len(ids)


def measure(saxon: Saxon, name: str, file: str, rounds: int, target: float) -> dict[str, Any]:
    documents = variants((DATA / file).read_bytes(), rounds + 2)
    for warm in documents[-2:]:
        validate(warm)
        saxon.run(warm.decode())
    own: list[float] = []
    peer: list[float] = []
    shares: list[tuple[int, int, int]] = []
    for document in documents[:rounds]:
        text = document.decode()
        gc.collect()
        started = time.perf_counter_ns()
        report = validate(document)
        own.append((time.perf_counter_ns() - started) / 1e6)
        started = time.perf_counter_ns()
        saxon.run(text)
        peer.append((time.perf_counter_ns() - started) / 1e6)
        shares.append((report.stats.parse_ns, report.stats.tree_ns, report.stats.rules_ns))
    equal, total = agreeing(saxon, documents[0])
    ours, theirs = statistics.median(own), statistics.median(peer)
    parse, tree, run = (statistics.median(column) / 1e6 for column in zip(*shares, strict=True))
    return {
        "name": name, "wasl_ms": round(ours, 3), "saxon_ms": round(theirs, 3), "ratio": round(theirs / ours, 1), "target": target,
        "parse_ms": round(parse, 3), "tree_ms": round(tree, 3), "rules_ms": round(run, 3), "verdicts_equal": equal, "verdicts": total,
        "n": rounds, "cores": os.cpu_count(), "peer": f"saxonc-he-{version('saxonche')}", "bytes": len(documents[0]),
    }  # fmt: skip


def cold() -> dict[str, Any]:
    """A new process that validates one file, with the compiled sheet in the cache."""
    code = "import sys; from wasl.rules import validate; sys.exit(not validate(open(sys.argv[1], 'rb').read()).valid)"
    times: list[float] = []
    for _ in range(7):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, str(DATA / "rich-10.xml")], check=True)
        times.append((time.perf_counter() - started) * 1e3)
    return {"name": "validate/cold-process", "wasl_ms": round(statistics.median(times[1:]), 1), "target_ms": 300, "n": 6, "cores": os.cpu_count()}


def line(result: dict[str, Any]) -> str:
    if "ratio" not in result:
        return f"{result['name']}  wasl {result['wasl_ms']} ms  target {result['target_ms']} ms  n={result['n']} cores={result['cores']}"
    return (
        f"{result['name']}  wasl {result['wasl_ms']:.2f} ms  {result['peer']} {result['saxon_ms']:.2f} ms  "
        f"{result['ratio']}x (target {result['target']}x)  "
        f"parse {result['parse_ms']:.2f} tree {result['tree_ms']:.2f} rules {result['rules_ms']:.2f} ms  "
        f"verdicts equal {result['verdicts_equal']}/{result['verdicts']}  n={result['n']} cores={result['cores']}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--rounds", type=int, help="rounds instead of the case's own number")
    arguments = parser.parse_args()
    saxon = Saxon()
    results = [measure(saxon, name, file, arguments.rounds or rounds, target) for name, file, rounds, target in CASES]
    results.append(cold())
    for result in results:
        print(json.dumps(result) if arguments.json else line(result))
    return int(any(r.get("ratio", 99) < r.get("target", 0) or r.get("verdicts_equal") != r.get("verdicts") for r in results))


if __name__ == "__main__":
    sys.exit(main())
