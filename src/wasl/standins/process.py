"""Starting a stand-in as a process of its own and learning where it listens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STOP_SECONDS_MAX = 10


@contextmanager
def running(module: str, *arguments: str, **environment: str) -> Iterator[dict[str, int]]:
    """`python -m module`, its ports from its line `ready name=port ...`; ended with the block.

    Raises RuntimeError if it does not get ready, a port that is taken for example.
    """
    child = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True, env=os.environ | environment)
    try:
        line = child.stdout.readline() if child.stdout else ""
        if not line.startswith("ready"):
            raise RuntimeError(f"{module} did not get ready: {line.strip()}")
        yield {name: int(port) for name, port in re.findall(r"(\w+)=(\d+)", line)}
    finally:
        child.terminate()
        child.wait(STOP_SECONDS_MAX)
