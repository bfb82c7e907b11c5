"""What needs attention and who waits, at 1,000,000 invoices: list, counts and the bar's two numbers, for the largest seller.

    python bench/attention.py [--json] [--invoices 1000000]

2,000 sellers of Zipf sizes; every invoice has a row that watches whether it is opened, one in fifty a conversation. Met: each p95 <= 50 ms.
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

SELLERS = 2_000
TARGET_MS = 50.0
RUNS = 60

_FILL = """
CREATE TEMP TABLE world AS
WITH drawn AS MATERIALIZED (
    SELECT g AS n, least({sellers}, greatest(1, floor({sellers} ^ random())))::int AS place FROM generate_series(1, {count}) g)
SELECT d.n, gen_random_uuid() AS id, gen_random_uuid() AS talk, o.id AS org
FROM drawn d JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM tenancy_organisation) o ON o.place = d.place;
INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency, tax_exclusive_amount,
    tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language, issued_at)
SELECT org, id, id, n, 'INV-' || n, 'invoice', '380',
    '2026-11-01', '2026-12-01', 'SAR', 100, 15, 115, 115, '\\x00', '\\x00', 'sa', 'ar', now() FROM world;
INSERT INTO invoicing_invoicetext (organisation_id, id, invoice_id, buyer_name, buyer_email, buyer_reference, key_id)
SELECT org, id, id, 'Buyer ' || n, 'b@example.com', '', '' FROM world;
INSERT INTO support_attention (organisation_id, id, kind, invoice_id, subject, since, due_at, is_hidden, closed_by,
    closed_at)
SELECT org, gen_random_uuid(), CASE WHEN n %% 40 = 0 THEN 'bounced' ELSE 'unopened' END, id, id, now() - n * interval '1 second',
       now() + interval '2 days' - (n::float / {count}) * interval '12 days', false, CASE WHEN n %% 3 = 0 THEN '' ELSE 'cause' END,
       CASE WHEN n %% 3 = 0 THEN NULL ELSE now() END FROM world;
INSERT INTO support_conversation (organisation_id, id, invoice_id, line, kind, reason, state, state_at, state_side, outcome, opened_at,
    waiting_since, last_at)
SELECT org, talk, id, '', 'dispute', 'price', CASE WHEN n %% 100 = 0 THEN 'open' ELSE 'resolved' END, now(), 'payer', '', now(),
       CASE WHEN n %% 100 = 0 THEN now() - n * interval '1 second' END, now() FROM world WHERE n %% 50 = 0;
INSERT INTO support_message (organisation_id, id, conversation_id, invoice_id, side, act, reason, outcome, channel, key, at)
SELECT org, talk, talk, id, 'payer', 'disputed', 'price', '', 'portal', 'k', now() FROM world WHERE n %% 50 = 0;
INSERT INTO support_messagebody (organisation_id, id, message_id, invoice_id, text, author, key_id)
SELECT org, talk, talk, id, 'the price of line ' || n, 'b@example.com', '' FROM world WHERE n %% 50 = 0;
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--invoices", type=int, default=1_000_000)
    arguments = parser.parse_args()
    from wasl.pg.supervisor import Cluster
    from wasl.seal import masterkey

    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder, Cluster(Path(folder), durable=False) as cluster:
        masterkey.generate(Path(folder) / "master.key")
        os.environ |= {"DATABASE_URL": cluster.url, "WASL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wasl.app.settings"}
        results = measure(arguments.invoices)
    for result in results:
        print(
            json.dumps(result)
            if arguments.json
            else f"{result['name']:<34} p50 {result['p50_ms']:7.2f} ms   p95 {result['p95_ms']:7.2f} ms   rows {result['rows']}"
        )
    return 0 if all(result["met"] for result in results) else 1


def measure(invoices: int) -> list[dict[str, Any]]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from wasl.app.console.questions.queries import questions, waiting_count
    from wasl.app.support.attention import queries
    from wasl.app.tenancy.models import Organisation

    call_command("migrate", verbosity=0)
    Organisation.objects.bulk_create([Organisation(slug=f"s{n}", country="SA", currency="SAR", link_key_wrapped=b"") for n in range(SELLERS)])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in _FILL.replace("%%", "%").format(count=invoices, sellers=SELLERS).split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute("RESET session_replication_role")
        cursor.execute("ANALYZE")
        cursor.execute("SELECT organisation_id FROM invoicing_invoice GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
        org = Organisation.objects.get(pk=cursor.fetchone()[0])
    return [
        timed("attention/list", lambda: len(queries.attention(org)[0])),
        timed("attention/list of one kind", lambda: len(queries.attention(org, kind="bounced")[0])),
        timed("attention/list, page 40", lambda: len(queries.attention(org, page=40)[0])),
        timed("attention/counts by kind", lambda: sum(queries.counts(org).values())),
        timed("attention/the bar", lambda: queries.count(org.pk) + waiting_count(org.pk)),
        timed("questions/who waits longest", lambda: len(questions(org)[0])),
        timed("questions/all, newest first", lambda: len(questions(org, chosen="all")[0])),
    ]


def timed(name: str, act: Callable[[], int]) -> dict[str, Any]:
    rows, spent = 0, []
    for _run in range(RUNS):
        began = time.perf_counter()
        rows = act()
        spent.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(spent, n=20)[-1]
    return {"name": name, "p50_ms": round(statistics.median(spent), 2), "p95_ms": round(p95, 2), "rows": rows, "met": p95 <= TARGET_MS}


if __name__ == "__main__":
    sys.exit(main())
