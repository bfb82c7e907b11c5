"""Fixtures of the fault tests: those of the application, and a child that dies."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent


def _load(name: str, path: Path) -> ModuleType:
    """Tests are imported by file, not as a package; what they share is loaded once under a name of its own."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


harness = _load("wasl_fault_harness", HERE / "harness.py")
_load("wasl_fault_planting", HERE / "planting.py")
_application = _load("wasl_app_fixtures", HERE.parent / "app" / "conftest.py")
for _name in ("actor", "make_person", "make_org", "org", "make_invoice", "issued"):
    globals()[_name] = getattr(_application, _name)


@pytest.fixture
def crasher(transactional_db: None, installation_dir: Path, tmp_path: Path) -> Iterator[Any]:
    """A child on the same database, keys and second store as the test."""
    from django.conf import settings

    with harness.Crasher(
        database_url=harness.url_of_test_database(), data_dir=str(installation_dir), checkpoint_dir=settings.CONFIG.checkpoint_dir
    ) as child:
        yield child


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of src that may be broken. What is compiled comes along: Python compiles anew what is planted, by its time."""
    shutil.copytree(HERE.parents[1] / "src", tmp_path / "src")
    return tmp_path / "src"


@pytest.fixture(scope="session")
def planted_cluster() -> Iterator[str]:
    """One PostgreSQL for all these runs: its tables are made once, and each test leaves them empty."""
    from wasl.pg.supervisor import Cluster

    with tempfile.TemporaryDirectory(prefix="wasl-planted-") as folder, Cluster(folder, durable=False) as cluster:
        os.environ["WASL_TEST_DATABASE_URL"] = cluster.url
        yield cluster.url
        del os.environ["WASL_TEST_DATABASE_URL"]
