"""`wasl search reindex`: make the search rows anew from the sealed documents, with progress; stopped, it goes on where it was.

Without --all only what is missing or of an older version. What is to be done stands in the database, so a second run, or the
worker, simply continues; several at once share the work. Issuing and searching go on meanwhile.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("search", help="keep the search index", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    reindex = verbs.add_parser("reindex", help="make search rows anew", description=__doc__)
    reindex.add_argument("--org", help="only one seller, by its name in the address")
    reindex.add_argument("--all", action="store_true", help="every row, also those that are whole and new")
    reindex.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else ~/.wasl)")
    reindex.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir, existing=True, migrate=False):
        from wasl.app.archive import reindex
        from wasl.app.errors import NotFound

        org_id = reindex.organisation(arguments.org) if arguments.org else None
        if arguments.org and org_id is None:
            raise NotFound(what="organisation")
        marked = reindex.mark(org_id, everything=arguments.all)
        began, done = time.perf_counter(), 0
        total = reindex.waiting()
        print(f"wasl: {marked:,} rows to make anew, {total:,} waiting in all", file=sys.stderr)
        while worked := reindex.step():
            done += worked
            left = reindex.waiting()
            rate = done / max(time.perf_counter() - began, 0.001)
            print(f"\rwasl: {done:,} steps done, {left:,} waiting, {rate:,.0f} a second", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        broken = reindex.unreadable(org_id)
    if broken:
        print(f"{broken:,} documents could not be read; `wasl fsck` names them.")
        return 1
    print(f"Search is up to date ({time.perf_counter() - began:.1f} s).")
    return 0
