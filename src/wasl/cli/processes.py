"""A few child processes that live and die together: web, worker and, in the demo, the stand-ins of the outside world."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from wasl.errors import EnvironmentFault

READY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 10.0


class ChildDied(EnvironmentFault):
    code = "WASL-ENV-05"
    en = "The process {name} stopped (exit {status}). The end of its log says why: {log}"
    ar = "توقفت العملية {name} برمز {status}. آخر سجلّها يبيّن السبب: {log}"


class Processes:
    """Start children with one environment and a log file each; stop them in reverse order."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment = os.environ | environment
        self.logs = logs
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _on_term)  # from here on: a SIGTERM while we start must stop what was started
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)

    def start(self, name: str, *arguments: str, **extra: str) -> None:
        """Run `python -m arguments...` as child `name`; it gets no terminal signal of ours, so we stop it in order.

        If we are killed outright it gets SIGTERM from the system (`tied`).
        """
        with (self.logs / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                [sys.executable, "-m", "wasl.cli.tied", str(os.getpid()), *arguments],
                env=self.environment | extra, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def wait_for(self, name: str, url: str) -> None:
        """Until `url` answers below 500. Raises ChildDied when the child ends first or never answers."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < deadline:
            self.check()
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own loopback address
                    if answer.status < 500:
                        return
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise self._died(name, "no answer")

    def check(self) -> None:
        """Raise ChildDied if a child has ended."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise self._died(name, child.returncode)

    def run_until_signal(self) -> None:
        """Block until Ctrl-C or SIGTERM, or until a child dies."""
        try:
            while True:
                self.check()
                time.sleep(0.5)
        except KeyboardInterrupt:
            return

    def stop(self) -> None:
        """SIGTERM to each child's group, newest first; SIGKILL to what has not gone in time."""
        for child in reversed(self.children.values()):
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for child in self.children.values():
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(child, signal.SIGKILL)
                child.wait()
        self.children.clear()

    def _died(self, name: str, status: object) -> ChildDied:
        path = self.logs / f"{name}.log"
        lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
        return ChildDied(name=name, status=status, log=(lines[-1][:300] if lines else "empty") + f" ({path})")


def _on_term(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def web_arguments(host: str, port: int, workers: int) -> tuple[str, ...]:
    """granian before pages and event streams (wasl.app.live.server): processes for scale, few threads each.

    backpressure counts open streams too, so it stands above what a process takes of them; pages have their own limit.
    """
    return (
        "granian", "--interface", "rsgi", "--host", host, "--port", str(port), "--workers", str(workers), "--backlog", "4096",
        "--backpressure", "8000", "--no-ws", "--log-level", "warning", "wasl.app.live.server:application",
    )  # fmt: skip
