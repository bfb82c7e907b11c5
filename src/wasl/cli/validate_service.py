"""`wasl validate-service`: a small HTTP validator. POST a document, get its findings; open the address to drop a file on a page.

No account, no database; nothing of a document is stored or logged.
"""

from __future__ import annotations

import argparse
from typing import Any

EPILOG = """\
Examples:
  wasl validate-service                              http://127.0.0.1:8010, this machine only
  curl --data-binary @invoice.xml http://127.0.0.1:8010/
  curl --data-binary @invoice.xml -H 'Accept: application/sarif+json' 'http://127.0.0.1:8010/?profile=peppol&lang=ar'
  curl -F file=@invoice.pdf -F profile=auto http://127.0.0.1:8010/
The answer is the JSON of `wasl validate --json`, SARIF, or a page (Accept: text/html). /health says when it is ready, /openapi.json describes it.
For others than this machine put a proxy with TLS before it: it speaks plain HTTP and knows no users.
"""
PORT = 8010
HEADER_MILLISECONDS = 10_000  # until the head of a request has arrived (slow loris, T102)
CONNECTIONS_MAX = 256  # a worker


def add_parser(sub: argparse._SubParsersAction[Any]) -> None:
    from wasl.cli.arguments import number

    parser = sub.add_parser(
        "validate-service", help="check invoices over HTTP", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1: this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help=f"port (default {PORT})")
    parser.add_argument("--workers", type=number(1, 64), help="processes (default: all cores)")
    parser.add_argument("--max-mb", type=number(1, 100), default=20, help="largest document in MB, packed or not (default 20)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli.ports import require_free_port
    from wasl.service.limits import Limits
    from wasl.service.many import cores

    require_free_port(arguments.host, arguments.port)
    limits = Limits(bytes_max=arguments.max_mb * 1_000_000, held_bytes_max=max(120_000_000, 4 * arguments.max_mb * 1_000_000))
    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    print(f"Wasl checks invoices at http://{host}:{arguments.port}/ . Ctrl-C stops it.", flush=True)
    serve(arguments.host, arguments.port, arguments.workers or cores(), limits)
    return 0


def serve(host: str, port: int, workers: int, limits: Any, *, target: str = "wasl.service.web:application") -> None:
    """Until Ctrl-C or SIGTERM. The limits travel to the workers by the environment."""
    import os

    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    os.environ.update(limits.environment())
    Server(
        target, address=host, port=port, interface=Interfaces.RSGI, workers=workers, websockets=False, http=HTTPModes.http1,
        backpressure=CONNECTIONS_MAX, http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        log_level=LogLevels.warning, log_access=False, factory=True, respawn_failed_workers=True,
    ).serve()  # fmt: skip
