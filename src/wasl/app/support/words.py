"""What reasons, states and outcomes of a conversation are called, the same for both sides."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app.support.models import Conversation
from wasl.app.ui.counting import ngettext

TONES = {Conversation.OPEN: "wait", Conversation.ANSWERED: "info", Conversation.RESOLVED: "good", Conversation.WITHDRAWN: "off"}


def reason(key: str) -> str:
    """Why somebody writes, in a few words."""
    return {
        "question": _("I have a question"),
        "price": _("The price is wrong"),
        "quantity": _("The quantity is wrong"),
        "not_received": _("It has not arrived"),
        "damaged": _("It arrived damaged"),
        "paid": _("It is paid already"),
        "not_mine": _("It is not for me"),
        "tax_details": _("The tax details are wrong"),
        "other": _("Something else is wrong"),
    }[key]


def topic(key: str) -> str:
    """The same as a heading, said of the invoice."""
    return {
        "question": pgettext("topic of a conversation", "Question"),
        "price": pgettext("topic of a conversation", "Wrong price"),
        "quantity": pgettext("topic of a conversation", "Wrong quantity"),
        "not_received": pgettext("topic of a conversation", "Not received"),
        "damaged": pgettext("topic of a conversation", "Damaged"),
        "paid": pgettext("topic of a conversation", "Already paid"),
        "not_mine": pgettext("topic of a conversation", "Wrong recipient"),
        "tax_details": pgettext("topic of a conversation", "Wrong tax details"),
        "other": pgettext("topic of a conversation", "Objection"),
    }[key]


def state(conversation: Conversation, *, is_seller: bool) -> str:
    """Where a conversation stands, as its reader sees it."""
    return state_of(conversation.state, is_seller=is_seller)


def state_of(key: str, *, is_seller: bool) -> str:
    """The same by its key: who is expected to write next, or how it ended."""
    waiting = pgettext("state of a conversation", "Waiting for you") if is_seller else pgettext("state of a conversation", "Waiting for an answer")
    return {
        Conversation.OPEN: waiting,
        Conversation.ANSWERED: pgettext("state of a conversation", "Answered"),
        Conversation.RESOLVED: pgettext("state of a conversation", "Solved"),
        Conversation.WITHDRAWN: pgettext("state of a conversation", "Taken back"),
    }[key]


def unassigned() -> str:
    return pgettext("state of a conversation", "Unassigned")


def outcome(key: str) -> str:
    """How the seller settled it; "" where nobody said."""
    return {
        Conversation.EXPLAINED: pgettext("outcome", "Explained"),
        Conversation.CREDITED: pgettext("outcome", "Credit note issued"),
        Conversation.CORRECTED: pgettext("outcome", "Corrected"),
    }.get(key, "")


def plain_outcomes() -> list[tuple[str, str]]:
    """Ends that need no document; a credit note has its own button."""
    return [(key, outcome(key)) for key in (Conversation.EXPLAINED, Conversation.CORRECTED)]


def lasted(span: timedelta) -> str:
    """How long, as a person says it: minutes, then hours, then days."""
    minutes = max(int(span.total_seconds() // 60), 1)
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes) % {"num": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(num)d hour", "%(num)d hours", hours) % {"num": hours}
    return ngettext("%(num)d day", "%(num)d days", hours // 24) % {"num": hours // 24}


def habit(days: int, payments: int) -> str:
    """When a customer pays, as the median of so many payments."""
    if days == 0:
        return ngettext("Pays on the due date, by %(num)d payment", "Pays on the due date, by %(num)d payments", payments) % {"num": payments}
    if days > 0:
        return ngettext("Pays %(num)d day before the due date (median)", "Pays %(num)d days before the due date (median)", days) % {"num": days}
    return ngettext("Pays %(num)d day after the due date (median)", "Pays %(num)d days after the due date (median)", -days) % {"num": -days}
