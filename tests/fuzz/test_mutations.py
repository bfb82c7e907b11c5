"""Damaged files: every reader answers each with a result or with one clear line in both languages, never with a crash.

500 files a reader here, 4,000 in CI's slice of the faults, 20,000 in `make test-faults`, and as many as anybody likes by
`python tests/fuzz/run.py`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import run as fuzz

READERS = ("ubl", "cii", "wasl-json", "pdf", "csv", "xlsx", "mapping", "door", "rules", "rule-sheet")
HERE = Path(__file__).parent


@pytest.mark.parametrize("reader", READERS)
def test_five_hundred_damaged_files_are_read_or_refused(reader):
    outcome = fuzz.run(reader, 0, 500)

    assert outcome.failures == []
    assert outcome.read > 5  # the damage is not so great that nothing reaches the inside
    assert outcome.refused > 20


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.parametrize("count", [pytest.param(4_000, marks=pytest.mark.ci), 20_000])
@pytest.mark.parametrize("reader", READERS)
def test_thousands_of_damaged_files_are_read_or_refused(reader, count, record_property):
    outcome = fuzz.run(reader, 20_000 - count, count)
    record_property("count", f"fuzz {reader}: {outcome.read} read, {outcome.refused} refused")

    assert outcome.failures == []


@pytest.mark.parametrize("reader", READERS)
def test_every_prefix_of_a_file_is_read_or_refused(reader):
    import seeds
    from readers import READERS as functions
    from readers import allowed

    data, _ = min(seeds.of(reader), key=lambda seed: len(seed[0]))
    crashes = []
    for end in range(0, len(data), max(1, len(data) // 150)):
        try:
            functions[reader](data[:end])
        except allowed(reader):
            continue
        except Exception as error:
            crashes.append((end, repr(error)))

    assert crashes == []


def test_a_planted_crash_is_found(monkeypatch):
    def careless(data):
        return data.decode()[9999]

    monkeypatch.setitem(fuzz.READERS, "wasl-json", careless)

    assert len(fuzz.run("wasl-json", 0, 20).failures) > 10


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.parametrize("reader", ("ubl", "wasl-json", "csv", "xlsx", "mapping"))
def test_inputs_led_by_coverage_find_no_crash(reader):
    pytest.importorskip("atheris")
    done = subprocess.run([sys.executable, str(HERE / "coverage_guided.py"), reader, "-runs=20000", "-max_len=20000"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
