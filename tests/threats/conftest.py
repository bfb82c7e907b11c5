"""Fixtures of the threat tests: those of the application, of its console and of its mail."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).resolve().parents[1]


def _load(name: str, path: Path) -> ModuleType:
    """Tests are imported by file, not as a package; what they share is loaded once under a name of its own."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


for _name, _path, _fixtures in (
    ("wasl_app_fixtures", "app/conftest.py", ("actor", "make_person", "make_org", "org", "owner", "clerk", "make_invoice", "issued")),
    ("wasl_mail_fixtures", "app/delivery/conftest.py", ("mail_process", "mail", "proven", "issue_to")),
):
    _module = _load(_name, TESTS / _path)
    for _fixture in _fixtures:
        globals()[_fixture] = getattr(_module, _fixture)
