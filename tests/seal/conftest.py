"""One installation for this folder's tests; `bundle` is the module that makes more."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("no-deadline", deadline=None, print_blob=True)  # a busy CI machine is no failure
settings.load_profile("no-deadline")

_PATH = Path(__file__).parents[1] / "ledger" / "bundle.py"


def _load():
    if "wasl_test_bundle" not in sys.modules:
        spec = importlib.util.spec_from_file_location("wasl_test_bundle", _PATH)
        assert spec is not None and spec.loader is not None
        module = sys.modules["wasl_test_bundle"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["wasl_test_bundle"]


@pytest.fixture(scope="session")
def bundle():
    return _load()


@pytest.fixture(scope="session")
def home(bundle, tmp_path_factory):
    """The installation that the verifier trusts."""
    return bundle.house(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def stranger(bundle, tmp_path_factory):
    """Another installation, made with the same software and other keys."""
    return bundle.house(tmp_path_factory.mktemp("stranger"), origin="forger.example/log")
