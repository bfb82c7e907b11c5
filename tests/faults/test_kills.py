"""PostgreSQL and the worker killed under load, as a power cut would: what was acknowledged is there, to the byte, without a gap."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from wasl.pg.supervisor import Cluster
from wasl.seal import masterkey

pytestmark = [pytest.mark.faults, pytest.mark.ci]
HERE = Path(__file__).resolve().parent
CALLERS = 3


class Installation:
    """A data directory of its own, its durable PostgreSQL, and processes on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.cluster = Cluster(home).start()
        self.processes: list[subprocess.Popen[str]] = []

    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("WASL_", "DATABASE_URL"))}
        return ours | {
            "DATABASE_URL": self.cluster.url, "WASL_DATA_DIR": str(self.home), "DJANGO_SETTINGS_MODULE": "wasl.app.settings",
            "WASL_SMTP_URL": "smtp://127.0.0.1:9", "WASL_LOG_LEVEL": "error",
        }  # fmt: skip

    def start(self, *command: Any) -> subprocess.Popen[str]:
        line = [sys.executable, *map(str, command)]
        process = subprocess.Popen(line, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    def done(self, *command: Any) -> str:
        process = self.start(*command)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, out + err
        return out

    def worker(self) -> subprocess.Popen[str]:
        return self.start("-m", "wasl.cli.main", "worker", "--dir", self.home)

    def kill_postgres(self) -> None:
        """SIGKILL to every process of it in the middle of its work; then a new one on the same files."""
        pid = int((self.cluster.pgdata / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children")
        for one in [pid, *map(int, children.read_text().split() if children.exists() else [])]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        self.cluster.stop()
        self.cluster = Cluster(self.home).start()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(self.cluster.url)) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait(timeout=30)
        self.cluster.stop()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("killed")
    masterkey.generate(home / "master.key")
    made = Installation(home)
    try:
        made.done(HERE / "issuer.py", "setup")
        yield made
    finally:
        made.close()


class Callers:
    """Several callers that issue at the same time; what they were told is collected as it comes."""

    def __init__(self, installation: Installation, tag: str, count: int) -> None:
        self.told: list[dict[str, str]] = []
        self.expected = CALLERS * count
        self._processes = [installation.start(HERE / "issuer.py", "issue", f"{tag}-{n}", count) for n in range(CALLERS)]
        self._readers = [Thread(target=self._read, args=(process,), daemon=True) for process in self._processes]
        for reader in self._readers:
            reader.start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.told.append(json.loads(line))

    def wait_for(self, answers: int) -> None:
        wait(lambda: len(self.told) >= answers or all(process.poll() is not None for process in self._processes))
        assert len(self.told) >= answers, [process.stderr.read()[-800:] for process in self._processes if process.stderr and process.poll()]

    def finish(self) -> list[dict[str, str]]:
        for process in self._processes:
            assert process.wait(timeout=120) == 0, process.stderr.read()[-1500:] if process.stderr else ""
        for reader in self._readers:
            reader.join(timeout=10)
        return self.told


def wait(happened: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.02)


def require_whole(installation: Installation, told: list[dict[str, str]]) -> None:
    """Every answer that a caller got is true of the database, and the series has no gap."""
    with closing(psycopg.connect(installation.cluster.url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # callers go on meanwhile: one moment of all tables
        documents = connection.execute(
            "SELECT i.number, x.data, s.data FROM invoicing_invoice i JOIN invoicing_document x ON x.invoice_id = i.id AND x.kind = 'xml'"
            " JOIN invoicing_document s ON s.invoice_id = i.id AND s.kind = 'xades'"
        ).fetchall()
        counters = [counter for (counter,) in connection.execute("SELECT counter FROM invoicing_invoice ORDER BY counter")]
        series = connection.execute("SELECT next_number FROM invoicing_series").fetchall()
    kept = {number: (bytes(xml), bytes(seal)) for number, xml, seal in documents}
    for answer in told:
        xml, seal = kept[answer["number"]]
        assert hashlib.sha256(xml).hexdigest() == answer["document_sha256"]
        assert hashlib.sha256(seal).hexdigest() == answer["seal_sha256"]
    assert len({answer["number"] for answer in told}) == len(told), "no number was given twice"
    assert counters == list(range(1, len(counters) + 1)) and len(documents) == len(counters)
    assert series == [(len(counters) + 1,)]


def test_t85_t86_postgres_killed_under_load_loses_no_acknowledged_invoice_and_doubles_none(installation: Installation) -> None:
    before = installation.rows("SELECT count(*) FROM invoicing_invoice")[0][0]
    callers = Callers(installation, "cut", 45)
    for answers in (15, 80):
        callers.wait_for(answers)
        assert len(callers.told) < callers.expected, "they are still at it"
        installation.kill_postgres()
        require_whole(installation, list(callers.told))
    told = callers.finish()

    assert len(told) == callers.expected
    require_whole(installation, told)
    assert installation.rows("SELECT count(*) FROM invoicing_invoice")[0][0] == before + callers.expected, "each key issued once"
    assert "Every invariant holds" in installation.done("-m", "wasl.cli.main", "fsck", "--dir", installation.home)


def test_t85_the_worker_killed_at_work_leaves_a_log_that_goes_on(installation: Installation) -> None:
    callers = Callers(installation, "log", 30)
    for answers in (10, 45):
        worker = installation.worker()
        size = installation.rows("SELECT coalesce(max(size), 0) FROM proofs_head")[0][0]
        callers.wait_for(answers)
        wait(lambda size=size: installation.rows("SELECT coalesce(max(size), 0) FROM proofs_head")[0][0] > size)
        worker.kill()
        worker.wait(timeout=30)
    callers.finish()
    installation.done("-m", "wasl.cli.main", "worker", "--once", "--dir", installation.home)

    (logged,) = installation.rows("SELECT count(*) FROM events_event WHERE logged")[0]
    assert installation.rows("SELECT count(*), count(DISTINCT event_id) FROM proofs_entry WHERE event_id IS NOT NULL") == [(logged, logged)]
    assert installation.rows("SELECT max(c.size) = max(h.size) FROM proofs_checkpoint c, proofs_head h") == [(True,)]
    assert "Every invariant holds" in installation.done("-m", "wasl.cli.main", "fsck", "--dir", installation.home)
