"""Compiled sheets on disk: quick to load, never half-written, never somebody else's code."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import mutants
import pytest

from wasl.rules import cache, validate
from wasl.rules import engine as engines


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("WASL_CACHE_DIR", str(tmp_path / "cache"))
    known = dict(engines._engines)
    engines._engines.clear()
    yield tmp_path / "cache" / "rules"
    engines._engines.clear()
    engines._engines.update(known)


@pytest.fixture
def compiled(folder: Path) -> Path:
    cache.load("en16931-ubl")
    return next(folder.glob("*.bin"))


def compiles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of sheets compiled from here on."""
    made: list[str] = []
    original = cache._compile

    def counted(names: tuple[str, ...]) -> object:
        made.extend(names)
        return original(names)

    monkeypatch.setattr(cache, "_compile", counted)
    return made


def test_the_second_load_does_not_compile(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = compiles(monkeypatch)
    assert len(cache.load("en16931-ubl").RULES) == 979
    assert made == []


def test_folder_and_file_are_the_users_own(compiled: Path) -> None:
    assert stat.S_IMODE(compiled.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(compiled.stat().st_mode) == 0o600
    assert [path.name for path in compiled.parent.iterdir()] == [compiled.name]  # nothing half-written beside it


@pytest.mark.parametrize("mode", [0o666, 0o660, 0o602])
def test_a_file_that_others_may_write_is_not_run(compiled: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    compiled.chmod(mode)
    made = compiles(monkeypatch)
    cache.load("en16931-ubl")
    assert made == ["en16931-ubl"]


def test_a_link_is_not_followed(compiled: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiled.rename(tmp_path / "elsewhere")
    compiled.symlink_to(tmp_path / "elsewhere")
    made = compiles(monkeypatch)
    cache.load("en16931-ubl")
    assert made == ["en16931-ubl"]


def test_a_folder_that_others_may_write_is_not_used(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled.parent.chmod(0o777)
    made = compiles(monkeypatch)
    cache.load("en16931-ubl")
    assert made == ["en16931-ubl"]
    assert cache.folder() is None


@pytest.mark.parametrize("damage", [lambda b: b[:100], lambda b: b[:-1], lambda b: b[:-1] + bytes([b[-1] ^ 1]), lambda b: b""])
def test_a_damaged_file_is_compiled_anew(compiled: Path, monkeypatch: pytest.MonkeyPatch, damage: object) -> None:
    assert callable(damage)
    good = compiled.read_bytes()
    compiled.write_bytes(damage(good))
    made = compiles(monkeypatch)
    assert len(cache.load("en16931-ubl").RULES) == 979
    assert made == ["en16931-ubl"]
    assert compiled.read_bytes() == good


def test_a_full_disk_costs_time_and_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", full)
    assert len(cache.load("en16931-ubl").RULES) == 979
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_costs_time_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WASL_CACHE_DIR", str(tmp_path / "file"))
    assert cache.folder() is None
    assert len(cache.load("en16931-ubl").RULES) == 979


def test_a_warm_process_loads_neither_compiler_nor_interpreter(compiled: Path) -> None:
    code = (
        "import sys; from wasl.rules import validate; r = validate(sys.stdin.buffer.read()); assert r.valid;"
        "print(sorted(m for m in sys.modules if m.startswith(('wasl.rules.emit', 'wasl.rules.generate', 'wasl.rules.xpath', 'wasl.rules.sheet',"
        " 'wasl.rules.reference', 'facturx', 'saxonche', 'django'))))"
    )
    run = subprocess.run([sys.executable, "-c", code], input=mutants.invoice(), capture_output=True, check=True, env=dict(os.environ))
    assert run.stdout.decode().strip() == "['wasl.rules.sheets']"


def test_the_sheet_is_read_as_data(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "facturx", raising=False)  # another test of this process may ask it as an oracle
    assert validate(mutants.invoice()).valid is True
    assert "facturx" not in sys.modules
