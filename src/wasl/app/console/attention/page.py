"""A row that needs attention, in words: what happened, since when, and the one thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app import clock
from wasl.app.support import words
from wasl.app.support.attention import names
from wasl.app.support.attention.queries import Row
from wasl.app.support.models import Attention
from wasl.app.ui import macros
from wasl.invoice.money import from_minor


@dataclass(frozen=True)
class Action:
    """What one button does. kind: link (goes to `href`), post (sends `act`), address (asks for one first)."""

    kind: str
    label: str
    icon: str
    act: str = ""
    href: str = ""


@dataclass(frozen=True)
class Shown:
    row: Row
    name: str
    tone: str
    total: Decimal
    waits: str  # "3 days"
    detail: Markup | None
    action: Action
    href: str  # the invoice
    call: str  # a telephone number, where calling helps


def shown(org: Any, row: Row) -> Shown:
    return Shown(
        row, names.name(row.kind), names.TONES[row.kind], from_minor(row.units, row.currency), words.lasted(clock.now() - row.since), detail(row),
        action(org, row), reverse("console-invoice", args=[org.slug, row.invoice_id]),
        row.phone if row.kind in (Attention.BOUNCED, Attention.UNOPENED, Attention.NOT_MINE, Attention.QUESTION) else "",
    )  # fmt: skip


def detail(row: Row) -> Markup | None:
    """The address and the other server's words; what the question is about."""
    if row.kind in (Attention.QUESTION, Attention.NOT_MINE):
        about = Markup("{}").format(words.topic(row.reason)) if row.reason else Markup()
        line = Markup(_("line %(line)s")) % {"line": macros.code(row.line)} if row.line else Markup()  # noqa: S704
        return Markup(" · ").join(part for part in (about, line) if part) or None
    address = row.recipient or (row.email if row.kind == Attention.UNOPENED else "")
    parts = [macros.code(part) for part in (address, row.reply if row.kind != Attention.STUCK else "") if part]
    return Markup(" · ").join(parts) if parts else None


def action(org: Any, row: Row) -> Action:
    """Each kind has one; done and later stand beside it for all."""
    invoice = reverse("console-invoice", args=[org.slug, row.invoice_id])
    if row.kind in (Attention.QUESTION, Attention.NOT_MINE):
        return Action("link", _("Answer"), "chat", href=reverse("console-question", args=[org.slug, row.subject]))
    if row.kind == Attention.CALL:
        return Action("link", _("Call"), "phone", href=reverse("console-calls", args=[org.slug]) + f"#call-{row.subject}")
    if row.kind == Attention.RETURNED:
        return Action("link", _("Look at the movement"), "bank", href=reverse("console-bank", args=[org.slug]) + f"#move-{row.subject}")
    return {
        Attention.BOUNCED: Action("address", _("Send to another address"), "send", act="send"),
        Attention.UNOPENED: Action("post", _("Send it again"), "send", act="send"),
        Attention.STUCK: Action("post", _("Try now"), "refund", act="try"),
        Attention.DEFERRED: Action("post", _("Try now"), "refund", act="try"),
        Attention.PENDING: Action("post", _("Ask the bank now"), "bank", act="ask"),
        Attention.ALARM: Action("link", _("Open the invoice"), "invoice", href=invoice),
    }[row.kind]


def first_day(today: date) -> date:
    """The earliest day that something can be hidden until: tomorrow."""
    return date.fromordinal(today.toordinal() + 1)
