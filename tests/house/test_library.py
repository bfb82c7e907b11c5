"""Wasl as a library: the short names, their cost, and their types."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import wasl

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"


@pytest.fixture(scope="module")
def sample():
    spec = importlib.util.spec_from_file_location("wasl_library_sample", HERE / "library_sample.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_file_is_read_checked_written_and_printed(sample):
    path = GOLDEN / "several-rates.xml"
    assert sample.check(path) == (wasl.read(path.read_bytes()).invoice.number, [])
    assert sample.again(path) == path.read_bytes()
    assert sample.paper(path) == 1


def test_what_was_never_sealed_is_not_proven(sample, tmp_path):
    assert sample.proven(b"<Invoice/>", b"", b"", tmp_path) is False


def test_every_public_name_is_there_and_is_listed():
    assert all(getattr(wasl, name) is not None for name in wasl.__all__)
    assert set(wasl.__all__) <= set(dir(wasl))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = wasl.nonsense


def test_importing_wasl_loads_nothing_heavy():
    code = (
        "import sys, time; before = set(sys.modules); t = time.process_time(); import wasl; spent = time.process_time() - t\n"
        "print([m for m in set(sys.modules) - before if m.partition('.')[0] in ('lxml', 'pikepdf', 'typst', 'cryptography', 'msgspec', 'django')], spent < 0.15)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"


def test_the_package_says_that_it_is_typed():
    assert (Path(wasl.__file__).parent / "py.typed").is_file()


def test_the_sample_is_well_typed_for_its_users(tmp_path):
    pyright = pytest.importorskip("pyright")
    assert pyright
    settings = tmp_path / "pyrightconfig.json"
    settings.write_text(f'{{"include": ["{HERE / "library_sample.py"}"], "typeCheckingMode": "strict", "pythonVersion": "3.11"}}')
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "-p", str(settings), "--pythonpath", sys.executable], capture_output=True, text=True
    )
    assert "0 errors" in done.stdout, done.stdout
