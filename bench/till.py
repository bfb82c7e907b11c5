"""The seller's money pages at 1,000 and at 100,000 payments: the list, its totals, a search, the close of a day, the table for accountants.

    python bench/till.py [--json] [--payments 100000] [--no-tables]

Payments are spread over a year, each with its invoice, its attempt, its share and its two entries in the books. Flat: trial balance and
day close at the large size take at most twice the small one's time, or 5 ms more. A wall clock: run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

SMALL, RUNS = 1_000, 15
FLAT_RATIO, NOISE_MS = 2.0, 5.0
TARGET_PAGE_MS, TARGET_TOTALS_MS, TARGET_GROWTH_MB = 50.0, 500.0, 40.0
TARGETS = {"page": TARGET_PAGE_MS, "middle": TARGET_PAGE_MS, "search": TARGET_TOTALS_MS, "failed": TARGET_TOTALS_MS, "totals": TARGET_TOTALS_MS}

_FILL = """
CREATE TEMP TABLE world ON COMMIT DROP AS SELECT g AS n, gen_random_uuid() AS id, gen_random_uuid() AS event, gen_random_uuid() AS paid,
    gen_random_uuid() AS intent, now() - (g %% 365) * interval '1 day' - (g %% 80000) * interval '1 second' AS at
FROM generate_series({since}, {until}) g;
INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency, tax_exclusive_amount,
    tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language, customer_id, issued_at)
SELECT '{org}', w.id, s.id, n, 'B-' || n, 'invoice', '380', w.at, w.at, 'EUR', 20000, 4200, 24200, 24200, '\\x00', '\\x00', 'en16931',
    'en', c.id, w.at
FROM world w CROSS JOIN (SELECT id FROM invoicing_series WHERE kind = 'invoice') s
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM invoicing_customer) c ON c.place = 1 + n %% {customers};
INSERT INTO events_event (organisation_id, id, invoice_id, type, at, amount, currency, logged)
SELECT '{org}', v.event, w.id, v.type, w.at, 24200, 'EUR', false FROM world w
CROSS JOIN LATERAL (VALUES (w.event, 'issued'), (w.paid, 'paid')) v (event, type);
INSERT INTO payments_intent (organisation_id, id, invoice_id, driver, method, amount, currency, reference, return_url, gateway_id, hosted_url, status,
    captured, refunded, created_at, settled_at, checks, next_check_at)
SELECT '{org}', intent, id, 'bank', 'card', 24200, 'EUR', 'W' || n, '', 'pay_' || n, '', CASE WHEN n %% 50 = 0 THEN 'failed' ELSE 'succeeded' END,
    CASE WHEN n %% 50 = 0 THEN 0 ELSE 24200 END, 0, at, at, 0, at FROM world;
INSERT INTO payments_intentshare (organisation_id, id, intent_id, invoice_id, amount, position)
SELECT '{org}', gen_random_uuid(), intent, id, 24200, 0 FROM world;
INSERT INTO payments_journalentry (organisation_id, id, event_id, kind, invoice_id, currency, at)
SELECT '{org}', event, event, 'issue', id, 'EUR', at FROM world;
INSERT INTO payments_journalline (organisation_id, id, entry_id, account, amount)
SELECT '{org}', gen_random_uuid(), event, a.account, a.amount FROM world
CROSS JOIN (VALUES ('receivable', 24200), ('sales', -24200)) a (account, amount);
INSERT INTO payments_journalentry (organisation_id, id, event_id, kind, invoice_id, intent_id, currency, at)
SELECT '{org}', paid, paid, 'payment', id, intent, 'EUR', at FROM world WHERE n %% 50 <> 0;
INSERT INTO payments_journalline (organisation_id, id, entry_id, account, amount)
SELECT '{org}', gen_random_uuid(), paid, a.account, a.amount FROM world
CROSS JOIN (VALUES ('gateway_clearing', 24200), ('receivable', -24200)) a (account, amount) WHERE n %% 50 <> 0;
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--no-tables", action="store_true", help="leave the two exports out")
    arguments = parser.parse_args()
    from wasl.pg.supervisor import Cluster
    from wasl.seal import masterkey

    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder, Cluster(folder) as cluster:
        masterkey.generate(Path(folder) / "master.key")
        os.environ |= {"DATABASE_URL": cluster.url, "WASL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wasl.app.settings"}
        spec = importlib.util.spec_from_file_location("journal", Path(__file__).with_name("journal.py"))
        assert spec is not None and spec.loader is not None
        journal = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(journal)
        results = _measure(journal._prepare(), arguments.payments, tables=not arguments.no_tables)
    for result in results:
        print(json.dumps(result) if arguments.json else f"{result['name']:<20}wasl {result['value']:,} {result['unit']}  {result['note']}")
    return 0 if all(result["met"] for result in results) else 1


def _fill(org: Any, since: int, until: int) -> None:
    from django.db import connection, transaction

    from wasl.app.payments.days import fold

    for start in range(since, until + 1, 20_000):
        with transaction.atomic(), connection.cursor() as cursor:
            values = {"org": org.pk, "since": start, "until": min(start + 19_999, until), "customers": 100}
            cursor.execute(_FILL.format(**values).replace("%%", "%"))
    fold()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself, a minute or so later


def _measure(org: Any, payments: int, *, tables: bool) -> list[dict[str, Any]]:
    _fill(org, 1, SMALL)
    small = _times(org)
    _fill(org, SMALL + 1, payments)
    large = _times(org)
    results = [_flat(name, large[name], small[name], payments) for name in ("trial_balance", "day_close")]
    for name, target in TARGETS.items():
        note = f"target <= {target:g} ms; {small[name]:.1f} ms at {SMALL:,} payments, now {payments:,}; median of {RUNS}"
        results.append({"name": f"till.{name}", "value": round(large[name], 1), "unit": "ms", "met": large[name] <= target, "note": note})
    return [*results, *(_exports(org) if tables else [])]


def _flat(name: str, large: float, small: float, payments: int) -> dict[str, Any]:
    met = large <= max(FLAT_RATIO * small, small + NOISE_MS)
    note = f"{small:.1f} ms at {SMALL:,} payments, {large:.1f} ms at {payments:,}: flat is at most {FLAT_RATIO:g}x or {NOISE_MS:g} ms more"
    return {"name": f"till.{name}", "value": round(large, 1), "unit": "ms", "met": met, "note": note}


def _times(org: Any) -> dict[str, float]:
    from wasl.app import clock
    from wasl.app.console.payments import queries
    from wasl.app.console.payments.filters import Cursor, Wanted
    from wasl.app.ids import uuid7
    from wasl.app.payments.dayclose import day_close
    from wasl.app.payments.journal import trial_balance

    middle, today = Cursor(clock.now() - timedelta(days=180), uuid7()), clock.now().date()
    return {
        "trial_balance": _median(lambda: trial_balance(org)),
        "day_close": _median(lambda: day_close(org, today)),
        "page": _median(lambda: queries.page(org, Wanted())),
        "middle": _median(lambda: queries.page(org, Wanted(), after=middle)),
        "search": _median(lambda: queries.page(org, Wanted(text="B-77"))),
        "failed": _median(lambda: queries.page(org, Wanted(show="failed"))),
        "totals": _median(lambda: queries.totals(org, Wanted())),
    }


def _exports(org: Any) -> list[dict[str, Any]]:
    """Rows, seconds, and by how much the process grew while it sent them."""
    from wasl.app.console.payments import export
    from wasl.app.console.payments.filters import Wanted
    from wasl.formats.table.stream import csv_stream, xlsx_stream

    results: list[dict[str, Any]] = []
    makes = {
        "payments.csv": lambda: csv_stream(export._payment_rows(org, Wanted())),
        "journal.xlsx": lambda: xlsx_stream(export._journal_rows(org, Wanted()), lang="en", sheet="J"),
    }
    for name, make in makes.items():
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        size = sum(len(chunk) for chunk in make())
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        note = f"{time.perf_counter() - began:.1f} s, {size / 1e6:.1f} MB sent; target <= {TARGET_GROWTH_MB:g} MB more memory"
        results.append({"name": f"till.{name}", "value": round(grown, 1), "unit": "MB", "met": grown <= TARGET_GROWTH_MB, "note": note})
    return results


def _median(act: Callable[[], Any]) -> float:
    times: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
