"""Open pages hear of money at once: every event that moves it is told to the pages of its invoice and to the seller's desk."""

from __future__ import annotations

from wasl.app.events.record import Recorded, subscribe
from wasl.app.live import tell, topics

KIND = "money"
MOVES = (
    "paid", "paid-twice", "transfer-undone", "discounted", "refund-requested", "refunded", "chargeback-opened", "chargeback-won", "charged-back",
    "written-off", "write-off-undone", "discount-undone", "payment-alarm", "payment-failed", "autopay-planned", "autopay-noticed",
    "autopay-cancelled", "autopay-failed", "transfer-received", "transfer-returned", "payout", "payout-explained",
)  # fmt: skip


def listen() -> None:
    """Called once, when the application starts."""
    for event_type in MOVES:
        subscribe(event_type, _tell)


def _tell(event: Recorded) -> None:
    data = {"event": event.type, "invoice": str(event.invoice_id) if event.invoice_id else ""}
    if event.invoice_id:
        tell(topics.invoice(event.organisation_id, event.invoice_id), KIND, data)
    tell(topics.desk(event.organisation_id), KIND, data)
