"""A mail server, an invoice in Riyadh's calendar and a clock that can be moved."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from wasl.app import clock, fsck


def _fixtures(name: str, path: Path) -> Any:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


_delivery = _fixtures("wasl_delivery_fixtures", Path(__file__).resolve().parent.parent / "delivery" / "conftest.py")
for _name in ("mail_process", "mail", "proven"):
    globals()[_name] = getattr(_delivery, _name)

INVARIANTS = ("notice-mails", "notice-owed", "notice-once", "mail-events")
ADDRESS = "nadir@y.example"
DUE = date(2026, 12, 23)  # a Wednesday


def at(text: str) -> datetime:
    """A moment in UTC; Riyadh is three hours ahead."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def now(db: None) -> Iterator[clock.Travel]:
    from wasl.app.tenancy import keys

    keys.authority()  # of the whole session: made now, not on a day that is still to come
    with clock.frozen(at("2026-11-29T08:00")) as travel:  # a Sunday
        yield travel


@pytest.fixture
def seller(make_org: Any, now: clock.Travel) -> Any:
    return make_org(name_ar="شركة سند للتقنية", name_en="Sanad Technology", time_zone="Asia/Riyadh", country="SA", default_language="ar")


@pytest.fixture
def send_invoice(seller: Any, make_invoice: Any, actor: Any) -> Callable[..., Any]:
    """Issue an invoice and queue its mail; the row."""

    def send(email: str = ADDRESS, due: date | None = DUE, org: Any = None, **changes: Any) -> Any:
        from wasl.app.delivery.send import deliver
        from wasl.app.invoicing.issue import issue
        from wasl.app.invoicing.models import Invoice

        org = org or seller
        answer = issue(org, make_invoice(email=email, due_date=due, **changes), actor=actor)
        row = Invoice.objects.for_org(org).get(pk=answer.invoice_id)
        deliver(row)
        return row

    return send


@pytest.fixture
def work(mail: Any, proven: Any) -> Iterator[Callable[[], int]]:
    """One round of the worker: plan, queue, hand over."""
    from wasl.app.delivery.send import send_due
    from wasl.app.notices.round import beat

    def once() -> int:
        proven()
        beat()
        return send_due()

    yield once
    assert fsck.run(INVARIANTS) == []


@pytest.fixture
def subjects(mail: Any) -> Callable[..., list[str]]:
    """What came to a mailbox, oldest first."""
    from email import message_from_bytes, policy

    def read(mailbox: str = ADDRESS) -> list[str]:
        uids = sorted(message["uid"] for message in mail.messages(mailbox))
        return [str(message_from_bytes(mail.source(uid), policy=policy.default)["Subject"]) for uid in uids]

    return read


@pytest.fixture
def pay(actor: Any) -> Callable[..., None]:
    """Money comes in for an invoice, through the books."""

    def come(row: Any, amount: int | None = None) -> None:
        from django.db import transaction

        from wasl.app.events.record import record
        from wasl.app.payments.journal import CLEARING, RECEIVABLE, JLine, post
        from wasl.app.payments.models import JournalEntry

        wanted = row.payable_amount if amount is None else amount
        with transaction.atomic():
            event = record("paid", org=row.organisation_id, invoice=row.pk, at=clock.now(), amount=wanted, currency=row.currency)
            post(event, JournalEntry.PAYMENT, [JLine(CLEARING, wanted), JLine(RECEIVABLE, -wanted)], currency=row.currency, invoice=row)

    return come
