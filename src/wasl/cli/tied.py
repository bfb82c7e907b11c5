"""`python -m wasl.cli.tied STARTER MODULE ...`: runs a module that gets SIGTERM when its starter dies, however it dies.

A starter that is killed outright cannot stop its children; without this a dead demo would keep its port and its worker.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 1.0


def tie(starter: int) -> None:
    """Die with process `starter`, our parent."""
    try:
        is_tied = ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) == 0
    except (OSError, AttributeError):  # no Linux: look now and then
        is_tied = False
    if not is_tied:
        threading.Thread(target=_watch, args=(starter,), daemon=True).start()
    if os.getppid() != starter:  # it died before we asked
        sys.exit(0)


def _watch(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    starter, sys.argv = int(sys.argv[1]), sys.argv[2:]
    tie(starter)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
