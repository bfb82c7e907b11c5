"""What the events of an invoice are called: one title for the seller, one for the person it happened to, one for the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app.support import words

NOTICE_KINDS = ("due_soon", "due", "overdue", "paid", "disputed", "credited", "question", "legal")


def title(event_type: str, data: Mapping[str, Any], *, is_seller: bool, is_own: bool) -> str | None:
    """None where an event is not told to this reader."""
    mail, own = is_seller or is_own, is_own and not is_seller
    found = _mail(event_type, own) or _notice(event_type, data, own) if mail else None
    found = found or _money(event_type, data)
    return found or _talk(event_type, data, is_seller=is_seller, own=own) or _plain(event_type, is_seller=is_seller, own=own, mail=mail)


def _mail(event_type: str, own: bool) -> str | None:
    """The document's own mail: "delivered" only with the other server's word for it."""
    return {
        "queued": _("Waiting to be sent"),
        "deferred": _("Sending put off: the mail server asked us to try later"),
        "handed-over": _("Handed over to your mail server") if own else _("Handed over to the mail server"),
        "delivery-unknown": _("Delivery not confirmed"),
        "delivered": _("Delivered to your mailbox") if own else _("Delivered to the mailbox"),
        "bounced": _("Came back: it could not be delivered"),
    }.get(event_type)


def _notice(event_type: str, data: Mapping[str, Any], own: bool) -> str | None:
    """Reminders and news: the same honest states, with what it was about."""
    if not event_type.startswith("notice-"):
        return {
            "reminders-stopped": _("Reminders stopped at your wish") if own else _("Reminders stopped at the reader's wish"),
            "reminders-resumed": _("Reminders go on"),
            "address-suppressed": _("No more notices to this address: its mail keeps coming back"),
        }.get(event_type)
    about = notice_kind(str(data.get("kind", "")))
    return {
        "notice-sent": _("%(notice)s: handed over to the mail server"),
        "notice-unknown": _("%(notice)s: delivery not confirmed"),
        "notice-delivered": _("%(notice)s: delivered to the mailbox"),
        "notice-bounced": _("%(notice)s: came back"),
    }.get(event_type, "%(notice)s") % {"notice": about}


def notice_kind(kind: str) -> str:
    return {
        "due_soon": pgettext("notice in the history", "Reminder before the due date"),
        "due": pgettext("notice in the history", "Reminder on the due date"),
        "overdue": pgettext("notice in the history", "Reminder after the due date"),
        "paid": pgettext("notice in the history", "News of the payment"),
        "disputed": pgettext("notice in the history", "News of the dispute"),
        "credited": pgettext("notice in the history", "News of the credit note"),
        "question": pgettext("notice in the history", "News of an answer"),
    }.get(kind, pgettext("notice in the history", "Notice"))


def _money(event_type: str, data: Mapping[str, Any]) -> str | None:
    """What happens to a payment after it came, and what is planned to be paid."""
    if event_type == "paid" and data.get("channel") == "credit":
        return _("Paid from your credit") if data.get("left", 0) == 0 else _("Partly paid from your credit")
    if event_type == "paid" and data.get("left"):
        return _("A part of it was paid")
    if event_type == "transfer-undone" and data.get("came_back"):
        return _("The bank took the transfer back: it is owed again")
    return {
        "chargeback-opened": _("Payment contested at the bank; the bank decides"),
        "chargeback-won": _("The bank left the payment as it was"),
        "charged-back": _("The bank took the payment back: it is owed again"),
        "written-off": _("Written off: it need not be paid"),
        "write-off-undone": _("No longer written off"),
        "discounted": _("Discount for paying early"),
        "discount-undone": _("Discount taken back, the credit note covers it"),
        "credit-added": _("Kept as your credit"),
        "credit-applied": _("Paid from your credit"),
        "transfer-received": _("Bank transfer received"),
        "transfer-undone": _("A bank transfer was booked here by mistake"),
        "plan-agreed": _("Payment in instalments agreed"),
        "plan-ended": _("Payment in instalments ended"),
        "autopay-planned": _("Automatic payment planned"),
        "autopay-noticed": _("Automatic payment announced"),
        "autopay-cancelled": _("Automatic payment cancelled"),
        "autopay-failed": _("Automatic payment failed; nothing was taken"),
        "refund-refused": _("Refund not made"),
    }.get(event_type)


def _talk(event_type: str, data: Mapping[str, Any], *, is_seller: bool, own: bool) -> str | None:
    """Questions and disputes: who wrote, and what it is about."""
    if data.get("undone"):
        return _("Opened again by the seller")
    if event_type == "disputed":
        topic = words.topic(str(data.get("reason") or "other"))
        return (_("You objected: %(topic)s") if own else _("Disputed: %(topic)s")) % {"topic": topic}
    if event_type == "resolved":
        ended = words.outcome(str(data.get("outcome", "")))
        if ended:
            return _("Settled: %(outcome)s") % {"outcome": ended}
        return _("Marked as solved by you") if own else _("Marked as solved by the customer") if is_seller else _("Marked as solved")
    return {
        "asked": _("You asked a question") if own else _("A question was asked"),
        "answered": _("You answered") if is_seller else _("The seller answered"),
        "replied": _("You wrote again") if own else _("The customer wrote again") if is_seller else _("Somebody wrote again"),
        "call-asked": _("You asked for a call") if own else _("A call was asked for"),
        "call-tried": _("A call was tried: nobody picked up"),
        "call-done": _("They were called") if is_seller else _("The seller called"),
        "call-cancelled": _("The call was cancelled"),
        "withdrawn": _("You took it back") if own else _("The question or objection was taken back"),
    }.get(event_type)


def _plain(event_type: str, *, is_seller: bool, own: bool, mail: bool) -> str | None:
    told: dict[str, str | None] = {
        "issued": _("Issued and sealed"),
        "opened": (_("Opened by you") if own else _("Opened")) if mail else None,
        "downloaded": (_("Downloaded by you") if own else _("Downloaded")) if mail else None,
        "acknowledged": _("Receipt confirmed"),
        "paid": pgettext("event", "Payment received"),
        "refunded": _("Money returned"),
        "credited": _("Credit note issued"),
        "cancelled": _("Cancelled by a credit note"),
        "reported": _("Reported to the authority"),
        "cleared": _("Cleared by the authority"),
        "rejected": _("Rejected by the authority"),
        "paid-twice": _("Paid again; the money goes back by itself"),
        "refund-requested": _("Refund on its way"),
        "payment-alarm": _("A payment does not fit this invoice") if is_seller else None,
        "transfer-returned": _("The bank says that a payment came back; look at the movement") if is_seller else None,
        "link-revoked": (_("Your link was withdrawn") if own else _("Link withdrawn")) if mail else None,
        "due-moved": _("More time granted: a later due date"),
        "erased": _("Personal data erased"),
    }
    return told.get(event_type)
