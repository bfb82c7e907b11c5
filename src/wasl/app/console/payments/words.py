"""The money pages' words: states, ways, gateways, accounts, kinds of entries, why a payment failed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app.console.payments import filters
from wasl.app.payments.families import family_name
from wasl.app.payments.gateways.given import TITLES
from wasl.app.payments.models import Alarm, GatewayAccount, Receipt, Refund
from wasl.app.ui import format
from wasl.invoice.money import from_minor

TONES = {
    "received": "good", "pending": "wait", "failed": "late", "cancelled": "off", "refunded": "info", "partly_refunded": "info",
    "disputed": "late", "lost": "late", "unmatched": "soon", "mismatch": "late", "undone": "off",
}  # fmt: skip


def state(key: str) -> str:
    """A payment's state in a word or two."""
    return {
        "received": pgettext("state of a payment", "Received"),
        "pending": pgettext("state of a payment", "Pending"),
        "failed": pgettext("state of a payment", "Failed"),
        "cancelled": pgettext("state of a payment", "Given up"),
        "refunded": pgettext("state of a payment", "Refunded in full"),
        "partly_refunded": pgettext("state of a payment", "Partly refunded"),
        "disputed": pgettext("state of a payment", "Disputed"),
        "lost": pgettext("state of a payment", "Lost to the bank"),
        "unmatched": pgettext("state of a payment", "Unmatched"),
        "mismatch": pgettext("state of a payment", "Does not fit"),
        "undone": pgettext("state of a payment", "Booking undone"),
    }[key]


def group(key: str) -> str:
    """The chips above the list."""
    return {
        "all": _("All"),
        "received": pgettext("payments", "Received"),
        "pending": pgettext("payments", "Pending"),
        "failed": pgettext("payments", "Failed"),
        "refunded": pgettext("payments", "Refunded"),
        "disputed": pgettext("payments", "Disputed"),
        "unmatched": pgettext("payments", "Unmatched"),
    }[key]


def method(key: str) -> str:
    """How it was paid."""
    known = {
        "": _("Online payment"),
        Receipt.CASH: pgettext("way to pay", "Cash"),
        Receipt.CHEQUE: pgettext("way to pay", "Cheque"),
        Receipt.GATEWAY: pgettext("way to pay", "Paid out by the gateway"),
        filters.CREDIT: pgettext("way to pay", "Customer's credit"),
    }
    return known.get(key) or family_name(key)


def gateway(name: str) -> str:
    """What people call a gateway."""
    return _("Test bank") if name == "bank" else TITLES.get(name, name)


def gateways(org: Any) -> dict[str, str]:
    """Those that this seller has or had, and the bank of the installation."""
    mine = GatewayAccount.objects.for_org(org).order_by("created_at", "id").values_list("driver", flat=True)
    return {name: gateway(name) for name in [*mine, "bank"]}


def failure(kind: str) -> str:
    """Why nothing came, in a few words; nothing where the gateway did not say."""
    return {
        "declined": _("the card was declined"),
        "insufficient_funds": _("not enough money on the card"),
        "expired_card": _("the card has expired"),
        "authentication": _("the payer could not prove who they are"),
        "timeout": _("the payer took too long"),
        "cancelled": _("the payer went back"),
        "unavailable": _("the bank could not be reached"),
        "other": _("the gateway gave no reason"),
    }.get(kind, "")


def misfit(org: Any, intent: Any) -> str:
    """In what the gateway's payment is not the one that was asked for."""
    alarm = Alarm.objects.for_org(org).filter(intent_id=intent.pk, kind__startswith="mismatch-").order_by("-raised_at").first()
    if alarm is None:
        return ""
    kind = alarm.kind.removeprefix("mismatch-")
    said = alarm.body.get("amount"), alarm.body.get("currency")
    if kind in ("amount", "currency") and isinstance(said[0], int) and isinstance(said[1], str):
        return _("it says %(amount)s") % {"amount": format.isolate(format.money(from_minor(said[0], said[1]), said[1]))}
    return {
        "reference": _("its reference is another one"), "merchant": _("it belongs to another seller's account"), "id": _("its number is another one"),
    }.get(kind, "")  # fmt: skip


def account(name: str) -> str:
    """What an accountant calls an account of the journal."""
    return {
        "receivable": pgettext("account", "Receivables"),
        "sales": pgettext("account", "Sales"),
        "gateway_clearing": pgettext("account", "Held at gateways"),
        "bank": pgettext("account", "Bank and cash"),
        "fees": pgettext("account", "Gateway fees"),
        "discount_allowed": pgettext("account", "Discount for paying early"),
        "customer_credit": pgettext("account", "Customers' credit"),
        "write_off": pgettext("account", "Bad debts written off"),
        "refunds_due": pgettext("account", "Refunds due"),
        "disputed": pgettext("account", "Disputed payments"),
        "fx_difference": pgettext("account", "Exchange differences"),
        "unmatched": pgettext("account", "Unmatched money"),
    }[name]


def kind(name: str) -> str:
    """What an entry of the journal is about."""
    return {
        "issue": pgettext("entry", "Invoice issued"),
        "credit": pgettext("entry", "Credit note"),
        "payment": pgettext("entry", "Payment"),
        "refund_due": pgettext("entry", "Refund decided"),
        "refund": pgettext("entry", "Refund"),
        "write_off": pgettext("entry", "Write-off"),
        "discount": pgettext("entry", "Discount for paying early"),
        "dispute": pgettext("entry", "Dispute"),
        "chargeback": pgettext("entry", "Dispute lost"),
        "payout": pgettext("entry", "Payout"),
        "exchange": pgettext("entry", "Currency exchange"),
        "move": pgettext("entry", "Transfer between accounts"),
    }.get(name, name)


def refund_state(refund: Refund) -> tuple[str, str]:
    """(word, tone)"""
    if refund.status == Refund.SUCCEEDED:
        return (pgettext("refund", "Kept as credit"), "info") if refund.to_credit else (pgettext("refund", "Sent back"), "good")
    return {
        Refund.WAITING: (pgettext("refund", "Waits for approval"), "soon"),
        Refund.QUEUED: (pgettext("refund", "On its way"), "wait") if refund.intent_id else (pgettext("refund", "Send it yourself"), "soon"),
        Refund.SENT: (pgettext("refund", "Sent to the gateway"), "wait"),
        Refund.REFUSED: (pgettext("refund", "Not made"), "late"),
        Refund.DROPPED: (pgettext("refund", "Refused"), "off"),
    }[refund.status]
