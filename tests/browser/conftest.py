"""Pages in headless Chromium: a live server on the test database, the sample sellers, and the outside world as processes."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest

from wasl.standins.process import running

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps an event loop in the test's own thread

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-prefers-reduced-motion"]
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
FOUNDED = datetime(2024, 3, 4, 9, 30, tzinfo=UTC)


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


class Server(ThreadingMixIn, WSGIServer):
    """The real application, one thread a request; its database connections end with their request."""

    daemon_threads = True
    url = ""


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def site(transactional_db: None) -> Iterator[Server]:
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    connection.settings_dict["CONN_MAX_AGE"] = 0
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


@pytest.fixture
def open_page(browser: Any, site: Any) -> Iterator[Any]:
    """`open_page(path, lang=, size=)`: a page of its own browser, with everything that went wrong on it in `page.faults`."""
    contexts: list[Any] = []

    def open_(path: str = "", *, lang: str = "ar", size: str = "desktop", cookies: list[dict[str, Any]] | None = None, wait: bool = True) -> Any:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, locale=lang, reduced_motion="reduce")
        contexts.append(context)
        if cookies:
            context.add_cookies(cookies)
        page = context.new_page()
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda request: page.faults.append(f"foreign request {request.url}") if is_foreign(request.url, site.url) else None)
        if path:
            page.goto(path if path.startswith("http") else site.url + path)
            page.evaluate("document.fonts.ready")
        return page

    yield open_
    for context in contexts:
        context.close()


def is_foreign(url: str, own: str) -> bool:
    return url.startswith("http") and not url.startswith(("http://127.0.0.1:", "http://localhost:", own))


@dataclasses.dataclass
class Outside:
    """The bank and the mail server beside us."""

    bank: str
    mailbox: str
    smtp: int


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    """Each takes a port that the system gives it: nobody else can have it in between."""
    bank = running("wasl.standins.bank", "--port", "0", "--dir", str(tmp_path / "bank"), BANK_KEY="k" * 40, BANK_WEBHOOK_SECRET="s" * 40)
    free = ["--smtp", "0", "--imap", "0", "--http", "0", "--dir", str(tmp_path / "mail"), "--late", "0.5"]
    with bank as at_bank, running("wasl.standins.mailserver", *free, STANDIN_IMAP_PASSWORD="p" * 20) as at_mail:
        yield Outside(f"http://127.0.0.1:{at_bank['http']}", f"http://127.0.0.1:{at_mail['http']}", at_mail["smtp"])


@pytest.fixture
def installation(site: Any, outside: Outside, settings: Any) -> Outside:
    """This installation, told where it stands and where bank and mail are."""
    from wasl.app.ui import conf

    settings.CONFIG = dataclasses.replace(
        settings.CONFIG, origin=site.url, bank_url=outside.bank, bank_key="k" * 40, bank_webhook_secret="s" * 40,
        smtp_url=f"smtp://127.0.0.1:{outside.smtp}", mail_from="wasl@wasl.example",
    )  # fmt: skip
    settings.CONTENT_SECURITY_POLICY = conf.content_security_policy(outside.bank)
    settings.CSRF_TRUSTED_ORIGINS = [site.url]
    return outside


@pytest.fixture
def sellers(transactional_db: None, installation: Outside) -> dict[str, Any]:
    """The three sample sellers of the demo, by slug, in business since March 2024."""
    from wasl.app import clock
    from wasl.demo.world import build

    with clock.frozen(FOUNDED):
        found = {seller.org.slug: seller for seller in build()}
        for seller in found.values():
            _module("scene").first_use(seller)
    return found


@pytest.fixture
def signed_in(sellers: dict[str, Any], site: Any) -> Any:
    """`signed_in(slug)`: the cookies of the owner of a seller."""
    from django.test import Client

    def cookies(slug: str = "sanad") -> list[dict[str, Any]]:
        client = Client()
        client.force_login(sellers[slug].owner, backend="wasl.app.tenancy.signin.PasswordBackend")
        return [{"name": "wasl_session", "value": client.cookies["wasl_session"].value, "url": site.url}]

    return cookies


@pytest.fixture
def pictures() -> Path | None:
    """Where `make screenshots` wants its pictures; None in an ordinary test run."""
    where = os.environ.get("WASL_SCREENSHOTS")
    return Path(where) if where else None


def _module(name: str) -> Any:
    """A helper beside this file; with importlib mode test folders are not on the path."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(f"browser_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def turn(request: pytest.FixtureRequest) -> None:
    """In CI (WASL_BROWSER_SLICE=ci) a test of four views shows one of them, another each day; `make test-browser` shows all."""
    views = [("ar", "phone"), ("ar", "desktop"), ("en", "phone"), ("en", "desktop")]
    wanted = getattr(request.node, "callspec", None)
    view = (wanted.params.get("lang"), wanted.params.get("size")) if wanted else None
    if os.environ.get("WASL_BROWSER_SLICE") == "ci" and view in views:
        day = datetime.now(tz=UTC).toordinal()
        if (zlib.crc32(request.node.originalname.encode()) + day) % len(views) != views.index(view):
            pytest.skip("another view's turn today")


@pytest.fixture(scope="session")
def scene() -> Any:
    return _module("scene")


@pytest.fixture(scope="session")
def checks() -> Any:
    """`checks.examine(page)`, with its helpers: contrast.py and reach.py are found by checks.py under these names."""
    _module("contrast")
    _module("reach")
    return _module("checks")
