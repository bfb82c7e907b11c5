"""What each kind of attention is called, and what it means, in both lengths."""

from __future__ import annotations

from django.utils.translation import pgettext

from wasl.app.support.models import Attention
from wasl.app.ui.counting import npgettext

TONES = {
    Attention.ALARM: "late", Attention.RETURNED: "late", Attention.NOT_MINE: "late", Attention.BOUNCED: "late",
    Attention.QUESTION: "wait", Attention.CALL: "wait",
    Attention.PENDING: "wait", Attention.STUCK: "wait", Attention.DEFERRED: "wait", Attention.UNOPENED: "info",
}  # fmt: skip


def name(kind: str) -> str:
    return {
        Attention.ALARM: pgettext("needs attention", "Payment that does not fit"),
        Attention.RETURNED: pgettext("needs attention", "Bank took it back"),
        Attention.NOT_MINE: pgettext("needs attention", "Says it is not theirs"),
        Attention.BOUNCED: pgettext("needs attention", "Mail came back"),
        Attention.QUESTION: pgettext("needs attention", "Waits for an answer"),
        Attention.CALL: pgettext("needs attention", "Wants to be called"),
        Attention.PENDING: pgettext("needs attention", "Payment hangs"),
        Attention.STUCK: pgettext("needs attention", "Mail stays in the queue"),
        Attention.DEFERRED: pgettext("needs attention", "Mail put off for long"),
        Attention.UNOPENED: pgettext("needs attention", "Not opened"),
    }[kind]


def counted(kind: str, number: int) -> str:
    """One line of the daily mail."""
    return {
        Attention.ALARM: npgettext(
            "needs attention", "%(num)d payment does not fit its invoice", "%(num)d payments do not fit their invoices", number
        ),
        Attention.RETURNED: npgettext(
            "needs attention", "%(num)d payment was taken back by the bank", "%(num)d payments were taken back by the bank", number
        ),
        Attention.NOT_MINE: npgettext(
            "needs attention", "%(num)d invoice is said to be somebody else's", "%(num)d invoices are said to be somebody else's", number
        ),
        Attention.BOUNCED: npgettext("needs attention", "%(num)d mail came back", "%(num)d mails came back", number),
        Attention.QUESTION: npgettext("needs attention", "%(num)d question waits for your answer", "%(num)d questions wait for your answer", number),
        Attention.CALL: npgettext("needs attention", "%(num)d customer waits for a call", "%(num)d customers wait for a call", number),
        Attention.PENDING: npgettext("needs attention", "%(num)d payment hangs at the bank", "%(num)d payments hang at the bank", number),
        Attention.STUCK: npgettext("needs attention", "%(num)d mail stays in the queue", "%(num)d mails stay in the queue", number),
        Attention.DEFERRED: npgettext(
            "needs attention", "%(num)d mail is put off again and again", "%(num)d mails are put off again and again", number
        ),
        Attention.UNOPENED: npgettext("needs attention", "%(num)d invoice was never opened", "%(num)d invoices were never opened", number),
    }[kind] % {"num": number}
