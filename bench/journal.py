"""The journal: posting one entry, and reading balances, at 1,000 and at 1,000,000 entries.

    python bench/journal.py [--json] [--entries 1000000]

Posting is the service's own statement with everything that hangs on it: keys, each invoice's balance kept in the same statement, the
inbox and the search behind it, and what else is put off to the commit: the check that the entry balances. Measured inside one
transaction, without the wait for the disk that a whole payment shares. Balances are those that pages ask for: one invoice, a page of
25, a customer's credit. Flat: the large books answer in less than twice the time of the small ones, or within a millisecond of it. A
wall clock: run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TARGET_POST_MS = 1.0
FLAT_RATIO, NOISE_MS = 2.0, 1.0
RUNS = 300
SMALL = 1_000
CUSTOMERS = 100

# Issued invoices of one seller, each with its event and its entry of two lines, as issue writes them
_FILL = """
CREATE TEMP TABLE world ON COMMIT DROP AS SELECT g AS n, gen_random_uuid() AS id, gen_random_uuid() AS event FROM generate_series({since}, {until}) g;
INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency, tax_exclusive_amount,
    tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language, customer_id, issued_at)
SELECT '{org}', w.id, s.id, n, 'B-' || n, 'invoice', '380', '2026-11-01', '2026-12-01', 'EUR', 20000, 4200, 24200, 24200, '\\x00', '\\x00', 'en16931',
    'en', c.id, now()
FROM world w CROSS JOIN (SELECT id FROM invoicing_series WHERE kind = 'invoice') s
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM invoicing_customer) c ON c.place = 1 + n %% {customers};
INSERT INTO events_event (organisation_id, id, invoice_id, type, at, amount, currency, logged)
SELECT '{org}', event, id, 'issued', now(), 24200, 'EUR', false FROM world;
INSERT INTO payments_journalentry (organisation_id, id, event_id, kind, invoice_id, currency, at)
SELECT '{org}', event, event, 'issue', id, 'EUR', now() FROM world;
INSERT INTO payments_journalline (organisation_id, id, entry_id, account, amount)
SELECT '{org}', gen_random_uuid(), event, a.account, a.amount FROM world
CROSS JOIN (VALUES ('receivable', 24200), ('sales', -24200)) a (account, amount);
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--entries", type=int, default=1_000_000)
    arguments = parser.parse_args()
    from wasl.pg.supervisor import Cluster
    from wasl.seal import masterkey

    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder, Cluster(folder) as cluster:
        masterkey.generate(Path(folder) / "master.key")
        os.environ |= {"DATABASE_URL": cluster.url, "WASL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wasl.app.settings"}
        results = _measure(_prepare(), arguments.entries)
    for result in results:
        print(json.dumps(result) if arguments.json else _line(result))
    return 0 if all(result["met"] for result in results) else 1


def _prepare() -> Any:
    import django

    django.setup()
    from django.core.management import call_command

    from wasl.app.invoicing.customers import add_customer
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    call_command("migrate", verbosity=0)
    actor = Actor.operator("bench")
    org = open_organisation(actor=actor, slug="bench", name_en="Brussels Books", country="BE", currency="EUR", time_zone="Europe/Brussels")
    open_series(org, kind="invoice", code="main", actor=actor)
    for number in range(CUSTOMERS):
        add_customer(org, actor=actor, name=f"Customer {number}", country="BE")
    return org


def _fill(org: Any, since: int, until: int) -> None:
    from django.db import connection, transaction

    for start in range(since, until + 1, 50_000):
        with transaction.atomic(), connection.cursor() as cursor:
            values = {"org": org.pk, "since": start, "until": min(start + 49_999, until), "customers": CUSTOMERS}
            cursor.execute(_FILL.format(**values).replace("%%", "%"))
    with connection.cursor() as cursor:
        for table in ("payments_journalentry", "payments_journalline", "payments_balance", "invoicing_invoice"):
            cursor.execute(f"ANALYZE {table}")


def _measure(org: Any, entries: int) -> list[dict[str, Any]]:
    _fill(org, 1, SMALL)
    small = _times(org)
    _fill(org, SMALL + 1, entries)
    large = _times(org)
    results = [_result(f"journal.{name}", large[name], small[name], entries) for name in ("invoice", "page", "credit")]
    post = large["post"]
    met = post <= TARGET_POST_MS
    note = f"target <= {TARGET_POST_MS} ms; {small['post']:.2f} ms at {SMALL:,} entries, now {entries:,}; median of {RUNS}, no wait for the disk"
    return [{"name": "journal.post", "value": round(post, 2), "unit": "ms", "met": met, "note": note}, *results]


def _result(name: str, large: float, small: float, entries: int) -> dict[str, Any]:
    met = large <= max(FLAT_RATIO * small, small + NOISE_MS)
    note = f"{small:.2f} ms at {SMALL:,} entries, {large:.2f} ms at {entries:,}: flat is at most {FLAT_RATIO:g}x or {NOISE_MS:g} ms more"
    return {"name": name, "value": round(large, 2), "unit": "ms", "met": met, "note": note}


def _times(org: Any) -> dict[str, float]:
    """Median milliseconds of each thing; what is posted is rolled back, so that nothing is measured twice."""
    from django.db import transaction

    from wasl.app import clock
    from wasl.app.events.record import record
    from wasl.app.invoicing.models import Invoice
    from wasl.app.payments.credit import balance_of
    from wasl.app.payments.journal import CLEARING, CREDIT, RECEIVABLE, JLine, post
    from wasl.app.payments.models import JournalEntry
    from wasl.app.payments.standing import standing, standings
    from wasl.app.sql import run

    rows = list(Invoice.objects.for_org(org).order_by("?")[:RUNS])
    posted: list[float] = []
    with transaction.atomic():
        for row in rows:
            event = record("note", org=org, invoice=row, at=clock.now())
            began = time.perf_counter()
            lines = [JLine(CLEARING, 30000), JLine(RECEIVABLE, -24200), JLine(CREDIT, -5800)]
            post(event, JournalEntry.PAYMENT, lines, currency="EUR", invoice=row, customer=row.customer_id)
            run("SET CONSTRAINTS ALL IMMEDIATE")  # what COMMIT would do
            posted.append((time.perf_counter() - began) * 1000)
            run("SET CONSTRAINTS ALL DEFERRED")
        credit = _each(rows, lambda row: balance_of(org, row.customer_id, "EUR"))
        transaction.set_rollback(True)
    return {
        "post": statistics.median(posted),
        "credit": credit,
        "invoice": _each(rows, lambda row: standing(org, row)),
        "page": _each(rows, lambda row: standings(org, rows[:25])),
    }


def _each(rows: list[Any], act: Callable[[Any], Any]) -> float:
    times: list[float] = []
    for row in rows:
        began = time.perf_counter()
        act(row)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _line(result: dict[str, Any]) -> str:
    return f"{result['name']:<16}wasl {result['value']:,} {result['unit']}  {result['note']}  cores={os.cpu_count()}"


if __name__ == "__main__":
    sys.exit(main())
