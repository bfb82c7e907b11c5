"""Children live and die with their starter, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STARTER = """
import os, sys, time
from pathlib import Path
from wasl.cli.processes import Processes
processes = Processes({}, Path(sys.argv[1]))
try:
    processes.start("child", "http.server", "0", "--bind", "127.0.0.1")
    print(processes.children["child"].pid, flush=True)
    time.sleep(60)
finally:
    processes.stop()
"""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_child_outlives_its_starter(tmp_path: Path, number: signal.Signals) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert starter.stdout
    child = int(starter.stdout.readline())
    try:
        assert is_alive(child)
        starter.send_signal(number)
        starter.wait(timeout=15)
        deadline = time.monotonic() + 15
        while is_alive(child) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_alive(child)
    finally:
        starter.kill()
        starter.stdout.close()
        if is_alive(child):
            os.kill(child, signal.SIGKILL)
