"""Credit notes: issued like any document, and never more than the invoice in any tax category, however many at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.invoicing.find import read_issued
from wasl.app.invoicing.issue import Issued, OriginalMoved, issue_prepared, require_original
from wasl.app.invoicing.models import Invoice
from wasl.app.invoicing.prepare import PLACEHOLDER, Prepared, local_date, prepare
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.models import Organisation
from wasl.invoice.credit import LineCredit, credit_note, remaining, remaining_total
from wasl.invoice.model import Invoice as Model
from wasl.invoice.model import TaxSubtotal

TRIES = 5  # other notes for the same invoice may be issued while this one is computed


def credit(
    org: Organisation,
    invoice: Invoice,
    *,
    reason: str,
    actor: Actor,
    lines: Sequence[LineCredit] | None = None,
    amount: Decimal | None = None,
    series: str | None = None,
    key: str | None = None,
) -> Issued:
    """Issue a credit note on the whole invoice, some of its lines, or an amount of it (tax included).

    Raises CreditExceeds, NoSuchLine, NothingToCredit, and whatever issuing raises.
    """
    require(org.pk, actor)
    original = read_issued(invoice)
    body = repr((str(invoice.pk), reason, amount, tuple(lines) if lines is not None else None)).encode()
    for last in (False,) * (TRIES - 1) + (True,):
        earlier = notes_of(invoice)
        try:
            return issue_prepared(
                org, lambda earlier=earlier: _prepared(org, original, earlier, reason, lines, amount), actor=actor, series=series, key=key,
                body=body, original=require_original(org, invoice.pk), customer_id=invoice.customer_id, language=invoice.language,
                known_notes=len(earlier),
            )  # fmt: skip
        except OriginalMoved:
            if last:
                raise
    raise AssertionError("unreachable")


def _prepared(
    org: Organisation, original: Model, earlier: list[Model], reason: str, lines: Sequence[LineCredit] | None, amount: Decimal | None
) -> Prepared:
    on = local_date(org, clock.now())
    note = credit_note(original, issue_date=on, reason=reason, lines=lines, amount=amount, earlier=earlier)
    return prepare(org, note, on=on, number=PLACEHOLDER, totalled=True)


def notes_of(invoice: Any) -> list[Model]:
    """The credit notes that were issued against an invoice, oldest first."""
    rows = Invoice.objects.for_org(invoice.organisation_id).filter(original_id=invoice.pk).order_by("issued_at", "id")
    return [read_issued(row) for row in rows]


def left_to_credit(invoice: Invoice) -> tuple[Decimal, tuple[TaxSubtotal, ...]]:
    """What is left of an invoice: altogether (tax included), and in each tax category."""
    original, notes = read_issued(invoice), notes_of(invoice)
    return remaining_total(original, notes), remaining(original, notes)


def original_id_of(row: Invoice) -> UUID:
    """The invoice that a row is about: itself, or the one it credits."""
    return row.original_id or row.pk
