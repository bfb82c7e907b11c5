"""`wasl restore DIR`: bring a backup up in a fresh data directory, then check every invariant.

Where the checkpoint store knows of more log entries than the backup holds, those entries are lost: the command says how
many, and issuing stays off until `wasl restore --accept-loss`, which opens new series and a new log shard that names the
old checkpoint.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("restore", help="bring a backup up", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, metavar="DIR", nargs="?", help="a folder written by `wasl backup`")
    parser.add_argument("--dir", type=Path, help="the fresh data directory (default: WASL_DATA_DIR, else ~/.wasl)")
    parser.add_argument("--accept-loss", action="store_true", help="go on although newer log entries are lost")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    if arguments.source is None and not arguments.accept_loss:
        print("wasl restore: give the folder of a backup. See `wasl restore --help`.", file=sys.stderr)
        return 2
    with installation.opened(arguments.dir, migrate=False, make_secrets=arguments.source is None):
        from wasl.app import backups

        if arguments.source is not None:
            backups.read(arguments.source)
            installation.migrate_tables()
        return _judge(accept_loss=arguments.accept_loss)


def _judge(*, accept_loss: bool) -> int:
    from wasl.app import fsck
    from wasl.app.proofs import recovery

    gap = recovery.check_checkpoint_store()
    if gap is not None and accept_loss:
        recovery.accept_loss()
        print(f"{gap.lost:,} log entries are given up. New series and a new log shard are open; the shard names the old checkpoint.")
        gap = None
    problems = [] if gap is not None else fsck.run()  # with a gap, the log's own invariant can only repeat it
    for problem in problems:
        print(f"{problem.where}: {problem.en}", file=sys.stderr)
    if gap is not None:
        print(f"Restored, but the checkpoint store is ahead: {gap.lost:,} log entries are not in this backup. Issuing is off.", file=sys.stderr)
        print("Look for a newer backup first. To go on without them: wasl restore --accept-loss", file=sys.stderr)
    elif not problems:
        print("Restored; every invariant holds.")
    return 1 if problems or gap is not None else 0
