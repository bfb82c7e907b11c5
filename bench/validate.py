"""Bytes to findings: a rich invoice in UBL and in CII against all official EN 16931 rules, beside SaxonC-HE with the same sheets compiled and
warm, and beside a peer in pure Python.

    python bench/validate.py [--json] [--rounds N] [--long] [--folder]

All start from the same bytes in memory and end with a list of findings; rounds alternate, a round is ten documents of 10 lines in a row (a
stream, with the processor's caches as each program leaves them) or one of 1,000. Compared are the medians of wall time and the
minima of CPU time; targets are judged by the latter, which other work on the machine disturbs least. To
be fair to a stream of different invoices every round is another document: its number, days, items, quantities, prices and so all its amounts
are others, so nothing is answered from a memory of the very same texts. Exit 1 when a verdict differs or a target is missed.

The pure Python peer is `verifyhash-einvoice`. It has fewer rules than the official set (both counts are printed), so its verdicts are compared
only on the rules that both have. `--long` adds 10,000 and 50,000 lines (40,000 in CII), `--folder` 10,000 invoices in a folder on all cores.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lxml import etree

from wasl.rules import sheets, validate
from wasl.rules.catalogue import rules

DATA = Path(__file__).parent / "data"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
# name, syntax, lines, rounds, least ratio to Saxon, least ratio to the pure Python peer
CASES = (
    ("ubl/10-lines", "ubl", 10, 20, 8.0, 4.0),
    ("ubl/1000-lines", "ubl", 1000, 10, 6.0, 4.0),
    ("cii/10-lines", "cii", 10, 20, 8.0, 4.0),
    ("cii/1000-lines", "cii", 1000, 10, 6.0, 4.0),
)
COMMAND = [sys.executable, "-c", "from wasl.cli.main import main; main()", "validate"]
LONGEST = {"ubl": 50_000, "cii": 40_000}  # 50,000 of these lines in CII are more than the 100 MB that are read
WARM = 40  # documents before the rounds, for all peers


@cache
def maker() -> Any:
    spec = importlib.util.spec_from_file_location("bench_data_make", DATA / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Saxon:
    """The peer: the sheet compiled once, run warm."""

    def __init__(self, syntax: str) -> None:
        from saxonche import PySaxonProcessor

        self.processor = PySaxonProcessor(license=False)
        sheet = sheets.locate(f"en16931-{syntax}").read_text()
        self.sheet = self.processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheet)

    def run(self, data: bytes) -> str:
        return str(self.sheet.transform_to_string(xdm_node=self.processor.parse_xml(xml_text=data.decode())))

    def verdicts(self, data: bytes) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for node in etree.fromstring(self.run(data).encode()).iter(SVRL + "failed-assert", SVRL + "successful-report"):
            # The sheets spell places in two ways.
            place = re.sub(r"Q\{([^}]*)\}([^/\[]+)", r"*:\2[namespace-uri()='\1']", node.get("location"))
            found[node.get("id"), place] = found.get((node.get("id"), place), 0) + 1
        return found


def pure() -> tuple[Callable[[bytes], Any], Callable[[bytes], set[str]], set[str]] | None:
    """(run, ids of the violations, ids of its rules) of the pure Python peer; None where it is not installed."""
    try:
        import einvoice  # pyright: ignore[reportMissingImports]
        from einvoice import coverage  # pyright: ignore[reportMissingImports]
    except ImportError:
        return None

    def run(data: bytes) -> Any:
        return einvoice.validate_bytes(data, profile="en16931")

    def ids(data: bytes) -> set[str]:
        return {violation["rule"] for violation in run(data)["violations"]}

    return run, ids, set(coverage.engine_fireable_ids())


def timed(call: Callable[[bytes], Any], documents: list[bytes], wall: list[float], cpu: list[float]) -> Any:
    """Milliseconds a document go to `wall` and `cpu`; the result is that of the last."""
    started, used = time.perf_counter_ns(), time.process_time_ns()
    for data in documents:
        result = call(data)
    cpu.append((time.process_time_ns() - used) / 1e6 / len(documents))
    wall.append((time.perf_counter_ns() - started) / 1e6 / len(documents))
    return result


def agreeing(saxon: Saxon, documents: list[bytes]) -> tuple[int, int]:
    """(asserts on whose findings both agree in all documents, all asserts)."""
    differing: set[str] = set()
    ids = [rule.id for rule in rules("en16931", syntax_of(documents[0]))]
    for document in documents:
        ours: dict[tuple[str, str], int] = {}
        for finding in validate(document, profile="en16931").findings:
            key = (finding.rule, finding.location)
            ours[key] = ours.get(key, 0) + 1
        theirs = saxon.verdicts(document)
        differing |= {key[0] for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)}
    return sum(rule not in differing for rule in ids), len(ids)


def syntax_of(document: bytes) -> str:
    return "cii" if b"CrossIndustryInvoice" in document[:2_000] else "ubl"


def broken(document: bytes) -> bytes:
    """The same with two faults that every set knows: an amount too large and a line without its quantity's unit."""
    text = document.decode()
    for amount in ("PayableAmount", "DuePayableAmount"):
        text = text.replace(f"</cbc:{amount}>", f"9</cbc:{amount}>").replace(f"</ram:{amount}>", f"9</ram:{amount}>")
    return text.replace(' unitCode="HUR"', "", 1).encode()


def measure(name: str, syntax: str, lines: int, rounds: int, target: float, pure_target: float) -> dict[str, Any]:
    block = 10 if lines == 10 else 1
    documents = [maker().document(lines, salt, syntax) for salt in range(rounds * block + WARM)]
    saxon, peer = Saxon(syntax), pure()
    for warm in documents[: WARM if lines == 10 else 8]:
        validate(warm, profile="en16931")
    for warm in documents[:2]:
        saxon.run(warm)
    times: dict[str, tuple[list[float], list[float]]] = {who: ([], []) for who in ("wasl", "saxon", "pure")}
    shares: list[tuple[int, int, int]] = []
    for first in range(WARM, len(documents), block):
        some = documents[first : first + block]
        gc.collect()
        report = timed(lambda data: validate(data, profile="en16931"), some, *times["wasl"])
        shares.append((report.stats.parse_ns, report.stats.tree_ns, report.stats.rules_ns))
        timed(saxon.run, some, *times["saxon"])
        if peer is not None and len(times["pure"][0]) < 8:
            timed(peer[0], some, *times["pure"])
    equal, total = agreeing(saxon, [documents[0], documents[-1], broken(documents[-1])])
    wall = {who: statistics.median(pair[0]) for who, pair in times.items() if pair[0]}
    cpu = {who: min(pair[1]) for who, pair in times.items() if pair[1]}
    parse, tree, run = (statistics.median(column) / 1e6 for column in zip(*shares, strict=True))
    result = {
        "name": f"validate/{name}", "wasl_ms": round(wall["wasl"], 3), "wasl_cpu_ms": round(cpu["wasl"], 3),
        "saxon_ms": round(wall["saxon"], 3), "saxon_cpu_ms": round(cpu["saxon"], 3), "ratio": round(wall["saxon"] / wall["wasl"], 1),
        "cpu_ratio": round(cpu["saxon"] / cpu["wasl"], 1), "target": target, "parse_ms": round(parse, 3), "tree_ms": round(tree, 3),
        "rules_ms": round(run, 3), "verdicts_equal": equal, "verdicts": total, "n": rounds, "cores": os.cpu_count(),
        "peer": f"saxonc-he-{version('saxonche')}", "bytes": len(documents[0]),
    }  # fmt: skip
    if peer is not None:
        common = peer[2] & {rule.id for rule in rules("en16931", syntax)}
        ours = {f.rule for f in validate(broken(documents[-1]), profile="en16931").findings}
        theirs = peer[1](broken(documents[-1]))
        result |= {
            "pure_ms": round(wall["pure"], 3), "pure_cpu_ms": round(cpu["pure"], 3), "pure_ratio": round(wall["pure"] / wall["wasl"], 1),
            "pure_cpu_ratio": round(cpu["pure"] / cpu["wasl"], 1), "pure_target": pure_target, "pure_rules": len(common),
            "pure_differs": sorted((ours & common) ^ (theirs & common)), "pure_peer": f"verifyhash-einvoice-{version('verifyhash-einvoice')}",
        }  # fmt: skip
    return result


def cold() -> dict[str, Any]:
    """A new process that validates one file, with the compiled sheet in the cache: the library, and the command."""
    file = str(DATA / "rich-10.xml")
    code = "import sys; from wasl.rules import validate; sys.exit(not validate(open(sys.argv[1], 'rb').read()).valid)"
    library = [sys.executable, "-c", code, file]
    command = [*COMMAND, file]
    medians: dict[str, float] = {}
    memory = 0
    for name, arguments in (("library", library), ("command", command)):
        times: list[float] = []
        for _ in range(7):
            started = time.perf_counter()
            subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
            times.append((time.perf_counter() - started) * 1e3)
        medians[name] = statistics.median(times[1:])
    probe = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    memory = int(subprocess.run([sys.executable, "-c", probe, *command], capture_output=True, text=True, check=True).stdout)
    return {
        "name": "validate/cold-process", "wasl_ms": round(medians["command"], 1), "library_ms": round(medians["library"], 1), "target_ms": 250,
        "memory_mb": round(memory / 1024, 1), "target_mb": 40, "n": 6, "cores": os.cpu_count(),
    }  # fmt: skip


def compiled() -> dict[str, Any]:
    """The first use of a sheet: read, translated, compiled."""
    from wasl.rules import cache as stored

    slowest: dict[str, float] = {}
    for name in ("en16931-ubl", "en16931-cii"):
        with tempfile.TemporaryDirectory() as folder:
            before = os.environ.get("WASL_CACHE_DIR")
            os.environ["WASL_CACHE_DIR"] = folder
            started = time.perf_counter()
            stored.load(name)
            slowest[name] = (time.perf_counter() - started) * 1e3
            os.environ.pop("WASL_CACHE_DIR") if before is None else os.environ.update(WASL_CACHE_DIR=before)
    return {"name": "validate/compile", "wasl_ms": round(max(slowest.values()), 1), "target_ms": 5000, "n": 1, "cores": os.cpu_count()}


def long() -> list[dict[str, Any]]:
    """Linear in lines: CPU time a line of the second document of each length."""
    found: list[dict[str, Any]] = []
    for syntax in ("ubl", "cii"):
        each: dict[int, float] = {}
        for lines in (1_000, 10_000, LONGEST[syntax]):
            documents = [maker().document(lines, salt, syntax) for salt in (1, 2)]
            for document in documents:
                gc.collect()
                used = time.process_time_ns()
                validate(document, profile="en16931")
                each[lines] = (time.process_time_ns() - used) / 1e3 / lines
        growth = each[LONGEST[syntax]] / each[1_000]
        rounded = {str(lines): round(microseconds, 1) for lines, microseconds in each.items()}
        found.append({"name": f"validate/{syntax}/linear", "us_a_line": rounded, "growth": round(growth, 2), "most": 1.5})
    return found


def folder() -> dict[str, Any]:
    """10,000 different invoices of 10 lines in a folder, by the command on all cores."""
    with tempfile.TemporaryDirectory() as place:
        for number in range(10_000):
            (Path(place) / f"{number:05d}.xml").write_bytes(maker().document(10, number % 997))
        started = time.perf_counter()
        subprocess.run([*COMMAND, place, "--json"], check=False, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "name": "validate/folder", "a_second": round(10_000 / seconds), "least": 1_000, "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "cores": os.cpu_count(),
    }  # fmt: skip


def line(result: dict[str, Any]) -> str:
    if "ratio" not in result:
        return "  ".join(str(value) if key == "name" else f"{key} {value}" for key, value in result.items())
    text = (
        f"{result['name']}  wasl {result['wasl_ms']:.2f} ms (cpu {result['wasl_cpu_ms']:.2f})  {result['peer']} {result['saxon_ms']:.2f} ms  "
        f"{result['ratio']}x, cpu {result['cpu_ratio']}x (target {result['target']}x)  "
        f"parse {result['parse_ms']:.2f} tree {result['tree_ms']:.2f} rules {result['rules_ms']:.2f} ms  "
        f"verdicts equal {result['verdicts_equal']}/{result['verdicts']}  n={result['n']} cores={result['cores']}"
    )
    if "pure_ms" in result:
        text += (
            f"\n{'':>10}{result['pure_peer']} {result['pure_ms']:.2f} ms  {result['pure_ratio']}x, cpu {result['pure_cpu_ratio']}x "
            f"(target {result['pure_target']}x)  it has {result['pure_rules']} of the {result['verdicts']} rules, "
            f"differing on them: {', '.join(result['pure_differs']) or 'none'}"
        )
    return text


def missed(result: dict[str, Any]) -> bool:
    return (
        result.get("cpu_ratio", 99) < result.get("target", 0)
        or result.get("pure_cpu_ratio", 99) < result.get("pure_target", 0)
        or result.get("verdicts_equal") != result.get("verdicts")
        or result.get("growth", 0) > result.get("most", 9)
        or result.get("a_second", 1) < result.get("least", 0)
        or result.get("memory_mb", 0) > result.get("target_mb", 1)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--rounds", type=int, help="rounds instead of the case's own number")
    parser.add_argument("--long", action="store_true", help="also 10,000 and 50,000 lines")
    parser.add_argument("--folder", action="store_true", help="also a folder of 10,000 invoices")
    arguments = parser.parse_args()
    worst = 0
    for name, syntax, lines, rounds, target, pure_target in CASES:
        result = measure(name, syntax, lines, arguments.rounds or rounds, target, pure_target)
        print(json.dumps(result) if arguments.json else line(result), flush=True)
        worst |= missed(result)
    others = [cold(), compiled(), *(long() if arguments.long else ()), *([folder()] if arguments.folder else ())]
    for result in others:
        print(json.dumps(result) if arguments.json else line(result), flush=True)
        worst |= missed(result)
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
