"""The invoice's own story, told to whoever may read it: what is planned next, what happened, when, and by whom.

Honest words: "delivered" only with the other server's word for it; "handed over" is not "delivered"; "opened" is a
person's act. A payer reads of its own address only (T54); the seller reads them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app.portal.story_words import notice_kind, title
from wasl.app.sql import run
from wasl.app.ui import format, macros
from wasl.invoice.money import from_minor

WAITING = frozenset({"queued", "deferred", "delivery-unknown", "refund-requested", "notice-unknown", "asked", "replied"})
BAD = frozenset({"bounced", "rejected", "charged-back", "payment-alarm", "notice-bounced", "disputed", "address-suppressed"})
WAITING |= {"autopay-planned", "autopay-noticed"}
BAD |= {"chargeback-opened", "autopay-failed", "transfer-returned"}
QUIET = frozenset({"sealed", "account-changed", "key-rotated"})  # part of another step, or nobody's business here
MONEY = frozenset(
    {"paid", "paid-twice", "refunded", "refund-requested", "credited", "chargeback-opened", "chargeback-won", "charged-back", "written-off"}
    | {"discounted", "discount-undone", "credit-added", "autopay-planned", "autopay-noticed", "autopay-cancelled", "autopay-failed"}
)
MONEY |= {"transfer-returned"}
TALK = frozenset({"asked", "disputed", "answered", "replied", "resolved", "withdrawn"})
ONCE = frozenset({"opened", "downloaded"})  # told for each reader the first time


class Happened(Protocol):
    type: str
    at: datetime
    amount: int | None
    currency: str

    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Entry:
    """One line of the story. `details` are plain texts, for exports; `detail` is the same as markup."""

    title: str
    tone: str  # done | next | bad | wait
    at: Markup | None = None
    detail: Markup | None = None
    moment: datetime | None = None
    type: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Who reads: the seller, or the person behind one address. `people` are names of the seller's people by id."""

    is_seller: bool
    zone: str
    country: str | None = None
    address: str = ""
    people: Mapping[str, str] | None = None
    also: frozenset[str] = frozenset()  # further addresses of the same inbox, in lower case

    def is_own(self, data: Mapping[str, Any]) -> bool:
        recipient = str(data.get("recipient", "")).lower()
        return bool(recipient) and (recipient == self.address.lower() or recipient in self.also)

    def person(self, data: Mapping[str, Any]) -> str:
        """The name of the colleague who did it; for the seller's eyes only."""
        by = str(data.get("by") or data.get("actor") or "")
        return (self.people or {}).get(by.removeprefix("person:"), "") if self.is_seller and by.startswith("person:") else ""


def timeline(
    events: Iterable[Happened], reader: Reader, *, logged_at: datetime | None, proof_url: str, upcoming: Sequence[Entry] = (), talk_url: str = ""
) -> list[Entry]:
    """What is planned first, then what happened in its order; repeated openings and downloads by one reader are told once.

    `talk_url` with an empty id in it ("/i/.../questions/") makes questions of the story lead to their conversations.
    """
    entries: list[Entry] = list(upcoming)
    seen: set[tuple[str, str]] = set()
    events = sorted(events, key=lambda event: event.at)
    handed = any(event.type == "handed-over" for event in events)  # then the waiting before it says nothing more
    for event in events:
        data = event.data
        if event.type in QUIET or (event.type == "queued" and handed):
            continue
        if event.type in ONCE:
            key = (event.type, str(data.get("recipient", "")))
            if key in seen:
                continue
            seen.add(key)
        name = title(event.type, data, is_seller=reader.is_seller, is_own=reader.is_own(data))
        if name is not None:
            entries.append(_entry(event, name, data, reader, logged_at, proof_url, talk_url))
    return entries


def _entry(event: Happened, name: str, data: Mapping[str, Any], reader: Reader, logged_at: datetime | None, proof_url: str, talk_url: str) -> Entry:
    when = macros.moment(event.at, reader.zone, reader.country)
    if event.type == "issued":
        link = Markup('<a href="{}" download>{}</a>').format(proof_url, _("Take the proof")) if proof_url and logged_at else None
        name = _("Issued, sealed and written to the public log") if logged_at else _("Issued and sealed; being written to the public log")
        return Entry(name, "done", when, link, event.at, event.type)
    details = _details(event, data, reader)
    detail = Markup(" · ").join(markup for markup, _plain in details)
    if event.type in TALK and talk_url and data.get("conversation"):
        read = Markup('<a href="{}{}">{}</a>').format(talk_url, data["conversation"], _("Read"))
        detail = Markup(" · ").join(part for part in (detail, read) if part)
    tone = "bad" if data.get("came_back") else _tone(event.type)
    return Entry(name, tone, when, detail or None, event.at, event.type, tuple(plain for _markup, plain in details))


def _tone(event_type: str) -> str:
    return "bad" if event_type in BAD else "wait" if event_type in WAITING else "done"


def _details(event: Happened, data: Mapping[str, Any], reader: Reader) -> list[tuple[Markup, str]]:
    """Each as markup and as plain text: the amount, the reference, the line, whose address, the other server's words, which colleague."""
    found: list[tuple[Markup, str]] = []
    if event.type in MONEY and event.amount is not None:
        amount = abs(from_minor(event.amount, event.currency))
        found.append((macros.money(amount, event.currency), format.money(amount, event.currency)))
        if reference := data.get("reference") or data.get("number"):
            found.append(_code(str(reference)))
    if event.type in TALK:
        if line := data.get("line"):
            found.append((Markup(_("line %(line)s")) % {"line": macros.code(str(line))}, _("line %(line)s") % {"line": line}))  # noqa: S704
        if number := data.get("number"):
            found.append(_code(str(number)))
    if reader.is_seller or reader.is_own(data):
        address = data.get("recipient")
        reason = data.get("reply") if event.type in WAITING | BAD else None
        found += [_code(str(part)) for part in (address, reason) if part]
    if name := reader.person(data):
        found.append((macros.name(name), name))
    return found


def _code(text: str) -> tuple[Markup, str]:
    return macros.code(text), text


_NEXT = """
SELECT w.next_at, w.next_kind, w.email FROM notices_watch w
WHERE w.organisation_id = %(org)s AND w.invoice_id = %(invoice)s AND w.closed = '' AND NOT w.stale AND w.next_at IS NOT NULL
  AND (%(email)s::text = '' OR w.email = %(email)s::text) ORDER BY w.next_at LIMIT 3
"""
_PAUSED = """
SELECT 1 FROM support_conversation WHERE organisation_id = %(org)s AND invoice_id = %(invoice)s AND kind = 'dispute'
  AND state IN ('open', 'answered') LIMIT 1
"""


def upcoming(row: Any, reader: Reader) -> list[Entry]:
    """What is planned: the next reminder to this reader, or to anybody for the seller; and that there is none while it is disputed."""
    place = {"org": row.organisation_id, "invoice": row.pk, "email": "" if reader.is_seller else reader.address.lower()}
    if not reader.is_seller and not reader.address:
        return []
    if run(_PAUSED, place):
        return [Entry(_("No reminders while the objection is open"), "next")]
    found = []
    for at, kind, email in run(_NEXT, place):
        shown, plain = (macros.code(email), (email,)) if reader.is_seller else (None, ())
        name = _("Next: %(notice)s") % {"notice": notice_kind(kind)}
        day = macros.day(format.local_day(at, format.reader_zone(reader.zone)), reader.country)
        found.append(Entry(name, "next", day, shown, at, "planned", plain))
    return found


_PEOPLE = """
SELECT p.id::text, coalesce(nullif(p.name, ''), p.email) FROM tenancy_membership m JOIN tenancy_person p ON p.id = m.person_id
WHERE m.organisation_id = %s
"""


def people_of(org: Any) -> dict[str, str]:
    """The seller's people by id, to say who did what."""
    return dict(run(_PEOPLE, (org.pk,)))  # type: ignore[arg-type]
