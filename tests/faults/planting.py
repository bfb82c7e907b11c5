"""Planting a bug in a copy of the source and seeing how named tests end with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Patch:
    """One replacement in one file below src/wasl; `old` must stand there exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Bug:
    """What is broken, and the tests of which every single one must fail."""

    name: str
    patches: tuple[Patch, ...]
    caught_by: tuple[str, ...]


def planted(source: Path, patches: tuple[Patch, ...]) -> None:
    """Change the copy; a place that is not found exactly once is an error of this file, not a bug caught."""
    for patch in patches:
        path = source / "wasl" / patch.file
        text = path.read_text()
        assert text.count(patch.old) == 1, f"the bug can no longer be planted in {patch.file}: {patch.old!r} is there {text.count(patch.old)} times"
        path.write_text(text.replace(patch.old, patch.new))


def outcome(source: Path, tests: tuple[str, ...]) -> dict[str, int]:
    """How the tests end with `source` in place of the installed package: {"passed": 1, "failed": 0, ...}."""
    kept = "WASL_TEST_DATABASE_URL"
    environment = {name: value for name, value in os.environ.items() if name == kept or not name.startswith(("PYTEST_", "WASL_", "DATABASE_URL"))}
    environment |= {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    where = subprocess.run([sys.executable, "-c", "import wasl; print(wasl.__file__)"], env=environment, capture_output=True, text=True, check=True)
    assert where.stdout.startswith(str(source)), "the copy is not what runs"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--reuse-db", *tests]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-500:]
    assert done.returncode in (0, 1), f"pytest did not run the tests: {done.stdout[-1500:]}{done.stderr[-500:]}"
    return {word.rstrip("s"): int(count) for count, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", last)}
