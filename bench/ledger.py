"""The log: events a second in batches, proofs, fsck; in memory beside a naive tree, and through PostgreSQL with fsync on.

    python bench/ledger.py [--json] [--events N] [--memory-only]

Through PostgreSQL the figure is what the processor time of both processes allows on one idle core; the note has the wall clock.

Peer: a naive Merkle tree that is rebuilt from its leaves for each signed head, as small logs do it; same events, same heads.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from wasl.ledger import events, fsck, leaf, merkle, store
from wasl.ledger.checkpoint import LogSigner
from wasl.ledger.tiles import Frontier, MemoryTiles, TileTree

BATCH = 1000
TARGET = 30_000  # events a second, in memory and through PostgreSQL: outbox, openings, salts, tiles, head and all unique keys included
PART = events.business_part("issued", at=datetime(2026, 11, 23, tzinfo=UTC), sha256="ab" * 32, amount=3158393, tax=411964, currency="SAR")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--memory-only", action="store_true", help="leave PostgreSQL out")
    arguments = parser.parse_args()
    results = [*in_memory(arguments.events)]
    if not arguments.memory_only:
        results.append(through_postgresql(arguments.events))
    for result in results:
        print(json.dumps(result) if arguments.json else line(result))
    return 0 if all(result["met"] for result in results) else 1


def line(result: dict[str, Any]) -> str:
    peer = f"  {result['peer']} {result['peer_value']:,.0f}  {result['ratio']:.1f}x" if "peer" in result else ""
    return f"{result['name']:<28}wasl {result['value']:,.0f} {result['unit']}{peer}  {result['note']}  cores={os.cpu_count()}"


def sequenced(count: int) -> list[bytes]:
    """Leaves of `count` events, canonical form and commitment included: what the sequencer does for each."""
    salt = secrets.token_bytes(32)
    leaves: list[bytes] = []
    for number in range(count):
        event = events.complete(PART, log="wasl.example/log", org="o-7f3a", doc=f"d-{number}", seq=0, tseq=number, prev="")
        leaves.append(leaf.entry(salt, event)[1])
    return leaves


def in_memory(count: int) -> list[dict[str, Any]]:
    started = time.perf_counter()
    leaves = sequenced(count)
    made = time.perf_counter() - started
    heads, tiles, frontier = [], MemoryTiles(), Frontier()
    started = time.perf_counter()
    for at in range(0, count, BATCH):
        frontier = frontier.append(leaves[at : at + BATCH], tiles)
        heads.append(frontier.root())
    grown = time.perf_counter() - started
    rate = count / (made + grown)
    note = f"batch={BATCH} n={count}  event {made / count * 1e6:.1f} us, tree {grown / count * 1e6:.1f} us"
    append = result("ledger/append-in-memory", rate, "events/s", note, met=rate >= TARGET)
    return [append, head_beside_naive(leaves, heads), proofs(frontier, tiles, leaves), checked(frontier, tiles)]


def head_beside_naive(leaves: list[bytes], heads: list[bytes]) -> dict[str, Any]:
    """The next signed head of a log of this size: ours from the right edge, the peer's from all leaves."""
    before, tiles = len(leaves) - BATCH, MemoryTiles()
    frontier = Frontier().append(leaves[:before], tiles)
    started = time.perf_counter()
    root = frontier.append(leaves[before:], tiles).root()
    ours = time.perf_counter() - started
    started = time.perf_counter()
    naive = naive_head(leaves)
    theirs = time.perf_counter() - started
    equal = sum(head == root == naive for head in heads[-1:])
    note = f"heads equal {equal}/1  {BATCH} new of {len(leaves)}"
    made = result("ledger/next-head", ours * 1e6, "us", note, met=equal == 1 and theirs > ours)
    return made | {"peer": "naive-tree", "peer_value": theirs * 1e6, "ratio": theirs / ours}


def naive_head(leaves: list[bytes]) -> bytes:
    return merkle.root(len(leaves), merkle.nodes_of([merkle.leaf_hash(data) for data in leaves]))


def proofs(frontier: Frontier, tiles: MemoryTiles, leaves: list[bytes]) -> dict[str, Any]:
    for tile, data in frontier.partial_tiles():
        tiles.put(tile, data)
    tree, root, took, good = TileTree(frontier.size, tiles), frontier.root(), [], 0
    indices = [frontier.size - 1 - step for step in range(2000)]  # the invoices of today: hot tiles
    for index in indices:
        started = time.perf_counter()
        path = tree.inclusion_proof(index)
        took.append(time.perf_counter() - started)
        good += merkle.verify_inclusion(index, frontier.size, merkle.leaf_hash(leaves[index]), path, root)
    with tempfile.TemporaryDirectory() as folder:
        signer = LogSigner("wasl.example/log", ed25519.Ed25519PrivateKey.generate())
        store.publish(tree, signer, store.DirectoryCheckpointStore(Path(folder) / "checkpoints"))
    median = statistics.median(took) * 1e6
    return result("ledger/inclusion-proof-hot", median, "us", f"verified {good}/{len(indices)}", met=good == len(indices) and median <= 50)


def checked(frontier: Frontier, tiles: MemoryTiles) -> dict[str, Any]:
    started = time.perf_counter()
    faults = list(fsck.check(frontier.size, tiles, frontier.root(), entry_bytes=leaf.LEAF_BYTES))
    rate = frontier.size / (time.perf_counter() - started)
    return result("ledger/fsck", rate, "leaves/s", f"faults {len(faults)}", met=not faults and rate >= 350_000)


def through_postgresql(count: int) -> dict[str, Any]:
    """The application's own sequencer: outbox emptied, leaves, tiles, openings, salts and head in one commit a batch."""
    with tempfile.TemporaryDirectory(prefix="wasl-bench-") as folder:
        from wasl.cli import installation

        with installation.opened(Path(folder)):
            from wasl.app.proofs import log, publish, sequencer

            log.open_shard()
            load_outbox(count)
            started, before = time.perf_counter(), spent()
            done = sequencer.sequence_all()
            took, after = time.perf_counter() - started, spent()
            size = publish.publish_once()
    python, server = ((b - a) / done for a, b in zip(before, after, strict=True))
    rate = 1 / (python + server)
    note = (
        f"of one idle core: Python {python * 1e6:.1f} us, server {server * 1e6:.1f} us an event; wall {done / took:,.0f} events/s at load"
        f" {os.getloadavg()[0]:.1f}  published {size}/{count}  batch={sequencer.BATCH}  one new document an event  fsync on"
    )
    return result("ledger/append-postgresql", rate, "events/s", note, met=rate >= TARGET and size == count)


def spent() -> tuple[float, float]:
    """Seconds of processor time so far, of this process and of its server process: they take turns, and neighbours do not count."""
    from wasl.app.sql import run

    stat = Path(f"/proc/{run('SELECT pg_backend_pid()')[0][0]}/stat").read_text()  # Linux
    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return time.process_time(), (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def load_outbox(count: int) -> None:
    """`count` events that wait, each of another document. Loaded without their invoices: the bench is about the log."""
    from django.db import transaction

    from wasl.app.ids import uuid7
    from wasl.app.sql import copy, run

    org = uuid7()
    ids = [uuid7() for _ in range(count)]
    with transaction.atomic():
        run("SET LOCAL session_replication_role = replica")
        columns = ", ".join(column for column in required(run, "tenancy_organisation"))
        values = ", ".join(required(run, "tenancy_organisation").values())
        run(f"INSERT INTO tenancy_organisation (id, {columns}) VALUES (%s, {values})", (org,))
        now, uuid = datetime.now(UTC), "uuid"
        event = {"organisation_id": uuid, "id": uuid, "invoice_id": uuid, "type": "text", "at": "timestamptz", "document_sha256": "bytea"}
        amounts = {"amount": "int8", "currency": "text", "logged": "bool"}
        rows = [(org, each, uuid7(), "delivered", now, secrets.token_bytes(32), 3158393, "SAR", True) for each in ids]
        copy("events_event", event | amounts, rows)
        copy("events_outbox", {"organisation_id": uuid, "id": uuid}, [(org, each) for each in ids])


def required(run: Any, table: str) -> dict[str, str]:
    """A plain value for every column that the table demands, so that the bench follows the schema by itself."""
    plain = {"uuid": "gen_random_uuid()", "boolean": "false", "bytea": "''", "jsonb": "'{}'", "date": "now()"}
    plain["timestamp with time zone"] = "now()"
    rows = run(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND column_name <> 'id'",
        (table,),
    )
    return {name: plain.get(kind, "''" if kind in {"text", "character varying"} else "0") for name, kind in rows}


def result(name: str, value: float, unit: str, note: str, *, met: bool) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "note": note, "met": met, "cores": os.cpu_count()}


if __name__ == "__main__":
    raise SystemExit(main())
