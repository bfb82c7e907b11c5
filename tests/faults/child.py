"""The process that dies. Run by path; never imported by a test.

Reads one JSON job a line: {"scenario": "file.py:function", "arguments": {...}, "die_at": n, "effects": ["module:name"]}.
For each it forks, so Django is loaded once; the fork counts its points (before every SQL statement, before and after every
COMMIT, before and after every named outside effect) and is killed, by itself and with SIGKILL, when it reaches point n.
Answers one JSON line: {"killed": bool, "points": n, "result": ..., "error": ...}.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

_points = 0
_die_at = 0


def point() -> None:
    """One place where the power may fail."""
    global _points
    _points += 1
    if _points == _die_at:
        os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: Any, name: str) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        point()
        return original(*args, **kwargs)

    setattr(owner, name, wrapped)


def _around(owner: Any, name: str) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        point()
        result = original(*args, **kwargs)
        point()
        return result

    setattr(owner, name, wrapped)


def _arm(effects: list[str]) -> None:
    import psycopg

    for name in ("execute", "executemany", "copy"):
        _before(psycopg.Cursor, name)
    _around(psycopg.Connection, "commit")
    for effect in effects:
        module, _, path = effect.partition(":")
        owner: Any = importlib.import_module(module)
        *parents, name = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        _around(owner, name)


def _load(scenario: str) -> Any:
    path, _, name = scenario.partition(":")
    spec = importlib.util.spec_from_file_location(f"scenario_{Path(path).stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def _work(job: dict[str, Any], answer: int) -> None:
    """In the fork."""
    global _die_at
    out: dict[str, Any] = {}
    try:
        function = _load(job["scenario"])
        _arm(job.get("effects", []))
        _die_at = job.get("die_at", 0)
        out["result"] = function(**job.get("arguments", {}))
    except BaseException:  # whatever it was, the test must see it
        out["error"] = traceback.format_exc()
    out["points"] = _points
    os.write(answer, json.dumps(out).encode())
    os._exit(0)


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        job = json.loads(line)
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            _work(job, write)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({"killed": killed, **(json.loads(said) if said else {})}), flush=True)


if __name__ == "__main__":
    main()
