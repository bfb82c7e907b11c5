"""The stand-ins as real processes on free ports, ended after the test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def process(module: str, *arguments: str, **environment: str) -> Iterator[dict[str, int]]:
    """Starts `python -m module`, waits for its line `ready name=port ...`, yields the ports."""
    child = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True, env=os.environ | environment)
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        assert line.startswith("ready"), line
        yield {name: int(port) for name, port in re.findall(r"(\w+)=(\d+)", line)}
    finally:
        child.terminate()
        child.wait(10)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[dict[str, int]]:
    free = ("--smtp", "0", "--imap", "0", "--http", "0", "--late", "0.2", "--imap-password", "a word", "--dir", str(tmp_path / "mail"))
    with process("wasl.standins.mailserver", *free) as ports:
        yield ports


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[str]:
    arguments = ("--port", "0", "--retry", "0.1", "--slow", "0.2", "--dir", str(tmp_path / "bank"))
    with process("wasl.standins.bank", *arguments, BANK_KEY="key-1", BANK_WEBHOOK_SECRET="first secret") as ports:
        yield f"http://127.0.0.1:{ports['http']}"
