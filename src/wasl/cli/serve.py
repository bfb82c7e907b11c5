"""`wasl serve`: web pages and background work of one installation; refuses to start where `wasl check` says unsafe."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("serve", help="run the web pages and the worker", description=__doc__)
    parser.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else the user's data folder)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="web processes (default 2)")
    parser.add_argument("--no-worker", action="store_true", help="web pages only; run `wasl worker` elsewhere")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation
    from wasl.cli.check import refuse_unsafe
    from wasl.cli.ports import require_free_port
    from wasl.cli.processes import Processes, web_arguments

    require_free_port(arguments.host, arguments.port)
    os.environ.setdefault("WASL_ORIGIN", f"http://{arguments.host}:{arguments.port}")
    with installation.opened(arguments.dir, own=True) as directory:
        is_reachable = arguments.host not in {"127.0.0.1", "::1", "localhost"}
        refuse_unsafe(public=is_reachable or None)  # behind a proxy the host is local, and WASL_ORIGIN tells
        processes = Processes({}, directory / "logs")
        try:
            processes.start("web", *web_arguments(arguments.host, arguments.port, arguments.workers))
            if not arguments.no_worker:
                processes.start("worker", "wasl.cli.main", "worker", "--dir", str(directory))
            processes.wait_for("web", f"http://{arguments.host}:{arguments.port}/health/live")
            print(f"Wasl serves {os.environ['WASL_ORIGIN']} from {directory}. Ctrl-C stops it.", flush=True)
            processes.run_until_signal()
        finally:
            processes.stop()
    return 0
