"""A caller under load. Run by path: `issuer.py setup`, or `issuer.py issue NAME COUNT`. Never imported by a test.

`issue` issues COUNT invoices, each under a key of its own, and prints one JSON line for each answer it got. Where the
database goes away it asks again under the same key, as any caller would who does not know whether it was issued.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 60


def setup() -> None:
    from django.core.management import call_command

    from wasl.app.invoicing.accounts import add_account
    from wasl.app.invoicing.models import Series
    from wasl.app.invoicing.numbers import open_series
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.organisations import open_organisation

    call_command("migrate", interactive=False, verbosity=0)
    actor = Actor.operator("fault")
    org = open_organisation(
        actor=actor, slug="load", name_en="Brussels Books", legal_name_language="en", vat_identifier="BE0123456749", line_1="Rue Neuve 1", city="Brussels",
        post_code="1000", country="BE", currency="EUR", time_zone="Europe/Brussels", email="books@example.com", default_language="en",
    )  # fmt: skip
    add_account(org, iban="BE68539007547034", currency="EUR", holder=org.name, actor=actor)
    open_series(org, kind=Series.INVOICE, code="main", actor=actor)


def issue_many(name: str, count: int) -> None:
    from wasl.app.invoicing.issue import issue
    from wasl.app.tenancy.actor import Actor
    from wasl.app.tenancy.models import Organisation

    org = _patiently(lambda: Organisation.objects.get(slug="load"))
    document = _document()
    for number in range(count):
        key = f"{name}-{number}"
        answer = json.loads(_patiently(lambda key=key: issue(org, document, key=key, actor=Actor.operator("fault"))).encode())
        print(json.dumps({"key": key} | {part: answer[part] for part in ("number", "document_sha256", "seal_sha256")}), flush=True)


def _patiently(act: Callable[[], Any]) -> Any:
    """Again and again while the database is away; an answer that the database could not confirm is asked for again under its key."""
    from django.db import InterfaceError, connection

    from wasl.app.http import is_environment
    from wasl.app.invoicing.errors import KeyRunning, Unconfirmed

    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except Exception as error:
            is_for_later = isinstance(error, InterfaceError | KeyRunning | Unconfirmed) or is_environment(error)
            if not is_for_later or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.05)


def _document() -> Any:
    spec = importlib.util.spec_from_file_location("scenarios", Path(__file__).with_name("scenarios.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module._document("100.00")


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "setup":
        setup()
    else:
        issue_many(sys.argv[2], int(sys.argv[3]))
