"""`python -m wasl.standins.mailserver --smtp 2525 --http 8025 --imap 1143 --dir D`"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import signal
import sys
from pathlib import Path

from wasl.standins.mailserver import imap, web
from wasl.standins.mailserver.smtp import MESSAGE_BYTES_MAX, Faults, Handler, StrictSMTP
from wasl.standins.mailserver.store import Mailstore
from wasl.standins.web import serve as serve_http


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m wasl.standins.mailserver", description="A local mail server: SMTP, IMAP and a web mailbox.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp", type=int, default=2525, metavar="PORT")
    parser.add_argument("--http", type=int, default=8025, metavar="PORT")
    parser.add_argument("--imap", type=int, default=1143, metavar="PORT")
    parser.add_argument("--dir", type=Path, required=True, help="where messages are kept, one file each")
    parser.add_argument("--imap-password", default=os.environ.get("STANDIN_IMAP_PASSWORD"), help="default: made once and kept in the directory")
    parser.add_argument("--late", type=float, default=5.0, metavar="SECONDS", help="how late a late bounce comes")
    parser.add_argument("--no-dsn", action="store_true", help="do not advertise delivery reports (RFC 3461)")
    return parser.parse_args(argv)


def imap_password(options: argparse.Namespace) -> str:
    """The given password, or one made at the first start; there is no default one."""
    if options.imap_password:
        return str(options.imap_password)
    path = options.dir / "imap-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(18), "ascii")
    return path.read_text("ascii").strip()


async def run(options: argparse.Namespace) -> None:
    options.dir.mkdir(parents=True, exist_ok=True)
    store, faults = Mailstore(options.dir), Faults()
    handler = Handler(store, faults, late_seconds=options.late, advertise_dsn=not options.no_dsn)
    loop = asyncio.get_running_loop()

    def session() -> StrictSMTP:
        return StrictSMTP(handler, data_size_limit=MESSAGE_BYTES_MAX, enable_SMTPUTF8=True, ident="mail stand-in")

    smtp = await loop.create_server(session, options.host, options.smtp)
    imap_server = await imap.serve(store, imap_password(options), options.host, options.imap)
    http = serve_http(web.Mailbox(store, faults, handler.report).site(), options.host, options.http)
    ports = [server.sockets[0].getsockname()[1] for server in (smtp, imap_server)]
    print(f"ready smtp={ports[0]} imap={ports[1]} http={http.server_address[1]}", flush=True)  # noqa: T201 - the starter waits for it
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    await stopped.wait()
    http.shutdown()


def main() -> int:
    try:
        asyncio.run(run(arguments()))
    except OSError as error:
        sys.stderr.write(f"mail server: {error.strerror or error}\n")
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
