"""The server of the dialects: who has which key, what answers where, and how it ends with nothing lost."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import secrets
import signal
import sys
from pathlib import Path

from wasl.standins.gateways.bank import Bank
from wasl.standins.gateways.bills import Bills
from wasl.standins.gateways.cards import decimal_text
from wasl.standins.gateways.control import Control
from wasl.standins.gateways.dialect import Dialect
from wasl.standins.gateways.engine import Engine
from wasl.standins.gateways.hooks import Sender
from wasl.standins.gateways.moyasar import UUID, Moyasar
from wasl.standins.gateways.pages import NAMES, STATES, Pages
from wasl.standins.gateways.paytabs import PayTabs
from wasl.standins.gateways.store import Store
from wasl.standins.gateways.stripe.api import Stripe
from wasl.standins.gateways.tap import Tap
from wasl.standins.loop import listen
from wasl.standins.web import Request, Response, Site, page

FLUSH_SECONDS = 0.25
SHOWN_MAX = 30
# Dialect, its page's path, the language of a page whose payment names none
DIALECTS: dict[str, tuple[type[Dialect], str]] = {
    "stripe": (Stripe, r"/c/pay/(?P<page>[A-Za-z0-9_]+)"),
    "moyasar": (Moyasar, f"/invoices/(?P<page>{UUID})"),
    "tap": (Tap, r"/pay/(?P<page>[A-Za-z0-9]{43})"),
    "paytabs": (PayTabs, r"/payment/wr/(?P<page>[0-9A-F]{40,})"),
    "bank": (Bank, r"/pay/(?P<page>pay_[0-9a-f]{32})"),
}


def arguments(program: str, port: int, about: str, argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=about)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--dir", type=Path, required=True, help="where everything is kept")
    parser.add_argument("--retry", type=float, default=1.0, metavar="SECONDS", help="first pause before a webhook is tried again")
    parser.add_argument("--slow", type=float, default=5.0, metavar="SECONDS", help="how late a slow card answers")
    return parser.parse_args(argv)


def kept(directory: Path, name: str, variable: str, made: str) -> str:
    """A secret from the environment, or made at the first start and kept at 0600; there is no default one."""
    given = os.environ.get(variable)
    if given:
        return given
    path = directory / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(made, "ascii")
    return path.read_text("ascii").strip()


def open_account(engine: Engine, name: str, directory: Path) -> None:
    """The first account of a gateway; others come by the control API."""
    upper, word = name.upper(), secrets.token_hex(16)
    made = {
        "stripe": f"sk_test_{word}",
        "moyasar": f"sk_test_{word}",
        "tap": f"sk_test_{word}",
        "paytabs": f"S{word[:9]}-{word[9:18]}-{word[18:28]}".upper(),
    }
    key = kept(directory, "api-key" if name == "bank" else f"{name}-key", f"{upper}_KEY", made.get(name, secrets.token_urlsafe(32)))
    fields = {"key": key, "profile": int(os.environ["PAYTABS_PROFILE"]) if name == "paytabs" and "PAYTABS_PROFILE" in os.environ else None}
    account = engine.account(name, **fields)
    if name in ("stripe", "moyasar", "bank") and not account["secrets"]:
        made_secret = f"whsec_{secrets.token_hex(16)}" if name == "stripe" else secrets.token_urlsafe(32)
        place = "webhook-secret" if name == "bank" else f"{name}-webhook-secret"
        engine.account(name, id=account["id"], key=key, secret=kept(directory, place, f"{upper}_WEBHOOK_SECRET", made_secret))


def home(engine: Engine, request: Request) -> Response:
    """What was asked of the gateways lately."""
    column = 0 if request.lang == "ar" else 1
    rows = [
        {
            "title": NAMES[payment["gateway"]][column], "amount": decimal_text(payment["amount"], payment["currency"]),
            "currency": payment["currency"], "reference": payment["reference"], "state": STATES[payment["state"]][column],
        }
        for payment in reversed(engine.store.all("payment")[-SHOWN_MAX:])
    ]  # fmt: skip
    return page("gateway_home.html", request, rows=rows)


async def serve(options: argparse.Namespace, places: dict[str, str]) -> int:
    """Answers until SIGTERM; `places` are the dialects and their prefixes."""
    store = Store(options.dir / "gateways.sqlite3")
    engine, site = Engine(store, slow_seconds=options.slow), Site()
    sender = Sender(engine, base_seconds=options.retry)
    for name, prefix in places.items():
        made, pattern = DIALECTS[name]
        dialect = made(engine, prefix)
        dialect.mount(site)
        Pages(engine, dialect, pattern).mount(site)
        if isinstance(dialect, Bank):
            Bills(dialect).mount(site)
        open_account(engine, name, options.dir)
    engine.remember_all()
    Control(engine, sender).mount(site)
    site.add("GET", "/", lambda request: home(engine, request))
    site.add("GET", "/health", lambda request: Response.json({"ok": True}))
    try:
        server = await listen(site, options.host, options.port)
    except OSError as error:
        sys.stderr.write(f"gateways: {error.strerror or error}\n")
        return 5
    port = server.sockets[0].getsockname()[1]
    engine.origin = f"http://{options.host}:{port}"
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    working = asyncio.create_task(sender.run())
    print(f"ready http={port}", flush=True)  # noqa: T201 - the starter waits for it
    while not ended.is_set():
        store.flush()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), FLUSH_SECONDS)
    server.close()
    working.cancel()
    store.flush()
    return 0


def run(options: argparse.Namespace, places: dict[str, str]) -> int:
    options.dir.mkdir(parents=True, exist_ok=True)
    return asyncio.run(serve(options, places))
