"""The kinds of notices and the ways they can come: one list for planning, preferences, unsubscribing and pages."""

from __future__ import annotations

from django.utils.translation import pgettext

NEW, DUE_SOON, DUE, OVERDUE, PAID, DISPUTED, CREDITED, QUESTION, LEGAL = (
    "new", "due_soon", "due", "overdue", "paid", "disputed", "credited", "question", "legal",
)  # fmt: skip
KINDS = (NEW, DUE_SOON, DUE, OVERDUE, PAID, DISPUTED, CREDITED, QUESTION, LEGAL)
REMINDERS = (DUE_SOON, DUE, OVERDUE)
AUTOPAY, AUTOPAY_FAILED = "autopay", "autopay_failed"  # what a notice that the law requires may be about
EMAIL, PUSH, PORTAL, ICS = "email", "push", "portal", "ics"
CHANNELS = (EMAIL, PUSH, PORTAL, ICS)

# What nobody can switch off: the document itself has to reach its recipient, and what the law wants said is said
ALWAYS: dict[str, frozenset[str]] = {NEW: frozenset({EMAIL}), LEGAL: frozenset({EMAIL})}
# The calendar holds due dates: what it can say by itself is an alarm some days before, and one on the day (portal/inbox/feed.py)
POSSIBLE: dict[str, frozenset[str]] = {kind: frozenset(CHANNELS if kind in (DUE_SOON, DUE) else (EMAIL, PUSH, PORTAL)) for kind in KINDS}
DEFAULT: dict[str, frozenset[str]] = dict(POSSIBLE)


def label(kind: str) -> str:
    """The kind as a list of preferences names it."""
    return {
        NEW: pgettext("kind of notice", "A new invoice"),
        DUE_SOON: pgettext("kind of notice", "Reminder before the due date"),
        DUE: pgettext("kind of notice", "Reminder on the due date"),
        OVERDUE: pgettext("kind of notice", "An overdue invoice"),
        PAID: pgettext("kind of notice", "Your payment arrived"),
        DISPUTED: pgettext("kind of notice", "News on a dispute"),
        CREDITED: pgettext("kind of notice", "A credit note"),
        QUESTION: pgettext("kind of notice", "An answer to your question"),
        LEGAL: pgettext("kind of notice", "Notices that the law requires"),
    }[kind]


def channel_label(channel: str) -> str:
    return {
        EMAIL: pgettext("channel of notices", "E-mail"),
        PUSH: pgettext("channel of notices", "This device"),
        PORTAL: pgettext("channel of notices", "Here"),
        ICS: pgettext("channel of notices", "Calendar"),
    }[channel]
