"""Reading and writing an invoice of 10 (and 1,000) rich lines in each syntax, beside the library factur-x in the same run.

    python bench/formats.py [--json] [--rounds N]

The peer reads into a dictionary of terms and writes from one, without its schema check, which it makes by default; nor do we make
one here. It reads less: of a line it keeps what its dictionary knows, and it names no losses. Also the splice of Factur-X metadata.
"""

from __future__ import annotations

import argparse
import copy
import gc
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wasl.formats import cii, ubl, wasljson

DATA = Path(__file__).resolve().parent / "data"
TARGET_MS = 1.0  # 10 lines, each way


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=300)
    arguments = parser.parse_args()
    results = [*ten_lines(arguments.rounds), *thousand_lines(), splice(arguments.rounds)]
    for result in results:
        print(json.dumps(result) if arguments.json else line(result))
    return 0 if all(result["met"] for result in results) else 1


def line(result: dict[str, Any]) -> str:
    peer = f"  {result['peer']} {result['peer_value']:.2f} ms  {result['ratio']:.1f}x" if "peer" in result else ""
    return f"{result['name']:<24}wasl {result['value']:.3f} ms{peer}  {result['note']}  cores={os.cpu_count()}"


def ten_lines(rounds: int) -> list[dict[str, Any]]:
    import facturx

    invoice = ubl.read((DATA / "rich-10.xml").read_bytes()).invoice
    documents = {"ubl": ubl.write(invoice), "cii": cii.write(invoice)}
    readers: dict[str, Callable[[bytes], Any]] = {"ubl": ubl.read, "cii": cii.read}
    writers: dict[str, Callable[[Any], bytes]] = {"ubl": ubl.write, "cii": cii.write}
    theirs: dict[str, Callable[..., Any]] = {"ubl": facturx.generate_ubl_xml, "cii": facturx.generate_cii_xml}
    results: list[dict[str, Any]] = []
    for syntax, document in documents.items():
        assert readers[syntax](document).invoice == invoice
        terms = facturx.parse_ubl_cii_xml(document, check_xsd=False)
        own = median(lambda d=document, r=readers[syntax]: r(d), rounds)
        peer = median(lambda d=document: facturx.parse_ubl_cii_xml(d, check_xsd=False), 40)
        results.append(row(f"formats.read.{syntax}", own, peer, f"10 lines, {len(document):,} bytes, target <= {TARGET_MS:.0f} ms"))
        own = median(lambda w=writers[syntax]: w(invoice), rounds)
        copies = [copy.deepcopy(terms) for _ in range(41)]  # it changes what it is given
        peer = median(lambda w=theirs[syntax], c=copies: w(c.pop(), check_xsd=False, check_schematron=False), 40)
        results.append(row(f"formats.write.{syntax}", own, peer, f"10 lines, target <= {TARGET_MS:.0f} ms"))
    text = wasljson.write(invoice)
    results.append(row("formats.read.json", median(lambda: wasljson.read(text), rounds), None, f"10 lines, {len(text):,} bytes"))
    results.append(row("formats.write.json", median(lambda: wasljson.write(invoice), rounds), None, "10 lines"))
    return results


def thousand_lines() -> list[dict[str, Any]]:
    invoice = ubl.read((DATA / "rich-1000.xml").read_bytes()).invoice
    results: list[dict[str, Any]] = []
    for name, document, reader in (("ubl", ubl.write(invoice), ubl.read), ("cii", cii.write(invoice), cii.read)):
        value = median(lambda d=document, r=reader: r(d), 9)
        results.append(row(f"formats.read.{name}.1000", value, None, f"1,000 lines, {len(document):,} bytes", target=None))
    return results


def splice(rounds: int) -> dict[str, Any]:
    """The metadata of a hybrid PDF put into the finished bytes."""
    from datetime import UTC, datetime

    from wasl.render import RenderContext, render_pdf
    from wasl.render.facturx import hybrid_context, marked

    invoice = ubl.read((DATA / "rich-10.xml").read_bytes()).invoice
    context = hybrid_context(invoice, RenderContext(issued_at=datetime(2026, 11, 23, tzinfo=UTC)))
    assert context.hybrid is not None
    pdf = render_pdf(invoice, context=RenderContext(issued_at=context.issued_at)).data
    return row("facturx.splice", median(lambda: marked(pdf, context.hybrid), rounds), None, f"{len(pdf):,} bytes")


def row(name: str, value: float, peer: float | None, note: str, *, target: float | None = TARGET_MS) -> dict[str, Any]:
    result: dict[str, Any] = {"name": name, "value": round(value, 3), "unit": "ms", "met": target is None or value <= target, "note": note}
    if peer is not None:
        result |= {"peer": "factur-x", "peer_value": round(peer, 2), "ratio": round(peer / value, 1)}
    return result


def median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds, after a warm-up; the garbage of one round is not paid by the next."""
    work()
    times: list[float] = []
    gc.collect()
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    raise SystemExit(main())
