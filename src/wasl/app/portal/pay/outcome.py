"""What became of a payment, in a payer's words: what it is, why, and what to do next. Nothing here asks the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from wasl.app.payments.families import BILL
from wasl.app.ui import macros

PENDING, BILLED, RECEIVED, PARTLY, TWICE, FAILED, EXPIRED, CANCELLED, MISMATCH = (
    "pending", "billed", "received", "partly", "twice", "failed", "expired", "cancelled", "mismatch",
)  # fmt: skip
TONES = {
    PENDING: "wait", BILLED: "wait", RECEIVED: "good", PARTLY: "good", TWICE: "good", FAILED: "bad", EXPIRED: "wait", CANCELLED: "wait",
    MISMATCH: "bad",
}  # fmt: skip
ICONS = {
    PENDING: "clock", BILLED: "invoice", RECEIVED: "done", PARTLY: "done", TWICE: "refund", FAILED: "error", EXPIRED: "clock", CANCELLED: "remove",
    MISMATCH: "warning",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One attempt as its payer is told of it. Amounts in units of `currency`."""

    key: str
    currency: str
    amount: Decimal
    left: Decimal  # still to pay on what it was for
    excess: Decimal = Decimal(0)  # of the amount: goes back by itself
    reason: str = ""  # of a failure: drivers.port.Failure.kind
    has_page: bool = False  # the gateway's page is open still
    credit: Decimal = Decimal(0)  # of the amount: too much, and kept for the next invoice

    @property
    def tone(self) -> str:
        return TONES[self.key]

    @property
    def icon(self) -> str:
        return ICONS[self.key]

    @property
    def is_final(self) -> bool:
        """Nothing more changes by itself: the page need not look again."""
        return self.key not in (PENDING, BILLED)

    @property
    def is_paid(self) -> bool:
        return self.key in (RECEIVED, PARTLY, TWICE)

    @property
    def can_retry(self) -> bool:
        return self.key in (FAILED, EXPIRED, CANCELLED) and self.left > 0

    @property
    def title(self) -> str:
        return {
            PENDING: _("Waiting for the bank to confirm"),
            BILLED: _("Pay this bill at your bank"),
            RECEIVED: _("Your payment has arrived"),
            PARTLY: _("This part has arrived"),
            TWICE: _("It was paid already"),
            FAILED: _("The payment did not go through"),
            EXPIRED: _("The payment page has closed"),
            CANCELLED: _("The payment was not completed"),
            MISMATCH: _("The bank reports a different payment"),
        }[self.key]

    @property
    def why(self) -> str | Markup:
        """What happened, in a sentence."""
        if self.key == FAILED:
            return why_failed(self.reason)
        sentence = {
            PENDING: _("The bank has not told us yet whether %(amount)s arrived. That usually takes seconds, sometimes minutes."),
            BILLED: _("In your bank's app or website choose bill payment, and give the two numbers below. The amount is %(amount)s."),
            RECEIVED: _("%(amount)s arrived. Thank you."),
            PARTLY: _("%(amount)s arrived; %(left)s is left to pay. Thank you."),
            TWICE: _("Another payment was faster. %(excess)s of this one is yours again."),
            EXPIRED: _("Nobody paid on it in time. Nothing was taken."),
            CANCELLED: _("You left the bank's page before it was done. Nothing was taken."),
            MISMATCH: _("Its amount or its reference is not what this invoice asked for, so it is not counted as paid. The seller has been told."),
        }[self.key]
        values = {"amount": self._money(self.amount), "left": self._money(self.left), "excess": self._money(self.excess)}
        return Markup(sentence) % values  # noqa: S704  the sentence is ours

    @property
    def credit_line(self) -> str | Markup:
        """What was too much and is the payer's with this seller now."""
        if not self.credit:
            return ""
        return Markup(_("%(credit)s of it was more than was owed: it is your credit with this seller.")) % {"credit": self._money(self.credit)}  # noqa: S704

    @property
    def next(self) -> str:
        """What the payer does now."""
        if self.key == FAILED:
            return next_after(self.reason)
        return {
            PENDING: _("Do not pay again until it says here that it failed. This page looks by itself; you may also close it."),
            BILLED: _("You need not come back: this page changes by itself, and the receipt comes by e-mail once the bank tells us."),
            RECEIVED: _("The receipt is below. There is nothing more to do."),
            PARTLY: _("The receipt is below. The rest can be paid at any time."),
            TWICE: _("It goes back the way it came, by itself. Your bank shows it within some days."),
            EXPIRED: _("Start again when you like."),
            CANCELLED: _("Start again, or pay another way."),
            MISMATCH: _("Do not pay again. Ask the seller; if money left your account, it is theirs to clear up."),
        }[self.key]

    def _money(self, amount: Decimal) -> Markup:
        return macros.money(amount, self.currency)


def why_failed(reason: str) -> str:
    return {
        "declined": _("Your bank declined the payment. Nothing was taken."),
        "insufficient_funds": _("There was not enough money on the card or account. Nothing was taken."),
        "expired_card": _("The card has expired. Nothing was taken."),
        "authentication": _("Your bank could not make sure that it was you. Nothing was taken."),
        "timeout": _("It took too long, and the bank stopped. Nothing was taken."),
        "cancelled": _("You left the bank's page before it was done. Nothing was taken."),
        "unavailable": _("The bank or the payment service has a fault just now. Nothing was taken."),
    }.get(reason, _("The bank gives no reason. Nothing was taken."))


def next_after(reason: str) -> str:
    return {
        "declined": _("Try another card or way to pay. Only your bank can say why it declined."),
        "insufficient_funds": _("Put money on it and try again, or pay another way."),
        "expired_card": _("Try another card or way to pay."),
        "authentication": _("Try again and give the code that your bank sends you. If none comes, ask your bank."),
        "timeout": _("Try again; have your card and phone at hand."),
        "unavailable": _("Wait some minutes and try again, or pay another way."),
    }.get(reason, _("Start again, or pay another way."))


def short_word(key: str) -> str:
    """The state in one word, for the pill."""
    return {
        PENDING: pgettext("state of a payment", "Being confirmed"),
        BILLED: pgettext("state of a payment", "Waits for you"),
        RECEIVED: pgettext("state of a payment", "Received"),
        PARTLY: pgettext("state of a payment", "Partly paid"),
        TWICE: pgettext("state of a payment", "Goes back"),
        FAILED: pgettext("state of a payment", "Failed"),
        EXPIRED: pgettext("state of a payment", "Page closed"),
        CANCELLED: pgettext("state of a payment", "Not completed"),
        MISMATCH: pgettext("state of a payment", "Does not fit"),
    }[key]


def key_of(intent: Any, *, left: int, excess: int) -> str:
    """The state of an intent as a payer sees it; `left` and `excess` in minor units."""
    if intent.status in intent.OPEN:
        return BILLED if intent.method == BILL else PENDING
    if intent.status == intent.SUCCEEDED:
        return TWICE if excess else PARTLY if left > 0 else RECEIVED
    if intent.status == intent.MISMATCH:
        return MISMATCH
    reason = intent.failure
    if intent.status == intent.FAILED:
        return FAILED
    return EXPIRED if reason in ("timeout", "expired") else CANCELLED
