"""`wasl fsck`: every invariant of the books and of the log, and where one is broken."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("fsck", help="check every invariant", description=__doc__)
    parser.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else ~/.wasl)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    started = time.perf_counter()
    with installation.opened(arguments.dir, migrate=False, existing=True):
        from wasl.app import fsck

        problems = fsck.run()
    if arguments.json:
        print(json.dumps([{"invariant": p.invariant, "where": p.where, "en": p.en, "ar": p.ar} for p in problems], ensure_ascii=False))
    else:
        for problem in problems:
            print(f"{problem.invariant}: {problem.where}: {problem.en}")
        verdict = f"{len(problems)} problem(s) found" if problems else "Every invariant holds"
        print(f"{verdict} ({time.perf_counter() - started:.1f} s).")
    return 1 if problems else 0
