"""T59, T73, T87, T114, T115, T118: what an error page, a log line and a first start must never give away or allow."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client

BACKEND = "wasl.app.tenancy.signin.PasswordBackend"
SECRET = "s3cret-that-nobody-may-see"
TOKEN = "Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFy"


# -- T114, T115: a fault of ours, seen from outside ----------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The payer page fails with everything secret in the message of its exception."""
    from wasl.app.portal import views

    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"{SECRET} postgresql://wasl:{SECRET}@/x /i/{TOKEN} lies@example.com token={TOKEN}")

    monkeypatch.setattr(views, "payer_page", fail)


@pytest.fixture
def lines() -> Any:
    """Every line that the logs get, as they are written."""
    formatter = next(handler.formatter for handler in logging.getLogger().handlers if type(handler.formatter).__name__ == "ProcessorFormatter")
    kept: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(formatter.format(record))

    keep = Keep()
    logging.getLogger().addHandler(keep)
    logging.getLogger("django.request").addHandler(keep)
    yield kept
    logging.getLogger().removeHandler(keep)
    logging.getLogger("django.request").removeHandler(keep)


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_t114_t115_a_fault_of_ours_shows_no_traceback_and_no_secret(issued: Any, broken: None, lines: list[str], lang: str) -> None:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    token = make_link(issued, Link.MAIL, "buyer@example.com")
    client = Client(raise_request_exception=False)
    response = client.get(f"/i/{token}", {"lang": lang})

    body = response.content.decode()
    assert response.status_code == 500
    for word in (SECRET, TOKEN, token, "Traceback", "RuntimeError", "lies@example.com", "views.py", "/wasl/", "SELECT", "DJANGO", issued.number):
        assert word not in body, word
    for line in lines:
        assert token not in line and TOKEN not in line and "lies@example.com" not in line and f":{SECRET}@" not in line
        assert "\n" not in line


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nothing", "/i/%00", "/log/tile/../../etc/passwd", "/console/x/../..", "/assets/../settings.py", "/accounts/login/?next=%0d%0aX:y"])
def test_t114_odd_addresses_get_a_plain_answer(path: str) -> None:
    response = Client(raise_request_exception=False).get(path)

    assert response.status_code in (200, 302, 404) and "X" not in response.headers
    assert "Traceback" not in response.content.decode() and "DEBUG" not in response.content.decode() and "wasl.app" not in response.content.decode()


# -- T114, T118: what `wasl serve` and `wasl check` refuse ----------------------------------------------------------------


def wasl(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("WASL_", "DATABASE_URL"))}
    command = [sys.executable, "-m", "wasl.cli.main", *arguments, "--dir", str(folder)]
    return subprocess.run(command, env=ours | environment, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A data directory whose database is up, so that each command is short."""
    from wasl.pg.supervisor import Cluster

    folder = tmp_path_factory.mktemp("serve")
    with Cluster(folder, durable=True) as cluster:
        assert wasl(folder, "check", DATABASE_URL=cluster.url).returncode in (0, 1)
        yield folder, cluster.url


@pytest.mark.xdist_group("serve")
@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"WASL_ORIGIN": "https://invoices.example.com", "WASL_SECRET_KEY": "changeme"}, "CHECK-SECRET"),
        ({"WASL_ORIGIN": "https://invoices.example.com", "WASL_DEBUG": "1"}, "CHECK-DEBUG"),
        ({"WASL_ORIGIN": "http://invoices.example.com"}, "CHECK-HTTPS"),
    ],
    ids=["secret", "debug", "http"],
)
def test_t114_t118_an_unsafe_public_address_does_not_start_even_behind_a_proxy(home: Any, environment: dict[str, str], code: str) -> None:
    """Bound to 127.0.0.1, as behind every proxy: the public address in WASL_ORIGIN decides."""
    folder, url = home
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    served = wasl(folder, "serve", "--port", str(port), DATABASE_URL=url, **environment)
    checked = wasl(folder, "check", DATABASE_URL=url, **environment)

    assert served.returncode not in (0, 130) and code in served.stderr and "Traceback" not in served.stderr
    assert checked.returncode == 1 and code in checked.stdout


# -- T87: no room, at the seller's desk -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_t87_no_room_at_any_statement_of_the_composers_issue_is_503_and_nothing_half(org: Any, owner: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app.delivery.models import Delivery
    from wasl.app.invoicing.customers import add_customer
    from wasl.app.invoicing.models import Draft, Invoice, Series

    customer = add_customer(org, actor=actor, name="Leuven Lab", city="Leuven", country="BE", email="buyer@example.com", language="en")
    form = {"customer": str(customer.pk), "due_date": "2030-01-31", "language": "en", "version": "0", "line-0-name": "Work", "line-0-quantity": "1", "line-0-unit": "C62",
            "line-0-price": "10", "line-0-tax": "S|21", "act": "issue", "purchase_order": "PO-1"}  # fmt: skip
    client = Client()
    client.force_login(owner, backend=BACKEND)
    original, refused = psycopg.Cursor.execute, 0
    for n in range(1, 90):
        seen = [0]

        def execute(self: Any, *args: Any, seen: list[int] = seen, n: int = n, **kwargs: Any) -> Any:
            seen[0] += 1
            if seen[0] == n:
                raise psycopg.errors.DiskFull("could not extend file: No space left on device")
            return original(self, *args, **kwargs)

        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
        try:
            response = client.post(f"/console/{org.slug}/new?lang=en", form)
        finally:
            psycopg.Cursor.execute = original  # type: ignore[method-assign]
        if seen[0] < n:
            break
        refused += 1
        assert response.status_code == 503, (n, response.status_code, response.content[:200])
        assert b"No space" not in response.content and b"nothing was changed" in response.content
        assert not Invoice.objects.for_org(org).exists() and not Draft.objects.for_org(org).exists() and not Delivery.objects.for_org(org).exists()
        assert Series.objects.for_org(org).get(kind="invoice").next_number == 1
    assert refused > 15 and response.status_code == 302
    assert Invoice.objects.for_org(org).count() == 1 and Delivery.objects.for_org(org).count() == 1


# -- T73: back from the bank with nothing but an address ------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["?back=1", "?back=1&status=succeeded&paid=1", "?back=1&payment=pay_x&result=success"])
def test_t73_coming_back_with_success_in_the_address_pays_nothing(org: Any, issued: Any, back: str, settings: Any) -> None:
    import dataclasses

    from wasl.app.events.models import Event
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link
    from wasl.app.payments.standing import AWAITING, standing

    settings.CONFIG = dataclasses.replace(settings.CONFIG, bank_url="http://127.0.0.1:9", bank_key="k", bank_webhook_secret="s")
    page = f"/i/{make_link(issued, Link.MAIL, 'buyer@example.com')}"
    for answer in (Client().get(f"{page}{back}&lang=en", follow=True), Client().post(f"{page}{back}"), Client().get(f"{page}?lang=en")):
        assert answer.status_code in (200, 405)

    assert standing(org, issued).state == AWAITING
    assert "Awaiting payment" in Client().get(f"{page}?lang=en").content.decode()
    assert not Event.objects.for_org(org).filter(invoice_id=issued.pk, type="paid").exists()


# -- T59: the same work for a known and an unknown address ----------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"])
def test_t59_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(make_person: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Same status, headers and page, and the slow part, argon2, as often: what is measured as time elsewhere is counted here."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import hashers

    settings.AXES_ENABLED = False
    settings.ACCOUNT_RATE_LIMITS = {}
    person = make_person("known@example.com", password="a long and private phrase 7")
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
    hashed = [0]
    original = hashers.Argon2PasswordHasher.encode

    def encode(self: Any, *args: Any, **kwargs: Any) -> Any:
        hashed[0] += 1
        return original(self, *args, **kwargs)

    verify = hashers.Argon2PasswordHasher.verify

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        hashed[0] += 1
        return verify(self, *args, **kwargs)

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", encode)
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", counted)
    seen = []
    for address in ("known@example.com", "nobdy@example.com"):
        hashed[0] = 0
        response = Client().post(f"{path}?lang=en", {"login": address, "email": address, "password": "wrong"})
        body = response.content.decode().replace(address, "")
        seen.append((response.status_code, response.headers.get("Location"), without_tokens(body), hashed[0]))

    assert seen[0] == seen[1]
    if path == "/accounts/login/":
        assert seen[0][3] == 1


def without_tokens(body: str) -> str:
    import re

    return re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", body)
