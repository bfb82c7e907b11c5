"""The suite finds each deliberately broken variant: it runs the tests that must fail, with the bug planted."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults
HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("wasl_plants", HERE / "plants.py")
assert _spec is not None and _spec.loader is not None
plants = importlib.util.module_from_spec(_spec)
sys.modules["wasl_plants"] = plants
_spec.loader.exec_module(plants)


@pytest.mark.parametrize("name", sorted(plants.PLANTS))
def test_a_planted_bug_is_caught(name, tmp_path):
    plant = plants.PLANTS[name]
    path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "plants", "-p", "no:cacheprovider", *plant.caught_by],
        cwd=HERE.parents[1], env=os.environ | {"WASL_PLANT": name, "PYTHONPATH": path, "WASL_PLANT_MARK": str(tmp_path / "mark")}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert (tmp_path / "mark").read_text() == name, said[-2000:]
    assert "no longer fits" not in said, said[-2000:]
    assert done.returncode == 1, said[-3000:]
    assert " failed" in done.stdout, said[-2000:]
