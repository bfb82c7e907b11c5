"""PostgreSQL dies whole (SIGKILL of every process) while four callers issue: every acknowledged invoice is there, no gap."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from wasl.pg.supervisor import Cluster
from wasl.seal import masterkey

pytestmark = [pytest.mark.faults, pytest.mark.ci]
LOAD = Path(__file__).with_name("load.py")
CALLERS, ROUNDS, SECONDS = 4, 3, 1.5


def _kill_whole(cluster: Cluster) -> None:
    """Every process of this cluster at once, so nothing that was only in memory is written any more."""
    postmaster = int((cluster.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in [postmaster, *map(int, children)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _run(environment: dict[str, str], act: str) -> str:
    return subprocess.run([sys.executable, str(LOAD), act], env=environment, capture_output=True, text=True, check=True, timeout=120).stdout


def test_t85_no_acknowledged_invoice_is_lost_when_postgresql_is_killed_under_load(tmp_path):
    masterkey.generate(tmp_path / "master.key")
    cluster = Cluster(tmp_path / "d").start()
    environment = os.environ | {
        "DATABASE_URL": cluster.url, "WASL_DATA_DIR": str(tmp_path), "WASL_MASTER_KEY_FILE": str(tmp_path / "master.key"),
        "DJANGO_SETTINGS_MODULE": "wasl.app.settings", "WASL_LOG_LEVEL": "critical",
    }  # fmt: skip
    acknowledged: list[str] = []
    try:
        _run(environment, "prepare")
        for _ in range(ROUNDS):
            before = len(acknowledged)
            callers = [subprocess.Popen([sys.executable, str(LOAD), "issue"], env=environment, stdout=subprocess.PIPE, text=True) for _ in range(CALLERS)]
            readers = [threading.Thread(target=lambda c=c: acknowledged.extend(line.strip() for line in c.stdout)) for c in callers]
            for reader in readers:
                reader.start()
            until = time.monotonic() + 60
            while len(acknowledged) < before + 10 and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(SECONDS)
            _kill_whole(cluster)
            for caller, reader in zip(callers, readers, strict=True):
                caller.wait(timeout=60)
                reader.join(timeout=60)
            cluster.stop()
            cluster = Cluster(tmp_path / "d").start()
        verdict = json.loads(_run(environment, "judge").splitlines()[-1])
    finally:
        cluster.stop()
    assert len(acknowledged) > 30
    assert set(acknowledged) <= set(verdict["numbers"]), "acknowledged and lost"
    assert [int(number[-6:]) for number in verdict["numbers"]] == list(range(1, len(verdict["numbers"]) + 1))
    assert len(set(acknowledged)) == len(acknowledged), "one number told twice"
    assert verdict["problems"] == []
