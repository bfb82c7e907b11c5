"""Enumerated crash points: a scenario is run in a child that is killed before its n-th statement or effect, n = 1, 2, ...

    for crash in crasher.every(SCENARIOS / "scenarios.py", "issue_one", {"org": ...}, effects=["wasl.app.delivery.smtp:hand_over"]):
        ...  # after each kill: look at the database, repeat the request, look again

`every` yields after each kill and stops when the child lived to its end; it fails when there was no point at all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
POINTS_MAX = 400


@dataclass(frozen=True)
class Outcome:
    """What became of one run."""

    die_at: int
    killed: bool
    points: int
    result: Any
    error: str | None


class Crasher:
    """A child process that forks once for each run. Use as a context manager."""

    def __init__(self, *, database_url: str, data_dir: str, checkpoint_dir: str = "", environment: dict[str, str] | None = None) -> None:
        self._environment = os.environ | {
            "DATABASE_URL": database_url, "WASL_DATA_DIR": data_dir, "WASL_CHECKPOINT_DIR": checkpoint_dir,
            "WASL_MASTER_KEY_FILE": str(Path(data_dir) / "master.key"), "DJANGO_SETTINGS_MODULE": "wasl.app.settings", "WASL_LOG_LEVEL": "error",
        } | (environment or {})  # fmt: skip

    def __enter__(self) -> Crasher:
        self._process = subprocess.Popen(
            [sys.executable, str(FOLDER / "child.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self._environment
        )
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def run(self, file: Path, function: str, arguments: dict[str, Any], *, die_at: int = 0, effects: tuple[str, ...] = ()) -> Outcome:
        """One run; `die_at` 0 lets it live."""
        job = {"scenario": f"{file}:{function}", "arguments": arguments, "die_at": die_at, "effects": list(effects)}
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        return Outcome(die_at, said["killed"], said.get("points", 0), said.get("result"), said.get("error"))

    def every(self, file: Path, function: str, arguments: Any, *, effects: tuple[str, ...] = ()) -> Iterator[Outcome]:
        """A run for each point. `arguments` may be a function of the point's number, for runs that need their own rows."""
        for n in range(1, POINTS_MAX):
            given = arguments(n) if callable(arguments) else arguments
            outcome = self.run(file, function, given, die_at=n, effects=effects)
            if not outcome.killed:
                assert outcome.error is None, outcome.error
                assert n > 1, "the scenario has no point at which it could be killed"
                return
            yield outcome
        raise AssertionError(f"more than {POINTS_MAX} points: the scenario does not end")


def url_of_test_database() -> str:
    """The URL of the database that pytest-django made, for a child process."""
    from urllib.parse import quote

    from django.db import connection

    s = connection.settings_dict
    return f"postgresql://{s['USER']}:{quote(s['PASSWORD'])}@/{s['NAME']}?host={quote(s['HOST'], safe='')}&port={s['PORT']}"
