"""One payment in words: what happened when, what its money did in the books, which payout it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app.console.payments import words
from wasl.app.console.payments.queries import Row
from wasl.app.payments.models import Dispute, Intent, Receipt, Refund
from wasl.app.portal.history import Entry
from wasl.app.sql import run
from wasl.app.ui import format, macros
from wasl.invoice.money import from_minor

_ENTRIES = """
SELECT e.id, e.at, e.kind, e.currency, coalesce(i.number, ''), l.account, l.amount FROM payments_journalentry e
JOIN payments_journalline l ON l.organisation_id = e.organisation_id AND l.entry_id = e.id
LEFT JOIN invoicing_invoice i ON i.organisation_id = e.organisation_id AND i.id = e.invoice_id
WHERE e.organisation_id = %(org)s AND (e.intent_id = %(id)s OR e.receipt_id = %(id)s OR e.id = %(id)s)
ORDER BY e.at, e.id, l.amount < 0, l.account
"""
_PAYOUTS = """
SELECT p.id, p.gateway_id, p.at, i.kind, i.gross, i.fee, i.net, p.currency, p.booked_at FROM payments_payoutitem i
JOIN payments_payout p ON p.organisation_id = i.organisation_id AND p.id = i.payout_id
WHERE i.organisation_id = %(org)s AND (i.intent_id = %(id)s OR i.receipt_id = %(id)s) ORDER BY p.at, i.id
"""
_FAILED = """
SELECT v.at, d.data ->> 'failure' FROM events_event v
JOIN events_eventdetail d ON d.organisation_id = v.organisation_id AND d.id = v.id AND d.data ->> 'reference' = %(reference)s
WHERE v.organisation_id = %(org)s AND v.invoice_id = %(invoice)s AND v.type = 'payment-failed' ORDER BY v.at
"""


@dataclass
class Booking:
    """One entry of the journal: lines are (account, minor units, debit above zero)."""

    id: UUID
    at: datetime
    kind: str
    currency: str
    number: str
    lines: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class PaidOut:
    """A line of a payout that is about this payment."""

    payout_id: UUID
    payout: str
    at: datetime
    kind: str
    gross: int
    fee: int
    net: int
    currency: str
    booked_at: datetime


def bookings(org: Any, payment_id: UUID) -> list[Booking]:
    found: dict[UUID, Booking] = {}
    for entry, at, kind, currency, number, account, amount in run(_ENTRIES, {"org": org.pk, "id": payment_id}):
        found.setdefault(entry, Booking(entry, at, kind, currency, number)).lines.append((account, amount))
    return list(found.values())


def paid_out(org: Any, payment_id: UUID) -> list[PaidOut]:
    return [PaidOut(*row) for row in run(_PAYOUTS, {"org": org.pk, "id": payment_id})]


def refunds_of(org: Any, row: Row) -> list[Refund]:
    """In the order in which they were asked for."""
    if row.source == "credit":
        return []
    mine = {"intent_id": row.id} if row.source == "gateway" else {"receipt_id": row.id}
    return list(Refund.objects.for_org(org).filter(**mine).order_by("created_at", "id"))


def timeline(org: Any, row: Row, refunds: list[Refund], outs: list[PaidOut], people: Mapping[str, str]) -> list[Entry]:
    """What happened, in its order."""
    told = {"gateway": _gateway, "receipt": _receipt, "credit": _credit}[row.source](org, row, people)
    for refund in refunds:
        told += refund_story(org, refund, people)
    for out in outs:
        what = _("Paid out to your bank") if out.gross >= 0 else _("Taken off a payout")
        told.append(_entry(org, what, out.at, macros.money(from_minor(abs(out.net), out.currency), out.currency), macros.code(out.payout)))
    return sorted(told, key=lambda entry: entry.moment or row.at)


def _entry(org: Any, title: str, at: datetime | None, *details: Any, tone: str = "done") -> Entry:
    kept = [detail for detail in details if detail]
    when = macros.moment(at, org.time_zone, org.country) if at else None
    return Entry(title, tone, when, Markup(" · ").join(kept) if kept else None, at)


def _gateway(org: Any, row: Row, people: Mapping[str, str]) -> list[Entry]:
    intent = Intent.objects.for_org(org).get(pk=row.id)
    asked = macros.money(row.money(intent.amount), row.currency)
    begun = _("Charged automatically, as agreed") if intent.saved_id else _("The payer went to pay")
    told = [_entry(org, begun, intent.created_at, asked, words.gateway(row.driver))]
    for at, why in run(_FAILED, {"org": org.pk, "reference": row.reference, "invoice": intent.invoice_id}):
        told.append(_entry(org, _("It was not paid"), at, words.failure(why or intent.failure), tone="bad"))
    if intent.status == Intent.MISMATCH:
        title = _("The gateway took money that does not fit what was asked for; it counts towards nothing")
        told.append(_entry(org, title, intent.settled_at, words.misfit(org, intent), tone="bad"))
    if intent.settled_at and intent.captured:
        told.append(_entry(org, _("The money came"), intent.settled_at, macros.money(row.money(intent.captured), row.currency)))
    for dispute in Dispute.objects.for_org(org).filter(intent_id=row.id).order_by("opened_at"):
        amount = macros.money(row.money(dispute.amount), row.currency)
        title = _("The payer's bank took the money back, and decides who is right")
        told.append(_entry(org, title, dispute.opened_at, amount, format.shown(dispute.reason), tone="bad"))
        if dispute.closed_at:
            is_won = dispute.state == Dispute.WON
            title = _("Decided for you: the money is back") if is_won else _("Decided for the payer: the invoice is owed again")
            told.append(_entry(org, title, dispute.closed_at, amount, tone="done" if is_won else "bad"))
    return told


def _receipt(org: Any, row: Row, people: Mapping[str, str]) -> list[Entry]:
    receipt = Receipt.objects.for_org(org).get(pk=row.id)
    told = [_entry(org, _("The money came"), receipt.at, macros.money(row.money(receipt.amount), row.currency), words.method(receipt.source))]
    told.append(_entry(org, _("Booked"), receipt.created_at, who(receipt.received_by, people)))
    if receipt.undone_at:
        told.append(_entry(
            org, _("Taken back, as if it had never come"), receipt.undone_at, who(receipt.undone_by, people), format.shown(receipt.undone_because),
            tone="bad",
        ))  # fmt: skip
    return told


def _credit(org: Any, row: Row, people: Mapping[str, str]) -> list[Entry]:
    return [_entry(org, _("Paid from the customer's credit"), row.at, macros.money(row.money(row.amount), row.currency))]


def refund_story(org: Any, refund: Refund, people: Mapping[str, str]) -> list[Entry]:
    """Asked, decided, sent, done, failed: each with by whom and why."""
    amount = macros.money(from_minor(refund.amount, refund.currency), refund.currency)
    asked = {
        Refund.EXCESS: _("Too much came: the rest goes back"), Refund.EXTERNAL: _("Given back at the gateway, not from here"),
    }.get(refund.reason, _("Refund asked for"))  # fmt: skip
    if refund.to_credit:
        asked = _("Kept as the customer's credit")
    tone = "done" if refund.done_at else "wait"
    told = [_entry(org, asked, refund.created_at, amount, who(refund.asked_by, people), format.shown(refund.note), tone=tone)]
    if refund.decided_at:
        refused = refund.status == Refund.DROPPED
        title = _("Refund refused") if refused else _("Refund approved")
        told.append(_entry(
            org, title, refund.decided_at, who(refund.decided_by, people), format.shown(refund.last_error) if refused else "",
            tone="bad" if refused else "done",
        ))  # fmt: skip
    if refund.status == Refund.REFUSED:
        told.append(_entry(
            org, _("The gateway will not return it: send it from your bank"), refund.next_attempt_at, macros.code(refund.last_error), tone="bad"
        ))  # fmt: skip
    if refund.done_at and not refund.to_credit:
        title = _("Sent back from your bank") if refund.by_hand else _("The money went back")
        told.append(_entry(org, title, refund.done_at, amount))
    return told


def who(label: str, people: Mapping[str, str]) -> str:
    """Whom a row names as having done it: a colleague by name, a process by what it is."""
    if not label:
        return ""
    kind, _sep, name = label.partition(":")
    if kind == "person":
        return format.shown(people.get(name, "")) or _("somebody who left")
    return _("by itself") if kind == "system" else _("from the command line")
