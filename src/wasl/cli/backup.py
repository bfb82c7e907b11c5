"""`wasl backup DIR`: database (documents, log tiles and events with it) and the seller keys, still wrapped.

Never in a backup: the master key, which opens all the rest, and the checkpoint store, whose whole use is to tell that an
older state was brought back. Keep both elsewhere.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("backup", help="write a backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, metavar="DIR", help="a folder that does not exist yet, or is empty")
    parser.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else ~/.wasl)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir, migrate=False, existing=True):
        from wasl.app import backups

        manifest = backups.write(arguments.target)
    print(f"Backup of {manifest.log_size:,} log entries written to {arguments.target} ({manifest.total_bytes / 1e6:,.1f} MB).")
    print("Not in it: the master key and the checkpoint store. Keep them apart from it; without the master key nobody can read the keys.")
    return 0
