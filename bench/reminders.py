"""Reminders by the million: planned by statements, and really sent over SMTP with a SIGKILL in the middle.

    python bench/reminders.py [--json] [--watches 1000000] [--sellers 2000] [--send 20000]

Planning: every watch is due today, of sellers of Zipf sizes, one address in fifty with wishes of its own. Sending: the worker's own
round against the mail server stand-in in a process of its own; at half the mails it is killed without warning and started again.
Afterwards every mailbox is looked at: a second copy is allowed only of what the books call unknown, and then byte by byte the same.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BASE = datetime(2026, 12, 20, 6, 30, tzinfo=UTC)  # a Sunday, 09:30 in Riyadh
PLAN_SECONDS_MAX = 60.0
STEPS = (-3, 0, 3, 10)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--watches", type=int, default=1_000_000)
    parser.add_argument("--sellers", type=int, default=2_000)
    parser.add_argument("--send", type=int, default=20_000)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        return work(int(arguments.worker))
    from wasl.pg.supervisor import Cluster
    from wasl.seal import masterkey
    from wasl.standins.process import running

    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder, Cluster(Path(folder) / "pg-data") as cluster:
        masterkey.generate(Path(folder) / "master.key")
        free = ("--smtp", "0", "--imap", "0", "--http", "0", "--no-dsn", "--imap-password", "bench", "--dir", f"{folder}/mail")
        with running("wasl.standins.mailserver", *free) as ports:
            os.environ |= {
                "DATABASE_URL": cluster.url, "WASL_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "wasl.app.settings", "WASL_LOG_LEVEL": "error",
                "WASL_SMTP_URL": f"smtp://127.0.0.1:{ports['smtp']}", "WASL_MAIL_FROM": "wasl@wasl.example",
            }  # fmt: skip
            prepare(arguments.watches, arguments.sellers, arguments.send)
            results = [plan(arguments.watches), *send(arguments.send, Path(folder) / "mail")]
    for result in results:
        print(json.dumps(result) if arguments.json else line(result))
    return 0 if all(result["met"] for result in results) else 1


def line(result: dict[str, Any]) -> str:
    rest = "  ".join(f"{name} {value}" for name, value in result.items() if name not in ("name", "value", "unit", "met"))
    return f"{result['name']:<22} {result['value']} {result['unit']}  {'ok' if result['met'] else 'MISSED'}  {rest}"


def prepare(watches: int, sellers: int, send_count: int) -> None:
    """Sellers, one real invoice, and the rest of the rows by statements, as a restored installation would have them."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from wasl.app import clock
    from wasl.app.ids import uuid7
    from wasl.app.tenancy import keys

    call_command("migrate", verbosity=0)
    clock.set_source(lambda: BASE - timedelta(days=60))
    org = first_seller()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("UPDATE tenancy_organisation SET created_at = %s", [BASE - timedelta(days=400)])
        others = [uuid7() for _ in range(sellers - 1)]
        cursor.executemany(
            "INSERT INTO tenancy_organisation SELECT (jsonb_populate_record(o, jsonb_build_object('id', %s::text, 'slug', %s::text,"
            " 'pseudonym', gen_random_uuid()))).* FROM tenancy_organisation o WHERE o.id = %s",
            [(str(each), f"seller-{n}", org.pk) for n, each in enumerate(others)],
        )
        wrapped = [(keys.new_link_key(each, os.urandom(32)), each) for each in others]
        cursor.executemany("UPDATE tenancy_organisation SET link_key_wrapped = %s WHERE id = %s", wrapped)
        cursor.execute("CREATE TEMP TABLE sellers AS SELECT id AS org, row_number() OVER (ORDER BY id) AS rank FROM tenancy_organisation")
        cursor.execute(
            "CREATE TEMP TABLE parts AS"
            " SELECT org, rank, greatest(1, round(%s / rank / (SELECT sum(1.0 / rank) FROM sellers)))::int AS many FROM sellers",
            [watches],
        )
        cursor.execute(_INVOICES, {"org": org.pk, "watches": watches, "base": BASE.date(), "at": BASE - timedelta(days=30)})
        for statement in (_BALANCES, _WATCHES, _WISHES, _OWN):
            cursor.execute(statement, {"base": BASE.date(), "at": BASE - timedelta(days=30), "watches": watches})
        cursor.execute(_DOCUMENTS, {"org": org.pk, "count": send_count * 2})
        cursor.execute("RESET session_replication_role")
        cursor.execute("ANALYZE notices_watch, payments_balance, invoicing_invoice, notices_preference")
        cursor.execute("SELECT count(*) FROM notices_watch")
        print(f"# {cursor.fetchone()[0]} watches of {sellers} sellers prepared in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def first_seller() -> Any:
    from wasl.app.invoicing.accounts import add_account
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from issue import invoice

    actor = Actor.operator("bench")
    org = open_organisation(
        actor=actor, slug="bench", name_en="Brussels Books", name_ar="كتب بروكسل", legal_name_language="en", vat_identifier="BE0123456749",
        line_1="Rue Neuve 1", city="Brussels", post_code="1000", country="SA", currency="EUR", time_zone="Asia/Riyadh", email="books@example.com",
        profile="en16931",
    )  # fmt: skip
    open_series(org, kind="invoice", code="main", actor=actor)
    add_account(org, iban="BE68539007547034", currency="EUR", actor=actor)
    issue(org, invoice(), actor=actor)
    return org


# A copy of the one issued invoice for each watch: its own number, a due date that makes one of the four steps fall on today
_INVOICES = """
INSERT INTO invoicing_invoice (organisation_id, id, series_id, counter, number, kind, type_code, issue_date, due_date, currency, tax_exclusive_amount,
    tax_amount, tax_inclusive_amount, payable_amount, document_sha256, seal_sha256, profile, language, issued_at)
SELECT p.org, gen_random_uuid(), i.series_id, g.n + 1, 'INV-2026-' || lpad(g.n::text, 7, '0'), 'invoice', '380', i.issue_date,
       %(base)s::date - (ARRAY[-3, 0, 3, 10])[1 + g.n %% 4], i.currency, i.tax_exclusive_amount, i.tax_amount, i.tax_inclusive_amount,
       i.payable_amount, i.document_sha256, i.seal_sha256, i.profile, CASE WHEN g.n %% 5 < 3 THEN 'ar' ELSE 'en' END, %(at)s
FROM parts p CROSS JOIN LATERAL generate_series(1, p.many) AS g(n) CROSS JOIN (SELECT * FROM invoicing_invoice WHERE organisation_id = %(org)s) i
LIMIT %(watches)s
"""
_BALANCES = """
INSERT INTO payments_balance (organisation_id, id, currency, due_date, total, received, returned, credited, forgiven, refunds_due, disputed, moved_at)
SELECT organisation_id, id, currency, due_date, payable_amount, 0, 0, 0, 0, 0, 0, issued_at FROM invoicing_invoice
ON CONFLICT (organisation_id, id) DO NOTHING
"""
_WATCHES = """
INSERT INTO notices_watch (organisation_id, id, invoice_id, email, language, due_date, done_through, has_own, closed, stale, parked, next_kind,
    created_at)
SELECT organisation_id, gen_random_uuid(), id, 'payer' || (row_number() OVER ()) %% 400000 || '@example.com', language, due_date,
       (%(base)s::date - due_date) - 1, false, '', true, '', '', %(at)s FROM invoicing_invoice
LIMIT %(watches)s
"""
_WISHES = """
INSERT INTO notices_preference (email, language, digits, hijri, theme, time_zone, country, channels, reminder_days, digest, quiet_from, quiet_until,
    skip_weekends, skip_holidays, updated_at)
SELECT 'payer' || n * 50 || '@example.com', '', 'latn', false, 'auto', '', '', '{}', '[7, 3, 0]', 'off', '22:00', '07:00', true, true, %(at)s
FROM generate_series(1, 8000) AS g(n)
"""
_OWN = "UPDATE notices_watch w SET has_own = true FROM notices_preference p WHERE p.email = w.email"
# The sealed bytes for as many as will be sent, so that each mail really reads a document
_DOCUMENTS = """
INSERT INTO invoicing_document (organisation_id, id, invoice_id, kind, sha256, data, key_id, created_at)
SELECT w.organisation_id, gen_random_uuid(), w.invoice_id, 'xml', d.sha256, d.data, '', d.created_at
FROM (SELECT organisation_id, invoice_id FROM notices_watch LIMIT %(count)s) w
CROSS JOIN (SELECT * FROM invoicing_document WHERE organisation_id = %(org)s AND kind = 'xml' ORDER BY created_at LIMIT 1) d
ON CONFLICT DO NOTHING
"""


def plan(watches: int) -> dict[str, Any]:
    """Every watch planned (the one real invoice later than today); stopped after some chunks, it goes on from there."""
    from wasl.app import clock
    from wasl.app.notices.planner import plan_stale
    from wasl.app.sql import run

    clock.set_source(lambda: BASE)
    run("SELECT 1")
    began = time.perf_counter()
    planned = plan_stale(chunks=4)
    planned += plan_stale()
    seconds = time.perf_counter() - began
    due = run("SELECT count(*) FROM notices_watch WHERE next_at <= %s AND closed = '' AND NOT stale", (BASE,))[0][0]
    wrong = run("SELECT count(*) FROM notices_watch WHERE stale OR next_kind NOT IN ('due_soon', 'due', 'overdue')")[0][0]
    return {
        "name": "reminders.plan", "value": round(seconds, 1), "unit": "s", "met": seconds <= PLAN_SECONDS_MAX and planned - due <= 1 and not wrong,
        "planned": planned, "due_now": due, "per_second": round(planned / seconds),
    }  # fmt: skip


def send(count: int, mailbox: Path) -> list[dict[str, Any]]:
    """`count` reminders through the worker's round, the worker killed at half of them."""
    from wasl.app.sql import run

    began = time.perf_counter()
    os.environ["BENCH_BEGAN"] = str(time.time())
    worker, killed_at = start(count), 0
    while worker.poll() is None:
        time.sleep(0.2)
        arrived = len(list(mailbox.glob("*.eml")))
        if not killed_at and arrived >= count // 2:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            killed_at = arrived
            worker = start(count)
    seconds = time.perf_counter() - began
    stored = [json.loads(path.read_text("utf-8")) for path in mailbox.glob("*.json")]
    mails = [each for each in stored if each["outcome"] == "accepted"]
    keys = dict(run("SELECT d.message_id, d.state FROM delivery_delivery d WHERE d.kind <> 'invoice'"))
    steps = run(
        "SELECT organisation_id, invoice_id, email, step FROM notices_notice WHERE delivery_id IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"
    )
    doubted = {row[0] for row in run(
        "SELECT d.message_id FROM delivery_delivery d JOIN events_event e ON e.organisation_id = d.organisation_id AND e.invoice_id = d.invoice_id"
        " WHERE e.type = 'notice-unknown'"
    )}  # fmt: skip
    twice = [each for each in mails if each["copies"] > 1]
    handed = sum(state == "handed_over" for state in keys.values())
    unexplained = [each for each in twice if each["message_id"] not in doubted or each["differing"]]
    missing = handed - len([each for each in mails if keys.get(each["message_id"]) == "handed_over"])
    met = handed >= count and not steps and not unexplained and missing == 0 and killed_at > 0 and worker.returncode == 0
    return [{
        "name": "reminders.send", "value": round(seconds, 1), "unit": "s", "met": met, "handed_over": handed, "mails": len(mails),
        "killed_at": killed_at, "unknown": len(doubted), "second_copies": len(twice), "unexplained": len(unexplained),
        "per_second": round(handed / seconds),
    }]  # fmt: skip


def start(count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, __file__, "--worker", str(count)], env=os.environ)


def work(count: int) -> int:
    """The worker: its own rounds until so many reminders are handed over and nothing is in doubt."""
    import django

    django.setup()
    from wasl.app import clock
    from wasl.app.delivery import send as send_module
    from wasl.app.delivery.lanes import HANDS
    from wasl.app.delivery.send import send_due
    from wasl.app.notices import fire
    from wasl.app.sql import run

    began = float(os.environ["BENCH_BEGAN"])
    clock.set_source(lambda: BASE + timedelta(seconds=time.time() - began))
    send_module.LEASE_SECONDS = 20  # the doubt about the mail that was cut short ends sooner
    while True:
        handed, left = run(
            "SELECT count(*) FILTER (WHERE state = 'handed_over'), count(*) FILTER (WHERE in_flight) FROM delivery_delivery WHERE kind <> 'invoice'"
        )[0]
        if handed >= count and not left:
            return 0
        if handed < count:
            fire.fire_due()
        sent = send_due(limit=500, seconds=30, hands=HANDS)
        if os.environ.get("BENCH_TALK"):
            print(f"# {time.time() - began:.0f} s: {handed + sent} handed over", file=sys.stderr, flush=True)
        if not sent:
            time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
