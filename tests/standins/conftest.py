"""The stand-ins as real processes on free ports, ended after the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wasl.standins.process import running


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[dict[str, int]]:
    free = ("--smtp", "0", "--imap", "0", "--http", "0", "--late", "0.2", "--imap-password", "a word", "--dir", str(tmp_path / "mail"))
    with running("wasl.standins.mailserver", *free) as ports:
        yield ports


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[str]:
    arguments = ("--port", "0", "--retry", "0.1", "--slow", "0.2", "--dir", str(tmp_path / "bank"))
    with running("wasl.standins.bank", *arguments, BANK_KEY="key-1", BANK_WEBHOOK_SECRET="first secret") as ports:
        yield f"http://127.0.0.1:{ports['http']}"


@pytest.fixture(scope="module")
def gateways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """All five dialects in one process, shared by a module: every test opens accounts of its own."""
    directory = tmp_path_factory.mktemp("gateways")
    with running("wasl.standins.gateways", "--port", "0", "--retry", "0.05", "--slow", "0.2", "--dir", str(directory)) as ports:
        yield f"http://127.0.0.1:{ports['http']}"
