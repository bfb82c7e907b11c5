"""The payer's page in its other states: credited, a credit note itself, overdue, paid, erased."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def shown(client: Any, row: Any) -> str:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import Link

    response = client.get(f"/i/{make_link(row, Link.MAIL, 'buyer@example.com')}?lang=en")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"</(dt|td|th|p|li|h\d|span)>", " ", response.content.decode())))


def credit(org: Any, row: Any, actor: Any, amount: str | None = None) -> Any:
    from wasl.app.invoicing.credit import credit as give
    from wasl.app.invoicing.models import Invoice

    answer = give(org, row, reason="Agreed", actor=actor, amount=Decimal(amount) if amount else None)
    return Invoice.objects.for_org(org).get(pk=answer.invoice_id)


def test_a_cancelled_invoice_asks_for_nothing(client: Any, org: Any, issued: Any, actor: Any) -> None:
    note = credit(org, issued, actor)
    text = shown(client, issued)

    assert "Cancelled by a credit note" in text and note.number in text
    assert "Amount due 0.00" in text and "Pay now" not in text


def test_a_partly_credited_invoice_asks_for_the_rest(client: Any, org: Any, issued: Any, actor: Any) -> None:
    credit(org, issued, actor, "42.00")
    text = shown(client, issued)

    assert "Credit notes -42.00" in text and "Amount due 200.00" in text
    assert text.index("200.00 EUR") < text.index("What it is for")


def test_a_credit_note_names_its_invoice_and_is_not_payable(client: Any, org: Any, issued: Any, actor: Any) -> None:
    text = shown(client, credit(org, issued, actor))

    assert "Credit note CN-" in text and issued.number in text
    assert "Amount credited 242.00" in text and "Pay now" not in text and "Agreed" in text


def test_overdue_is_said_in_days(client: Any, issued: Any) -> None:
    from wasl.app import clock

    with clock.frozen(datetime(2030, 2, 3, 12, tzinfo=UTC)):
        text = shown(client, issued)

    assert "Overdue" in text and "3 days overdue" in text


def test_a_paid_invoice_shows_its_receipt(client: Any, issued: Any, gateway: Any) -> None:
    from wasl.app.payments.pay import refresh, start_payment

    started = start_payment(issued, return_url="http://127.0.0.1/i/x")
    gateway.pay(started.intent.gateway_id)
    refresh(issued)
    text = shown(client, issued)

    assert "Paid in full on" in text and "Receipt" in text
    assert started.intent.reference in text and "Amount due 0.00" in text


def test_an_erased_document_still_shows_what_the_law_keeps(client: Any, issued: Any, org: Any, actor: Any) -> None:
    from wasl.app.invoicing.erase import erase

    erase(org, issued.pk, ground="request", actor=actor)
    text = shown(client, issued)

    assert "erased as the law asks" in text and issued.number in text and "242.00 EUR" in text
    assert "Do not pay" not in text, "nothing is wrong with what was erased lawfully"


def test_t4_a_document_that_is_gone_without_the_act_is_not_called_erased(client: Any, issued: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM invoicing_document WHERE invoice_id = %s", [issued.pk])
    text = shown(client, issued)

    assert "The stored document is damaged. Do not pay" in text and "erased as the law asks" not in text


@pytest.fixture
def gateway(db: None) -> Any:
    """The memory gateway of the payment tests."""
    import importlib.util
    import sys
    from pathlib import Path

    path = Path(__file__).parents[1] / "payments" / "conftest.py"
    spec = importlib.util.spec_from_file_location("payment_fixtures", path)
    assert spec is not None and spec.loader is not None
    module = sys.modules.setdefault("payment_fixtures", importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    from wasl.app.payments.drivers import registry

    memory = module.MemoryGateway()
    with registry.placed(memory):
        yield memory
