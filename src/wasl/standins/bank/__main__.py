"""`python -m wasl.standins.bank --port 8100 --dir D`: the key and the webhook secret come from the environment or are made once."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import threading
from pathlib import Path

from wasl.standins.bank.api import Api
from wasl.standins.bank.control import Control
from wasl.standins.bank.pages import Pages
from wasl.standins.bank.store import Bank, Books
from wasl.standins.bank.webhooks import Sender
from wasl.standins.web import Site, serve


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m wasl.standins.bank", description="A sandbox bank: payments, refunds, webhooks.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--dir", type=Path, required=True, help="where the books are kept")
    parser.add_argument("--retry", type=float, default=1.0, metavar="SECONDS", help="first pause before a webhook is tried again; it doubles")
    parser.add_argument("--slow", type=float, default=5.0, metavar="SECONDS", help="how late the slow card answers")
    return parser.parse_args(argv)


def kept(directory: Path, name: str, variable: str) -> str:
    """A secret from the environment, or made at the first start and kept at 0600; there is no default one."""
    given = os.environ.get(variable)
    if given:
        return given
    path = directory / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), "ascii")
    return path.read_text("ascii").strip()


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    options.dir.mkdir(parents=True, exist_ok=True)
    bank = Bank(Books(options.dir / "bank.sqlite3"), slow_seconds=options.slow)
    if not bank.books.secrets():
        bank.books.add_secret(kept(options.dir, "webhook-secret", "BANK_WEBHOOK_SECRET"))
    api = Api(bank, kept(options.dir, "api-key", "BANK_KEY"))
    site = Site()
    for part in (api, Pages(bank), Control(bank, api)):
        part.mount(site)
    try:
        server = serve(site, options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"bank: {error.strerror or error}\n")
        return 5
    port = server.server_address[1]
    bank.origin = f"http://{options.host}:{port}"
    Sender(bank, base_seconds=options.retry).start()
    print(f"ready http={port}", flush=True)  # noqa: T201 - the starter waits for it
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    stopped.wait()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
