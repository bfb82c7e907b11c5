"""Delivery reports (RFC 3464) that came to a signed return address: read strictly, believed only for that one delivery."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message as Mail
from email.utils import getaddresses
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.delivery.models import Delivery, Report
from wasl.app.delivery.returnpath import delivery_of
from wasl.app.delivery.send import record_state
from wasl.app.sql import run

BYTES_MAX = 5_000_000
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
APPLIED, KNOWN, NOT_OURS, NOT_A_REPORT = "applied", "known", "not ours", "not a report"
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class ReadReport:
    """One recipient's outcome."""

    action: str
    status: str
    diagnostic: str
    message_id: str


def read_report(data: bytes) -> ReadReport | None:
    """The outcome in a multipart/report; None for any other mail. Several recipients: ours has only one, the worst counts."""
    message = message_from_bytes(data[:BYTES_MAX], policy=policy.compat32)
    if message.get_content_type() != "multipart/report":
        return None
    blocks = [block for part in message.walk() if part.get_content_type() == "message/delivery-status" for block in _blocks(part)]
    found = [block for block in blocks if str(block.get("Action", "")).strip().lower() in ACTIONS]
    if not found:
        return None
    worst = min(found, key=lambda block: ACTIONS.index(str(block["Action"]).strip().lower()))
    status = _STATUS.search(str(worst.get("Status", "")))
    return ReadReport(
        action=str(worst["Action"]).strip().lower(),
        status=status.group() if status else "",
        diagnostic=_clean(str(worst.get("Diagnostic-Code", "")))[:300],
        message_id=_clean(str(message.get("Message-ID", "")))[:255],
    )


def _blocks(part: Mail) -> list[Mail]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Mail)] if isinstance(payload, list) else []


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()


def recipients(data: bytes) -> list[str]:
    """To whom a mail came: the envelope's own record where the server keeps it, else To."""
    message = message_from_bytes(data[:BYTES_MAX], policy=policy.compat32)
    fields = [str(value) for name in ("Delivered-To", "X-Original-To", "To") for value in message.get_all(name, [])]
    return [address for _name, address in getaddresses(fields)]


_others: list[Callable[[UUID, ReadReport], bool]] = []


def also(take: Callable[[UUID, ReadReport], bool]) -> None:
    """Let a higher floor take reports about mails of its own table; it says whether one was its own."""
    _others.append(take)


def take_in(data: bytes) -> str:
    """Apply one inbound mail; safe to repeat. What is no report, or to no address of ours, changes nothing."""
    report = read_report(data)
    if report is None:
        return NOT_A_REPORT
    ids = [found for found in map(delivery_of, recipients(data)) if found is not None]
    rows = run("SELECT organisation_id, id FROM delivery_delivery WHERE id = ANY(%s)", (ids,)) if ids else []
    if not rows:
        return APPLIED if any(other(found, report) for found in ids for other in _others) else NOT_OURS
    return _apply(*rows[0], report)


# Action -> the state it proves. "delayed" and "relayed" prove nothing about the mailbox
_STATES = {"failed": Delivery.BOUNCED, "delivered": Delivery.DELIVERED, "expanded": Delivery.DELIVERED, "relayed": Delivery.HANDED_OVER}


@transaction.atomic
def _apply(org_id: object, delivery_id: object, report: ReadReport) -> str:
    delivery = Delivery.objects.for_org(org_id).select_for_update().get(pk=delivery_id)
    _row, is_new = Report.objects.for_org(org_id).get_or_create(
        organisation_id=org_id,
        delivery_id=delivery_id,
        message_id=report.message_id,
        defaults={"action": report.action, "status": report.status, "diagnostic": report.diagnostic},
    )
    if not is_new:
        return KNOWN
    state = _STATES.get(report.action)
    # A late bounce outdoes "delivered": some servers accept first and find out later. The rest never goes back.
    order = (Delivery.HANDED_OVER, Delivery.DELIVERED, Delivery.BOUNCED)
    is_news = state is not None and (delivery.state not in order or order.index(state) > order.index(delivery.state))
    if is_news and state is not None:
        delivery.state, delivery.state_at = state, clock.now()
        delivery.reply, delivery.in_flight = report.diagnostic[:200], False
        delivery.save()
        record_state(delivery, {"status": report.status, "report": report.action})
    return APPLIED
