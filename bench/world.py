"""A whole installation by COPY, the same for the same seed: sellers of Zipf sizes, 60 % Arabic, one inbox of a tenth of all.

    python bench/world.py --size 1000000 --dir /data/world [--sellers 2000] [--seed 5] [--real 20000] [--json]

Every row of the product is there: organisations, customers, items, issued rows, links, events, journal, balances, grants,
inboxes, audit, search. What is not real is said: only the newest documents of some sellers (--real in all) are sealed XML with
a leaf in the log and a payment at the gateway; the other documents are stubs of one line, with hashes that fit, and their
events are not in the log. `wasl fsck` holds but for seals of the stubs. The directory is kept for others (bench/pages.py).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import _world_plan as plan
import _world_words as vocabulary
from _world_rows import TABLES, Invoices, Writer, utc_now

DEFAULT_SIZE, DEFAULT_SELLERS, DEFAULT_REAL, SEED = 10_000, 2_000, 20_000, 5
REAL_SELLERS = 40
PROCESSES = 2
LIMIT_SECONDS = 600
LOADING = {
    "maintenance_work_mem": "1GB", "max_parallel_maintenance_workers": "2", "max_wal_size": "16GB", "checkpoint_timeout": "1h", "autovacuum": "off",
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=DEFAULT_SIZE, help="invoices")
    parser.add_argument("--sellers", type=int, help=f"default {DEFAULT_SELLERS}, fewer where there are fewer invoices")
    parser.add_argument("--real", type=int, default=DEFAULT_REAL, help="sealed documents, the newest of some sellers")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--dir", type=Path, help="data directory, kept; without it a temporary one is thrown away")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wasl-world-") as folder:
        directory = arguments.dir or Path(folder)
        if (directory / "pg").exists():
            parser.error(f"{directory} holds an installation already")
        sellers = arguments.sellers or min(DEFAULT_SELLERS, max(10, arguments.size // 20))
        result = fill(directory, arguments.size, sellers, arguments.seed, arguments.real)
    print(json.dumps(result) if arguments.json else f"{result['name']:<16}{result['value']} s  {result['note']}")
    return 0 if result["met"] else 1


def fill(directory: Path, size: int, sellers: int, seed: int, real: int) -> dict[str, Any]:
    from wasl.cli import installation
    from wasl.pg.supervisor import Cluster

    directory.mkdir(parents=True, exist_ok=True)
    with Cluster(directory, durable=False) as cluster:
        os.environ.update(installation.environment(directory, cluster))
        import django

        django.setup()
        installation.migrate_tables()
        began_at = time.perf_counter()
        steps = _Steps()
        _loading(cluster, on=True)
        world = _prepare(size, sellers, seed, real)
        steps.done("plan, sellers, items")
        _drop_indexes()
        given = _give_defaults()
        _invoices(world)
        _take_back(given)
        steps.done("rows")
        _derive()
        steps.done("indexes and derived rows")
        _log()
        steps.done("log")
        _loading(cluster, on=False)
        seconds = time.perf_counter() - began_at
        from wasl.app.sql import run

        disk, words = run("SELECT pg_database_size(current_database()), (SELECT count(*) FROM archive_word)")[0]
    (directory / "world.json").write_text(json.dumps(world["facts"] | {"seconds": round(seconds), "words": words, "bytes": disk}, indent=1))
    return {
        "name": "world.fill", "value": round(seconds, 1), "unit": "s", "met": seconds <= LIMIT_SECONDS,
        "note": f"{size:,} invoices, {sellers:,} sellers, {words:,} distinct words, {disk / 1e9:.1f} GB, {steps}; target <= {LIMIT_SECONDS} s",
    }  # fmt: skip


class _Steps:
    def __init__(self) -> None:
        self.at, self.told = time.perf_counter(), []

    def done(self, what: str) -> None:
        now = time.perf_counter()
        self.told.append(f"{what} {now - self.at:.0f} s")
        print(f"world: {self.told[-1]}", file=sys.stderr, flush=True)
        self.at = now

    def __str__(self) -> str:
        return ", ".join(self.told)


def _loading(cluster: Any, *, on: bool) -> None:
    import psycopg

    with psycopg.connect(cluster.url, autocommit=True) as connection:
        for name, value in LOADING.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'" if on else f"ALTER SYSTEM RESET {name}")
        connection.execute("SELECT pg_reload_conf()")
        if not on:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")


def _prepare(size: int, sellers: int, seed: int, real: int) -> dict[str, Any]:
    """Sellers, their catalogue and customers, the inboxes; what the processes need to go on."""
    from wasl.app import clock
    from wasl.app.ids import uuid7

    ended = utc_now()
    began = ended - timedelta(days=plan.DAYS)
    found = vocabulary.words(seed)
    planned = plan.sellers(size, sellers, seed=seed, began=began, real=min(REAL_SELLERS, sellers))
    from _world_parties import inboxes, open_sellers

    with clock.frozen(began - timedelta(days=1)):  # a certificate is older than what it seals
        accounts = open_sellers(planned, found, began)
        payers = inboxes(plan.OTHERS, began)
    real_sellers = [seller for seller in planned if seller.is_real]
    spare, counts = min(real, size), {}
    for left, seller in zip(range(len(real_sellers), 0, -1), sorted(real_sellers, key=lambda each: each.count), strict=True):
        counts[seller.at] = min(seller.count, spare // left)
        spare -= counts[seller.at]
    facts = {"size": size, "sellers": sellers, "seed": seed, "real": sum(counts.values()), "ended": ended.isoformat(), "biggest": planned[0].count,
             "big_email": plan.BIG_EMAIL, "id": str(uuid7())}  # fmt: skip
    return {"planned": planned, "payers": payers, "accounts": accounts, "real": counts, "began": began, "ended": ended, "facts": facts}


def _invoices(world: dict[str, Any]) -> None:
    """The two halves of the sellers, in two processes; each takes the biggest that is left."""
    from django.db import connection

    shares: list[list[plan.Seller]] = [[] for _ in range(PROCESSES)]
    for seller in sorted(world["planned"], key=lambda each: -each.count):
        min(shares, key=lambda share: sum(each.count for each in share)).append(seller)
    connection.close()
    context = multiprocessing.get_context("spawn")
    common = {key: world[key] for key in ("payers", "accounts", "real", "began", "ended")}
    with context.Pool(PROCESSES) as pool:
        pool.starmap(_share, [(share, common) for share in shares])


def _share(sellers: list[plan.Seller], world: dict[str, Any]) -> None:
    import django

    django.setup()
    from wasl.app.sql import run

    writer = Writer()
    for seller in sellers:
        invoices = Invoices(
            seller, writer, began=world["began"], ended=world["ended"], real=world["real"].get(seller.at, 0), payers=world["payers"],
            account=world["accounts"].get(seller.at),
        )  # fmt: skip
        counter, day, at = invoices.write()
        run(
            "UPDATE invoicing_series SET next_number = %s, last_issue_date = %s, last_issued_at = %s WHERE organisation_id = %s AND id = %s",
            (counter + 1, day, at, seller.id, seller.series),
        )
    writer.flush()


_SLOW = ("archive_searchrow_words", "invoicing_link_token", "invoicing_link_claim", "invoicing_link_recipient", "invoicing_invoicetext_email")
_made: dict[str, str] = {}


def _drop_indexes() -> None:
    """Those into which rows fall at random: built in one go afterwards."""
    from wasl.app.sql import run

    for name, definition in run("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", (list(_SLOW),)):
        _made[name] = definition
        run(f'DROP INDEX "{name}"')


def _give_defaults() -> list[tuple[str, str]]:
    """Columns that this generator does not name, and that may not be empty, get their model's own default while it writes."""
    from django.apps import apps
    from django.db import connection
    from psycopg import sql

    given: list[tuple[str, str]] = []
    models = {model._meta.db_table: model for model in apps.get_models()}
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            for field in models[table]._meta.concrete_fields:
                if field.column in columns or field.null or field.generated or (value := field.get_default()) is None:
                    continue
                place = map(sql.Identifier, (table, field.column))
                cursor.execute(sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}").format(*place, sql.Literal(value)))
                given.append((table, field.column))
    return given


def _take_back(given: list[tuple[str, str]]) -> None:
    from django.db import connection
    from psycopg import sql

    with connection.cursor() as cursor:
        for table, column in given:
            cursor.execute(sql.SQL("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT").format(sql.Identifier(table), sql.Identifier(column)))


def _derive() -> None:
    """What triggers keep in the product is filled here by the very statements of their migrations."""
    from importlib import import_module

    from django.db import connection, transaction

    from wasl.app.archive.keep import learn_all
    from wasl.app.payments.days import fold
    from wasl.app.sql import run

    balance = import_module("wasl.app.payments.migrations.0004_whole")
    inbox = import_module("wasl.app.portal.inbox.migrations.0001_initial")
    days = import_module("wasl.app.payments.migrations.0007_days")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL work_mem = '256MB'")
        cursor.execute(f"{balance.SHARES} ON CONFLICT DO NOTHING")  # a trigger may have written them already
        cursor.execute(balance.INSERT.format(lines="payments_journalline"))
        cursor.execute("ANALYZE payments_balance; ANALYZE invoicing_invoice; ANALYZE tenancy_payergrant")
        cursor.execute(inbox.INSERT.format(grants="tenancy_payergrant"))
        cursor.execute(inbox.add(inbox.parts("inbox_item", "")))
        cursor.execute(f"{days.QUEUED} ON CONFLICT DO NOTHING")
    for definition in _made.values():
        run(definition)
    learn_all()
    fold()


def _log() -> None:
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_once

    while sequence_once():
        pass
    publish_once()


if __name__ == "__main__":
    sys.exit(main())
