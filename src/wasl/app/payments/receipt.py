"""The receipt of one payment: what came, when, how, for which invoices, and what of each was left after it; as data and as PDF.

Everything is read from the books as they were at that payment: a receipt that is taken again next year says the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from wasl.app.payments.families import APPLE_PAY, BANK, BENEFIT, CARD, KNET, MADA, STC_PAY, TRANSFER, family_name
from wasl.app.payments.journal import RECEIVABLE
from wasl.app.sql import run
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import format
from wasl.invoice.model import Party
from wasl.invoice.money import from_minor
from wasl.render import Allocation, PaymentReceipt, RenderContext, render_receipt

MEANS = {CARD: "48", MADA: "55", KNET: "55", BENEFIT: "55", BANK: "30", TRANSFER: "30", APPLE_PAY: "68", STC_PAY: "68"}  # UNTDID 4461
ONLINE = "68"

_LINES = """
SELECT a.invoice_id, i.number, i.issue_date, i.currency, a.amount, a.at, t.buyer_name, (
    SELECT coalesce(sum(l.amount), 0)::bigint FROM payments_journalentry e
    JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
    WHERE e.organisation_id = a.organisation_id AND e.invoice_id = a.invoice_id AND l.account = %(receivable)s AND (e.at, e.id) <= (a.at, a.id))
FROM payments_allocation a
JOIN invoicing_invoice i ON i.organisation_id = a.organisation_id AND i.id = a.invoice_id
LEFT JOIN invoicing_invoicetext t ON t.organisation_id = a.organisation_id AND t.id = a.invoice_id
WHERE a.organisation_id = %(org)s AND (a.intent_id = %(payment)s OR a.receipt_id = %(payment)s) AND a.amount > 0 ORDER BY a.at, a.id
"""


@dataclass(frozen=True)
class PaidLine:
    """What of a payment counts towards one invoice, and what of that was left then. Minor units."""

    invoice_id: UUID
    number: str
    issue_date: date
    amount: int
    remaining: int


@dataclass(frozen=True)
class Paid:
    """One payment that arrived. `amount` is what its lines come to; `whole` what the payer paid, shares for others included."""

    org: Organisation
    id: UUID
    reference: str
    currency: str
    amount: int
    whole: int
    at: datetime
    family: str  # "": the gateway did not say
    payer_name: str
    lines: tuple[PaidLine, ...]

    def money(self, units: int) -> Decimal:
        return from_minor(units, self.currency)

    @property
    def method(self) -> str:
        return family_name(self.family) if self.family else _("Online payment")


@dataclass(frozen=True)
class Came:
    """A payment as it came: by a gateway, or to the seller's own account, drawer or hand."""

    org: Organisation
    id: UUID
    reference: str
    currency: str
    whole: int
    family: str


def paid_of(org: Any, payment_id: UUID, *, invoices: Iterable[Any] | None = None) -> Paid | None:
    """The payment behind an intent or a booked receipt, narrowed to the `invoices` that its reader may see; None where nothing is left to show."""
    came = _came(org, payment_id)
    if came is None:
        return None
    allowed = None if invoices is None else {getattr(each, "pk", each) for each in invoices}
    rows = run(_LINES, {"org": came.org.pk, "payment": payment_id, "receivable": RECEIVABLE})
    seen = [row for row in rows if allowed is None or row[0] in allowed]
    if not seen:
        return None
    lines = tuple(PaidLine(row[0], row[1], row[2], row[4], max(row[7], 0)) for row in seen)
    amount = sum(line.amount for line in lines)
    return Paid(came.org, came.id, came.reference, came.currency, amount, came.whole, seen[0][5], came.family, seen[0][6] or "", lines)


def _came(org: Any, payment_id: UUID) -> Came | None:
    """None for what never was, and for what was booked by mistake and undone."""
    from wasl.app.payments.models import Intent, Receipt

    intent = Intent.objects.for_org(org).select_related("organisation").filter(pk=payment_id).first()
    if intent is not None:
        return Came(intent.organisation, intent.pk, intent.reference, intent.currency, intent.captured, intent.method)
    booked = Receipt.objects.for_org(org).select_related("organisation").filter(pk=payment_id, undone_at=None).first()
    if booked is None:
        return None
    family = TRANSFER if booked.source == Receipt.TRANSFER else ""
    return Came(booked.organisation, booked.pk, booked.reference or str(booked.pk)[-12:].upper(), booked.currency, booked.amount, family)


_LATEST = """
SELECT coalesce(a.intent_id, a.receipt_id) FROM payments_allocation a
LEFT JOIN payments_receipt r ON r.organisation_id = a.organisation_id AND r.id = a.receipt_id
WHERE a.organisation_id = %(org)s AND a.invoice_id = %(invoice)s AND a.amount > 0 AND r.undone_at IS NULL
  AND (%(event)s::uuid IS NULL OR a.id = %(event)s::uuid) AND coalesce(a.intent_id, a.receipt_id) IS NOT NULL ORDER BY a.at DESC LIMIT 1
"""


def latest_payment(invoice: Any, *, event: UUID | None = None) -> UUID | None:
    """The newest payment that counts towards an invoice, or the one that the event `paid` tells of; None for one from credit."""
    rows = run(_LATEST, {"org": invoice.organisation_id, "invoice": invoice.pk, "event": event})
    return rows[0][0] if rows else None


def receipt_pdf(paid: Paid, language: str) -> bytes:
    """The receipt on paper in both languages, `language` first, in the seller's look."""
    org = paid.org
    language = "en" if language == "en" else "ar"
    with override(language):
        on, clock = format.local_day(paid.at, org.time_zone), format.clock(paid.at, org.time_zone)
        when = {"date": format.gregorian(on, org.country), "time": clock, "zone": org.time_zone}
        note = _("Received on %(date)s at %(time)s, %(zone)s time.") % when
    receipt = PaymentReceipt(
        number=paid.reference, issue_date=on, seller=org.party(), payer=Party(name=paid.payer_name or None), currency=paid.currency,
        amount=paid.money(paid.amount), means_code=MEANS.get(paid.family, ONLINE), reference=paid.reference, note=note,
        allocations=tuple(
            Allocation(number=line.number, paid=paid.money(line.amount), issue_date=line.issue_date, remaining=paid.money(line.remaining))
            for line in paid.lines
        ),
    )  # fmt: skip
    context = RenderContext(
        issued_at=paid.at.replace(microsecond=0), language=language, logo=bytes(org.logo) if org.logo else None,
        accent=org.accent or RenderContext.accent, seller_name_other=org.name_in("en" if org.legal_name_language == "ar" else "ar") or None,
    )  # fmt: skip
    return render_receipt(receipt, context=context).data
