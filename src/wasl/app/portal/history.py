"""The invoice's own story, told to whoever may read it: what happened, when, and what is only under way.

Honest words: "delivered" only with the other server's word for it; "handed over" is not "delivered"; "opened" is a
person's act. A payer reads of its own address only; the seller reads them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from wasl.app.ui import macros
from wasl.invoice.money import from_minor

WAITING = frozenset({"queued", "deferred", "delivery-unknown", "refund-requested"})
BAD = frozenset({"bounced", "rejected", "charged-back", "payment-alarm"})
QUIET = frozenset({"sealed", "account-changed", "key-rotated"})  # part of another step, or nobody's business here


class Happened(Protocol):
    type: str
    at: datetime
    amount: int | None
    currency: str

    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Entry:
    title: str
    tone: str  # done | next | bad | wait
    at: Markup | None = None
    detail: Markup | None = None


@dataclass(frozen=True)
class Reader:
    """Who reads: the seller, or the person behind one address."""

    is_seller: bool
    zone: str
    country: str | None = None
    address: str = ""

    def is_own(self, data: Mapping[str, Any]) -> bool:
        return bool(self.address) and str(data.get("recipient", "")).lower() == self.address.lower()


def titles(event_type: str, *, is_seller: bool, is_own: bool) -> str | None:
    """What an event is called; None where it is not told to this reader."""
    mail = is_seller or is_own
    own = is_own and not is_seller
    told: dict[str, str | None] = {
        "issued": _("Issued and sealed"),
        "queued": _("Waiting to be sent") if mail else None,
        "deferred": _("Sending put off: the mail server asked us to try later") if mail else None,
        "handed-over": (_("Handed over to your mail server") if own else _("Handed over to the mail server")) if mail else None,
        "delivery-unknown": _("Delivery not confirmed") if mail else None,
        "delivered": (_("Delivered to your mailbox") if own else _("Delivered to the mailbox")) if mail else None,
        "bounced": _("Came back: it could not be delivered") if mail else None,
        "opened": _("Opened by you") if own else _("Opened"),
        "downloaded": _("Downloaded by you") if own else _("Downloaded"),
        "acknowledged": _("Receipt confirmed"),
        "paid": pgettext("event", "Payment received"),
        "refunded": _("Money returned"),
        "charged-back": _("Payment contested at the bank"),
        "credited": _("Credit note issued"),
        "cancelled": _("Cancelled by a credit note"),
        "reported": _("Reported to the authority"),
        "cleared": _("Cleared by the authority"),
        "rejected": _("Rejected by the authority"),
        "paid-twice": _("Paid again; the money goes back by itself"),
        "refund-requested": _("Refund on its way"),
        "payment-alarm": _("A payment does not fit this invoice") if is_seller else None,
        "erased": _("Personal data erased"),
    }
    return told.get(event_type)


def timeline(
    events: Iterable[Happened], reader: Reader, *, logged_at: datetime | None, proof_url: str
) -> list[Entry]:
    """Entries in the order of happening; repeated openings and downloads by one reader are told once, the first time."""
    entries: list[Entry] = []
    seen: set[tuple[str, str]] = set()
    events = sorted(events, key=lambda event: event.at)
    handed = any(event.type == "handed-over" for event in events)  # then the waiting before it says nothing more
    for event in events:
        data = event.data
        if event.type in QUIET or (event.type == "queued" and handed):
            continue
        if event.type in ("opened", "downloaded"):
            key = (event.type, str(data.get("recipient", "")))
            if key in seen:
                continue
            seen.add(key)
        title = titles(event.type, is_seller=reader.is_seller, is_own=reader.is_own(data))
        if title is None:
            continue
        when = macros.moment(event.at, reader.zone, reader.country)
        if event.type == "issued":
            entries.append(_issued(event, when, logged_at, proof_url))
            continue
        entries.append(Entry(title, _tone(event.type), when, _detail(event, data, reader)))
    return entries


def _tone(event_type: str) -> str:
    return "bad" if event_type in BAD else "wait" if event_type in WAITING else "done"


def _issued(event: Happened, when: Markup, logged_at: datetime | None, proof_url: str) -> Entry:
    if logged_at is None:
        return Entry(_("Issued and sealed; being written to the public log"), "done", when)
    link = Markup('<a href="{}" download>{}</a>').format(proof_url, _("Take the proof")) if proof_url else None
    return Entry(_("Issued, sealed and written to the public log"), "done", when, link)


def _detail(event: Happened, data: Mapping[str, Any], reader: Reader) -> Markup | None:
    if event.type in ("paid", "paid-twice", "refunded", "refund-requested", "credited") and event.amount is not None:
        shown = macros.money(abs(from_minor(event.amount, event.currency)), event.currency)
        reference = data.get("reference") or data.get("number")
        return shown + Markup(" · ") + macros.code(str(reference)) if reference else shown
    if reader.is_seller or reader.is_own(data):
        address = data.get("recipient")
        reason = data.get("reply") if event.type in WAITING | BAD else None
        parts = [macros.code(str(part)) for part in (address, reason) if part]
        return Markup(" · ").join(parts) if parts else None
    return None
