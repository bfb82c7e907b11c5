"""Durable issue: one series, 8 callers, fsync on; and the legal part of one issue without the database or the PDF.

    python bench/issue.py [--json] [--count N] [--callers 8]

Callers are processes, each with its own connection, as web processes are. Afterwards the counter is looked at: a gap or a
failure makes the run fail, however fast it was. Peer: Tryton's invoice posting on such a machine, 1.1 a second (measured).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

TRYTON_PER_SECOND = 1.1
TARGET_PER_SECOND = 300
TARGET_LEGAL_MS = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=1600)
    parser.add_argument("--callers", type=int, default=8)
    arguments = parser.parse_args()
    from wasl.pg.supervisor import Cluster
    from wasl.seal import masterkey

    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder, Cluster(folder) as cluster:
        masterkey.generate(Path(folder) / "master.key")
        os.environ |= {"DATABASE_URL": cluster.url, "WASL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wasl.app.settings"}
        org_id = _prepare()
        results = [_legal(org_id), _durable(org_id, arguments.count, arguments.callers)]
    for result in results:
        print(json.dumps(result) if arguments.json else _line(result))
    return 0 if all(result["met"] for result in results) else 1


def invoice() -> Any:
    """Ten lines at two rates, the size of an ordinary invoice."""
    from wasl.invoice.model import Address, Contact, Invoice, Item, Line, Party, Price

    lines = tuple(
        Line(
            identifier=str(n), quantity=Decimal(n), unit="C62", price=Price(net=Decimal("19.95") + n), tax_category="S",
            tax_rate=Decimal(21 if n % 3 else 6), item=Item(name=f"Service number {n}", description="As agreed in the contract of the year"),
        )
        for n in range(1, 11)
    )  # fmt: skip
    address = Address(line_1="Naamsestraat 1", city="Leuven", post_code="3000", country="BE")
    buyer = Party(name="Leuven Lab", vat_identifier="BE0987654321", address=address, contact=Contact(name="Lies", email="lies@example.com"))
    return Invoice(currency="EUR", buyer=buyer, lines=lines, due_date=date(2031, 1, 31), buyer_reference="PO-1")


def _prepare() -> Any:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from wasl.app.invoicing.accounts import add_account
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    call_command("migrate", verbosity=0)
    actor = Actor.operator("bench")
    org = open_organisation(
        actor=actor, slug="bench", name_en="Brussels Books", legal_name_language="en", vat_identifier="BE0123456749", line_1="Rue Neuve 1",
        city="Brussels", post_code="1000", country="BE", currency="EUR", time_zone="Europe/Brussels", email="books@example.com",
    )  # fmt: skip
    open_series(org, kind="invoice", code="main", actor=actor)
    add_account(org, iban="BE68539007547034", currency="EUR", actor=actor)
    connection.close()
    return org.pk


def _legal(org_id: Any) -> dict[str, Any]:
    """Totals, XML, rules, hash, seal: what the law asks of an issue, on one core, warm."""
    import hashlib

    from wasl.app.invoicing.examine import examine
    from wasl.app.invoicing.prepare import prepare
    from wasl.app.tenancy import keys
    from wasl.app.tenancy.models import Organisation, SealKey
    from wasl.formats import ubl
    from wasl.seal import xades

    org, source = Organisation.objects.get(pk=org_id), invoice()
    name = SealKey.objects.for_org(org_id).values_list("name", flat=True).get()
    signer, at = keys.signer(org_id, name), datetime.now(UTC)
    parts: dict[str, list[float]] = {"model": [], "xml": [], "rules": [], "seal": []}
    for _ in range(150):
        t0 = time.perf_counter()
        prepared = prepare(org, source, on=date(2026, 11, 23), number="INV-2026-000001")
        t1 = time.perf_counter()
        document = ubl.write(prepared.invoice)
        t2 = time.perf_counter()
        assert examine(org, prepared.invoice, document).passes
        t3 = time.perf_counter()
        xades.sign(document, signer, at=at, name="invoice.xml")
        hashlib.sha256(document).digest()
        t4 = time.perf_counter()
        for name, begin, end in (("model", t0, t1), ("xml", t1, t2), ("rules", t2, t3), ("seal", t3, t4)):
            parts[name].append((end - begin) * 1000)
    medians = {name: statistics.median(values[30:]) for name, values in parts.items()}
    total = sum(medians.values())
    shares = ", ".join(f"{name} {value:.2f}" for name, value in medians.items())
    return {
        "name": "issue.legal", "value": round(total, 2), "unit": "ms", "met": total <= TARGET_LEGAL_MS,
        "note": f"target <= {TARGET_LEGAL_MS} ms; {shares}; {len(document):,} bytes, 10 lines",
    }  # fmt: skip


def _durable(org_id: Any, count: int, callers: int) -> dict[str, Any]:
    from django.db import connection

    connection.close()
    context = multiprocessing.get_context("spawn")
    gate, answers = context.Barrier(callers + 1), context.Queue()
    processes = [context.Process(target=_caller, args=(org_id, count // callers, gate, answers)) for _ in range(callers)]
    for process in processes:
        process.start()
    gate.wait()
    began = time.perf_counter()
    done = [answers.get() for _ in range(callers)]
    seconds = time.perf_counter() - began
    gate.wait()
    for process in processes:
        process.join()
    latencies = sorted(value for each in done for value in each["ms"])
    failures = sum(each["failures"] for each in done)
    caller_ms, database_ms = (sum(each["cpu"][side] for each in done) * 1000 / len(latencies) for side in (0, 1))
    rate, gaps = len(latencies) / seconds, _gaps(org_id, len(latencies))
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()[0]
    return {
        "name": "issue.durable", "value": round(rate, 1), "unit": "/s", "peer": "Tryton (measured apart)", "peer_value": TRYTON_PER_SECOND,
        "ratio": round(rate / TRYTON_PER_SECOND, 1), "met": rate >= TARGET_PER_SECOND and not gaps and not failures,
        "note": f"{len(latencies)} in one series, {callers} callers, fsync {fsync}, {gaps} gaps, {failures} failures, "
        f"p50 {latencies[len(latencies) // 2]:.1f} ms, p99 {latencies[len(latencies) * 99 // 100]:.1f} ms; "
        f"processor time of one: caller {caller_ms:.2f} ms, database {database_ms:.2f} ms",
    }  # fmt: skip


def _caller(org_id: Any, count: int, gate: Any, answers: Any) -> None:
    import django

    django.setup()
    from wasl.app.invoicing.issue import issue
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.models import Organisation

    org, actor, document = Organisation.objects.get(pk=org_id), Actor.operator("bench"), invoice()
    for _ in range(3):
        issue(org, document, actor=actor)  # warm: rules, statements, keys
    gate.wait()
    latencies, failures, cpu = [], 0, (time.process_time(), _backend_seconds())
    for _ in range(count):
        began = time.perf_counter()
        try:
            issue(org, document, actor=actor)
            latencies.append((time.perf_counter() - began) * 1000)
        except Exception as error:  # noqa: BLE001 - a failure is counted and shown, whatever it is
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            failures += 1
    spent = (time.process_time() - cpu[0], _backend_seconds() - cpu[1])
    answers.put({"ms": latencies, "failures": failures, "cpu": spent})
    gate.wait()  # whoever is first ready would otherwise take an interpreter apart beside those who still issue


def _backend_seconds() -> float:
    """Processor time of this caller's PostgreSQL process so far; 0 where there is no /proc."""
    from django.db import connection

    try:
        fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _gaps(org_id: Any, issued: int) -> int:
    """How many numbers between 1 and the last are missing, by the rows themselves."""
    from wasl.app.invoicing.models import Invoice

    counters = set(Invoice.objects.for_org(org_id).values_list("counter", flat=True))
    assert len(counters) >= issued
    return max(counters) - len(counters)


def _line(result: dict[str, Any]) -> str:
    peer = f"  {result['peer']} {result['peer_value']:,}  {result['ratio']:,}x" if "peer" in result else ""
    return f"{result['name']:<16}wasl {result['value']:,} {result['unit']}{peer}  {result['note']}  cores={os.cpu_count()}"


if __name__ == "__main__":
    sys.exit(main())
