"""Backup and restore through the command line, as an operator does it: T8, T10, T92, and every way to do it wrong."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from wasl.formats import wasljson
from wasl.pg.supervisor import Cluster, binaries
from wasl.seal import masterkey
from wasl.seal.keystore import FileKeystore

pytestmark = pytest.mark.faults
SELLER = (
    "--name-en", "Brussels Books", "--country", "BE", "--currency", "EUR", "--zone", "Europe/Brussels", "--vat", "BE0123456749", "--street", "Rue Neuve 1",
    "--city", "Brussels", "--post-code", "1000", "--email", "b@example.com", "--iban", "BE68539007547034", "--owner", "o@example.com", "--language", "en",
)  # fmt: skip


@dataclass
class Machine:
    """A machine with a master key, a second store, and `wasl`."""

    folder: Path
    key: str = "master.key"
    clusters: list[Cluster] = field(default_factory=list)

    def wasl(self, *arguments: Any, key: str = "") -> subprocess.CompletedProcess[str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("WASL_", "DATABASE_URL", "DJANGO_"))}
        ours |= {"WASL_MASTER_KEY_FILE": str(self.folder / (key or self.key)), "WASL_CHECKPOINT_DIR": str(self.folder / "second store")}
        command = [sys.executable, "-m", "wasl.cli.main", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, env=ours, stdin=subprocess.DEVNULL, timeout=180, check=False)

    def done(self, *arguments: Any) -> str:
        """Run what must succeed; what it printed."""
        finished = self.wasl(*arguments)
        assert finished.returncode == 0, f"{arguments}: {finished.stdout}{finished.stderr}"
        return finished.stdout

    def issue(self, folder: Path, key: str) -> str:
        """Issue the one document under a key; its number."""
        found = re.match(r"(\S+) issued by", self.done("issue", self.folder / "invoice.json", "--key", key, "--dir", folder))
        assert found is not None
        return found[1]

    def serve_database(self, folder: Path) -> Cluster:
        """Keep the database of `folder` up, so that each command need not start and stop it."""
        cluster = Cluster(folder).start()
        self.clusters.append(cluster)
        return cluster


def new_key(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_bytes(base64.b64encode(secrets.token_bytes(32)) + b"\n")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("machine"))
    new_key(machine.folder / "master.key")
    new_key(machine.folder / "other.key")
    yield machine
    for cluster in machine.clusters:
        cluster.stop()


@dataclass(frozen=True)
class Past:
    """What was there when the backup was made, and what came after it."""

    home: Path
    backup: Path
    saved: list[str]
    lost: list[str]
    size: int  # leaves under the newest checkpoint


@pytest.fixture(scope="module")
def past(machine: Machine) -> Past:
    """Two invoices, a backup, three more invoices that the published log knows of."""
    home, backup = machine.folder / "home", machine.folder / "backup"
    cluster = machine.serve_database(home)
    (machine.folder / "invoice.json").write_bytes(wasljson.write(_document()))
    machine.done("org", "add", "brussels", *SELLER, "--dir", home)
    saved = [machine.issue(home, f"saved-{n}") for n in range(2)]
    machine.done("worker", "--once", "--dir", home)
    printed = machine.done("backup", backup, "--dir", home)
    assert "log entries written" in printed and "Not in it: the master key and the checkpoint store" in printed
    lost = [machine.issue(home, f"lost-{n}") for n in range(3)]
    machine.done("worker", "--once", "--dir", home)
    with closing(psycopg.connect(cluster.url)) as connection:
        size = connection.execute("SELECT max(size) FROM proofs_checkpoint").fetchone()[0]  # type: ignore[index]
    return Past(home, backup, saved, lost, size)


def _document() -> Any:
    from datetime import date
    from decimal import Decimal

    from wasl.invoice.model import Address, Invoice, Item, Line, Party, Price

    line = Line(identifier="1", quantity=Decimal(2), unit="C62", price=Price(net=Decimal(100)), tax_category="S", tax_rate=Decimal(21), item=Item(name="Work"))
    buyer = Party(name="Leuven Lab", address=Address(city="Leuven", country="BE"))
    return Invoice(currency="EUR", buyer=buyer, lines=(line,), due_date=date(2030, 1, 31), buyer_reference="PO-1")


def one_line(finished: subprocess.CompletedProcess[str]) -> str:
    """The one clear line of a refusal."""
    lines = finished.stderr.strip().splitlines()
    assert len(lines) == 1 and "Traceback" not in finished.stdout, finished.stderr
    assert "this is a fault in Wasl" not in lines[0], lines[0]
    return lines[0]


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    cluster = Cluster(folder).attach()
    try:
        with closing(psycopg.connect(cluster.url)) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]
    finally:
        cluster.stop()


@pytest.mark.ci
def test_t8_t92_an_older_backup_says_what_is_lost_issues_nothing_and_goes_on_without_reusing_a_number(machine: Machine, past: Past) -> None:
    fresh = machine.folder / "fresh"

    restored = machine.wasl("restore", past.backup, "--dir", fresh)

    assert restored.returncode == 1
    assert "3 log entries are not in this backup. Issuing is off." in restored.stderr and "--accept-loss" in restored.stderr

    machine.serve_database(fresh)
    refused = machine.wasl("issue", machine.folder / "invoice.json", "--key", "too-early", "--dir", fresh)
    assert refused.returncode == 5 and "issued by" not in refused.stdout and "behind its own published log" in one_line(refused)
    assert rows(fresh, "SELECT count(*) FROM invoicing_invoice") == [(2,)]
    machine.done("worker", "--once", "--dir", fresh)
    assert rows(fresh, "SELECT max(size) FROM proofs_checkpoint")[0][0] == past.size - 3, "a log that lies behind is not signed"

    accepted = machine.wasl("restore", "--accept-loss", "--dir", fresh)
    assert accepted.returncode == 0, accepted.stderr
    assert "3 log entries are given up" in accepted.stdout and "Every invariant holds" in machine.done("fsck", "--dir", fresh)

    numbers = [machine.issue(fresh, f"after-{n}") for n in range(2)]
    assert numbers == [f"R2-{past.saved[0]}", f"R2-{past.saved[1]}"] and not set(numbers) & {*past.saved, *past.lost}
    machine.done("worker", "--once", "--dir", fresh)
    assert "Every invariant holds" in machine.done("fsck", "--dir", fresh)
    (first, second) = rows(fresh, "SELECT number, closed_at IS NOT NULL, previous_checkpoint FROM proofs_shard ORDER BY number")
    assert first[:2] == (1, True) and second[:2] == (2, False)
    assert second[2].split("\n")[1] == str(past.size), "the new log names the newest checkpoint of the old one"


def test_the_newest_backup_comes_up_whole_and_every_document_is_the_same_to_the_byte(machine: Machine, past: Past) -> None:
    newest, fresh = machine.folder / "newest", machine.folder / "moved"
    machine.done("backup", newest, "--dir", past.home)

    assert "every invariant holds" in machine.done("restore", newest, "--dir", fresh)

    documents = "SELECT i.number, d.kind, d.data FROM invoicing_document d JOIN invoicing_invoice i ON i.id = d.invoice_id ORDER BY 1, 2"
    assert rows(fresh, documents) == rows(past.home, documents) and len(rows(fresh, documents)) >= 10
    machine.serve_database(fresh)
    again = machine.wasl("issue", machine.folder / "invoice.json", "--key", "lost-2", "--dir", fresh)
    assert again.stdout.startswith(past.lost[-1]), "a key that was used before the backup still gives its first answer"
    assert machine.issue(fresh, "next").endswith("000006"), "and the series goes on where it was"


@pytest.mark.ci
def test_t10_no_key_that_opens_anything_is_in_a_backup(machine: Machine, past: Past) -> None:
    """Neither the master key, nor a seal key in the clear, nor the second store."""
    master = masterkey.load(file=machine.folder / "master.key")
    keystore = FileKeystore(past.home / "keys", master)
    raw = base64.b64decode((machine.folder / "master.key").read_text())
    plain = subprocess.run([binaries() / "pg_restore", "-f", "-", past.backup / "database.dump"], capture_output=True, check=True).stdout
    files = {path.relative_to(past.backup).as_posix(): path.read_bytes() for path in past.backup.rglob("*") if path.is_file()}
    everything = b"\n".join([plain, *files.values()])

    secrets_of_ours = [raw, *(master.derive(purpose) for purpose in ("wrap", "keystore", "link-key", "audit"))]
    for secret in secrets_of_ours:
        for form in (secret, secret.hex().encode(), base64.b64encode(secret)):
            assert form not in everything
    for name in keystore.names():
        assert keystore.get(name) not in everything and keystore.get(name).hex().encode() not in everything
    assert len(keystore.names()) >= 3 and b"PRIVATE KEY" not in everything
    assert {name.split("/")[0] for name in files} == {"database.dump", "manifest.json", "keys", "ca"}
    assert (machine.folder / "second store").is_dir()


def test_another_master_key_is_refused_in_one_line(machine: Machine, past: Past) -> None:
    finished = machine.wasl("restore", past.backup, "--dir", machine.folder / "wrong key", key="other.key")

    assert finished.returncode in (1, 5) and "master key" in one_line(finished)


def test_no_master_key_is_refused_in_one_line_and_none_is_made(machine: Machine, past: Past) -> None:
    finished = machine.wasl("restore", past.backup, "--dir", machine.folder / "no key", key="absent.key")

    assert finished.returncode in (1, 5) and "master key" in one_line(finished)
    assert not (machine.folder / "absent.key").exists() and not (machine.folder / "no key" / "master.key").exists()


@pytest.fixture(scope="module")
def untouched(machine: Machine) -> Path:
    """A fresh data directory for all that is refused: it must stay fresh."""
    folder = machine.folder / "untouched"
    machine.serve_database(folder)
    return folder


@pytest.mark.ci
@pytest.mark.parametrize("damage", ["dump", "key", "manifest", "missing", "cut"])
def test_a_damaged_backup_is_refused_in_one_line_before_anything_is_touched(
    machine: Machine, past: Past, untouched: Path, damage: str
) -> None:
    copy = machine.folder / f"damaged {damage}"
    shutil.copytree(past.backup, copy)
    victim = {"dump": copy / "database.dump", "key": next(path for path in (copy / "keys").rglob("*") if path.is_file()), "manifest": copy / "manifest.json"}
    path = victim.get(damage, copy / "database.dump")
    data = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[len(data) // 2] ^= 1
        path.write_bytes(b"{" if damage == "manifest" else data)

    finished = machine.wasl("restore", copy, "--dir", untouched)

    assert finished.returncode == 2 and "not whole" in one_line(finished)
    assert not (untouched / "keys").exists()
    assert rows(untouched, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


@pytest.mark.ci
def test_an_installation_that_holds_data_is_never_restored_over(machine: Machine, past: Past) -> None:
    before = rows(past.home, "SELECT number FROM invoicing_invoice ORDER BY 1")

    finished = machine.wasl("restore", past.backup, "--dir", past.home)

    assert finished.returncode == 1 and "already holds data" in one_line(finished)
    assert rows(past.home, "SELECT number FROM invoicing_invoice ORDER BY 1") == before


@pytest.mark.ci
def test_a_backup_never_overwrites_a_folder(machine: Machine, past: Past) -> None:
    finished = machine.wasl("backup", past.backup, "--dir", past.home)

    assert finished.returncode == 1 and "not empty" in one_line(finished)


def test_what_is_no_backup_is_refused_in_one_line(machine: Machine, untouched: Path) -> None:
    (machine.folder / "nothing").mkdir()
    for source in ("nothing", "nowhere"):
        finished = machine.wasl("restore", machine.folder / source, "--dir", untouched)
        assert finished.returncode == 2
        one_line(finished)
