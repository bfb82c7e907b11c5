"""`wasl bench [NAME] [--json]`: the headline figures on this machine, each beside the named peer in the same run."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "bench"  # only a checkout has it: the peers are development packages


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("bench", help="measure the headline figures", description=__doc__)
    parser.add_argument("name", nargs="?", help="one script of bench/, e.g. validate")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    scripts = {path.stem: path for path in sorted(FOLDER.glob("[a-z]*.py"))}
    if not scripts:
        print("wasl: the benchmarks are in a checkout of Wasl, under bench/; this installation has none.", file=sys.stderr)
        return 2
    if arguments.name and arguments.name not in scripts:
        print(f"wasl: there is no benchmark {arguments.name!r}; there are: {', '.join(scripts)}.", file=sys.stderr)
        return 2
    worst = 0
    for script in [scripts[arguments.name]] if arguments.name else scripts.values():
        command = [sys.executable, str(script), *(["--json"] if arguments.json else [])]
        worst = max(worst, subprocess.run(command, check=False).returncode)
    return 1 if worst else 0
