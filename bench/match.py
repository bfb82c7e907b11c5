"""A bank statement of 100,000 movements against 1,000,000 open invoices: read, kept and matched by the product's own import.

    python bench/match.py [--json] [--lines 100000] [--invoices 1000000] [--customers 50000]

The movements are written as CAMT.053: numbers with dashes, without, in Arabic digits, as RF references; names in the other script with
the exact amount; sums of two invoices; part payments; and noise. What each must find is known, and is counted. The target is of
matching; reading, adding up and keeping the file are said beside it. Nothing is booked: that is `books`' own figure.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

MATCH_SECONDS_MAX = 60.0
IBAN = "SA0380000000608010167519"
SHARES = (("number", 35), ("plain", 10), ("arabic", 5), ("rf", 15), ("payer", 15), ("two", 3), ("less", 7), ("noise", 10))
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# Names of one payer in both scripts: a stem of each, told apart by a number
STEMS = (("الأفق الأزرق", "Al Ofuq Al Azraq"), ("سند التقنية", "Sanad Al Taqnia"), ("نور الشرق", "Nur Al Sharq"), ("بحر الخليج", "Bahr Al Khalij"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--invoices", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=50_000)
    arguments = parser.parse_args()
    from wasl.pg.supervisor import Cluster
    from wasl.seal import masterkey

    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder, Cluster(Path(folder) / "pg-data") as cluster:
        masterkey.generate(Path(folder) / "master.key")
        os.environ |= {
            "DATABASE_URL": cluster.url, "WASL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wasl.app.settings", "WASL_LOG_LEVEL": "error",
        }  # fmt: skip
        result = measure(arguments.lines, arguments.invoices, arguments.customers)
    print(json.dumps(result) if arguments.json else "  ".join(f"{name} {value}" for name, value in result.items()))
    return 0 if result["met"] else 1


def measure(lines: int, invoices: int, customers: int) -> dict[str, Any]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from wasl.app.payments.statements import advance
    from wasl.app.payments.statements.models import StatementFile
    from wasl.app.payments.statements.take_in import begin, take_in
    from wasl.app.sql import run
    from wasl.app.tenancy.actor import Actor
    from wasl.standins.statements import Period, camt053

    org = world(invoices, customers)
    wanted: dict[str, int] = {}
    movements = list(written(lines, invoices, customers, wanted))
    actor = Actor.operator("bench")
    (taken,) = take_in(org, "bench.xml", camt053([Period(IBAN, "SAR", 0, movements)], version=8), actor=actor)
    del movements
    begin(taken.file, actor=actor)
    seconds: dict[str, float] = {}
    file = StatementFile.objects.for_org(org).get(pk=taken.file.pk)
    for name, step in (("add up", advance._check), ("keep", advance._store), ("match", advance._match)):
        began = time.perf_counter()
        step(file)
        seconds[name] = time.perf_counter() - began
    found = dict(run(
        "SELECT CASE WHEN s.reason = 'reference' AND s.score = 100 THEN 'sure' ELSE s.reason END, count(DISTINCT s.line_id)"
        " FROM statements_suggestion s WHERE s.rank = 1 GROUP BY 1"
    ))  # fmt: skip
    sure = sum(wanted[name] for name in ("number", "plain", "arabic", "rf"))
    right = {
        "sure": found.get("sure", 0) == sure, "less": found.get("less", 0) == wanted["less"],
        "payer": found.get("payer", 0) + found.get("payer_many", 0) >= wanted["payer"] * 0.9, "two": found.get("two", 0) >= wanted["two"] * 0.9,
    }  # fmt: skip
    return {
        "name": "match", "value": round(seconds["match"], 1), "unit": "s", "target": f"<= {MATCH_SECONDS_MAX:.0f} s",
        "met": seconds["match"] <= MATCH_SECONDS_MAX and all(right.values()), "lines": lines, "open invoices": invoices,
        "add up s": round(seconds["add up"], 1), "keep s": round(seconds["keep"], 1), "sure": f"{found.get('sure', 0)}/{sure}",
        "payer": f"{found.get('payer', 0) + found.get('payer_many', 0)}/{wanted['payer']}", "two": f"{found.get('two', 0)}/{wanted['two']}",
        "less": f"{found.get('less', 0)}/{wanted['less']}", "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "cores": os.cpu_count(),
    }  # fmt: skip


def amount_of(at: int) -> int:
    """What invoice `at` asks for: 10,000 different amounts, so each is owed a hundred times."""
    return 100_00 + (at * 7919) % 1_000_000


def number_of(at: int) -> str:
    return f"INV-2026-{at:07d}"


def name_of(customer: int, english: bool) -> str:
    stem = STEMS[customer % len(STEMS)][english]
    return f"{stem} {customer} Trading Est." if english else f"مؤسسة {stem} {customer} للتجارة"


def written(lines: int, invoices: int, customers: int, wanted: dict[str, int]) -> Iterator[Any]:
    """The movements, in an order without order; no invoice is named twice."""
    from wasl.invoice.creditor_reference import make
    from wasl.standins.statements import Movement

    dice = random.Random(7)
    chosen = iter(dice.sample(range(1, invoices // 2), lines))
    kinds = [kind for kind, share in SHARES for _ in range(lines * share // 100)]
    kinds += ["noise"] * (lines - len(kinds))
    dice.shuffle(kinds)
    for place, kind in enumerate(kinds):
        at = next(chosen)
        wanted[kind] = wanted.get(kind, 0) + 1
        number, units, payer = number_of(at), amount_of(at), at % customers
        text, reference, name = "", "", f"Someone {place}"
        if kind == "number":
            text = f"payment {number}"
        elif kind == "plain":
            text = number.replace("-", "").lower()
        elif kind == "arabic":
            text = f"سداد فاتورة {number.translate(ARABIC)}"
        elif kind == "rf":
            reference = make(number.replace("-", ""))
        elif kind == "payer":
            name = name_of(payer, english=True)
        elif kind == "two":
            name, units = name_of(payer, english=True), units + amount_of(at + customers)
        elif kind == "less":
            text, units = f"part of {number}", units - 1
        else:
            units = 3 + place % 97
        yield Movement(
            date(2026, 11, 1) + timedelta(place % 28), units, name=name, text=text, creditor_reference=reference, bank_reference=f"B{place}"
        )


def world(invoices: int, customers: int) -> Any:
    """A seller with that many open invoices, written past the services: the rows are what the services leave behind."""
    from django.db import connection

    from wasl.app.invoicing.accounts import add_account
    from wasl.app.invoicing.models import Series
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.sql import run
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    actor = Actor.operator("bench")
    org = open_organisation(
        actor=actor, slug="bench", name_en="Bench", name_ar="منصة القياس", legal_name_language="en", vat_identifier="310122393500003", line_1="1",
        city="Riyadh", post_code="12211", country="SA", currency="SAR", time_zone="Asia/Riyadh", email="b@example.com", default_language="ar",
    )  # fmt: skip
    series = open_series(org, kind=Series.INVOICE, code="main", pattern="INV-{YYYY}-{0000000}", actor=actor)
    add_account(org, iban=IBAN, currency="SAR", actor=actor)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the projections are written here, not derived
    rows = [(UUID(int=1 << 100 | at), name_of(at, english=False)) for at in range(customers)]
    from wasl.app.invoicing.models import Customer

    Customer.objects.bulk_create([Customer(id=key, organisation=org, name=name, country="SA") for key, name in rows], batch_size=5_000)
    values = {"org": org.pk, "series": series.pk, "invoices": invoices, "customers": customers}
    for statement in (_INVOICES, _TEXTS, _BALANCES):
        run(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE")
    return org


_ID = "('10000000-0000-0000-0001-' || lpad(to_hex(g), 12, '0'))::uuid"
_CUSTOMER = "('00000010-0000-0000-0000-' || lpad(to_hex(g %% %(customers)s), 12, '0'))::uuid"
_AMOUNT = "10000 + (g::bigint * 7919) %% 1000000"
_INVOICES = f"""
INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency, tax_exclusive_amount,
    tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language, customer_id, issued_at)
SELECT %(org)s, {_ID}, %(series)s, g, 'INV-2026-' || lpad(g::text, 7, '0'), 'invoice', '388', DATE '2026-10-01', DATE '2026-11-01' + g %% 30, 'SAR',
    {_AMOUNT}, 0, {_AMOUNT}, {_AMOUNT}, '', '', 'sa', 'ar', {_CUSTOMER}, now()
FROM generate_series(1, %(invoices)s) g
"""
_TEXTS = """
INSERT INTO invoicing_invoicetext (organisation_id, id, invoice_id, buyer_name, buyer_email, buyer_reference, key_id)
SELECT i.organisation_id, i.id, i.id, c.name, '', '', '' FROM invoicing_invoice i
JOIN invoicing_customer c ON c.organisation_id = i.organisation_id AND c.id = i.customer_id
WHERE i.organisation_id = %(org)s
"""
_BALANCES = """
INSERT INTO payments_balance (organisation_id, id, currency, due_date, total, received, returned, credited, forgiven, refunds_due, disputed)
SELECT organisation_id, id, currency, due_date, payable_amount, 0, 0, 0, 0, 0, 0 FROM invoicing_invoice WHERE organisation_id = %(org)s
"""

if __name__ == "__main__":
    sys.exit(main())
