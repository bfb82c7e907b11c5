"""What reasons, states and outcomes of a conversation are called, the same for both sides."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app.support.models import Conversation

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
    """Where a conversation stands, as its reader sees it: who is expected to write next."""
    if conversation.state == Conversation.OPEN:
        return pgettext("state of a conversation", "Waiting for you") if is_seller else pgettext("state of a conversation", "Waiting for an answer")
    return {
        Conversation.ANSWERED: pgettext("state of a conversation", "Answered"),
        Conversation.RESOLVED: pgettext("state of a conversation", "Solved"),
        Conversation.WITHDRAWN: pgettext("state of a conversation", "Taken back"),
    }[conversation.state]


def outcome(key: str) -> str:
    """How the seller settled it; "" where nobody said."""
    return {
        Conversation.EXPLAINED: pgettext("outcome", "Explained"),
        Conversation.CREDITED: pgettext("outcome", "Credit note issued"),
        Conversation.CORRECTED: pgettext("outcome", "Corrected"),
    }.get(key, "")
