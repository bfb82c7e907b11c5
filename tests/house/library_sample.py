"""What a program that uses Wasl as a library looks like; checked by pyright in strict mode and run by test_library."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import wasl


def check(path: Path) -> tuple[str, list[str]]:
    """The invoice's number and the rules it breaks."""
    found = wasl.read(path.read_bytes(), name=path.name)
    report = wasl.validate(found.source, profile="en16931")
    return found.invoice.number or "", [finding.rule for finding in report.findings]


def again(path: Path) -> bytes:
    """The same invoice, totalled again and written as UBL."""
    return wasl.write(wasl.totals(wasl.read(path.read_bytes()).invoice))


def paper(path: Path) -> int:
    """How many pages it has on paper."""
    invoice: wasl.Invoice = wasl.read(path.read_bytes()).invoice
    return wasl.render_pdf(invoice, context=wasl.RenderContext(language="ar", issued_at=datetime(2026, 11, 23, tzinfo=UTC))).pages


def proven(document: bytes, seal: bytes, proof: bytes, trust: Path) -> bool:
    """Whether it is genuine, unchanged and in a log that this machine trusts."""
    try:
        return wasl.verify(document, xades=seal, proof=proof, trust=wasl.TrustStore(trust)).ok
    except wasl.WaslError:
        return False
