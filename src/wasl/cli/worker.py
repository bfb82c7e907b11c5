"""`wasl worker`: the background work only: log, delivery, inbound mail, payments' polling, schedules."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("worker", help="run only the background work", description=__doc__)
    parser.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else the user's data folder)")
    parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir, migrate=False, existing=True):
        from wasl.app.jobs import worker

        worker.run(once=arguments.once)
    return 0
