"""What every kind of condition gives back, and the small sentences that many kinds share."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from wasl.invoice.terms import TERMS, TermInfo
from wasl.rules.explain.facts import Facts, Node
from wasl.rules.explain.text import Bi, Raw, say


class Parts(NamedTuple):
    """One explanation before it is placed: `node` is where the place is read from, if not the finding's own node."""

    message: Bi
    fix: Bi
    term: TermInfo | None
    node: Node | None = None
    detail: Bi | None = None  # an element or attribute to add to the place, where no term names it


class Condition(Protocol):
    """A kind of condition. Without facts it explains the rule in general, for `wasl rules show`."""

    def explain(self, facts: Facts | None) -> Parts: ...


ENTER = ("Enter the {term}.", "أدخل {term}.")
ENTER_LIKE = ("Enter the {term}, for example {example}.", "أدخل {term}، مثل {example}.")
CHOOSE_LIKE = ("Choose the {term}, for example {example}.", "اختر {term}، مثل {example}.")
ADD = ("Add the {term}.", "أضف {term}.")
REMOVE = ("Remove the {term}.", "احذف {term}.")

EXAMPLES = {
    "BT-1": "INV-2026-0001",
    "BT-2": "2026-11-23",
    "BT-3": "380",
    "BT-5": "SAR",
    "BT-6": "SAR",
    "BT-25": "INV-2026-0001",
    "BT-23": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    "BT-24": "urn:cen.eu:en16931:2017",
    "BT-29": "1010010000",
    "BT-30": "1010010000",
    "BT-31": "DE123456789",
    "BT-34-1": "EM",
    "BT-49-1": "EM",
    "BT-40": "SA",
    "BT-48": "DE123456789",
    "BT-55": "JO",
    "BT-63": "DE123456789",
    "BT-69": "BE",
    "BT-80": "BE",
    "BT-81": "30",
    "BT-84": "SA0380000000608010167519",
    "BT-95": "S",
    "BT-96": "15",
    "BT-102": "S",
    "BT-103": "15",
    "BT-118": "S",
    "BT-119": "15",
    "BT-125-1": "application/pdf",
    "BT-125-2": "timesheet.pdf",
    "BT-126": "1",
    "BT-129": "3",
    "BT-130": "C62",
    "BT-146": "250.00",
    "BT-151": "S",
    "BT-152": "15",
    "BT-157-1": "0160",
    "BT-158-1": "STI",
    "BT-72": "2026-11-23",
}
_CHOSEN = frozenset(f"BT-{n}" for n in (3, 5, 6, 40, 55, 69, 80, 81, 95, 102, 118, 130, 151, 159))


def supply(term: TermInfo) -> Bi:
    """The action that provides a missing value: add a group, choose a code, enter anything else."""
    example = EXAMPLES.get(term.id)
    if example is None:
        return say(ADD if term.is_group else ENTER, term=term)
    return say(CHOOSE_LIKE if term.id in _CHOSEN else ENTER_LIKE, term=term, example=Raw(example))


def term(term_id: str) -> TermInfo:
    return TERMS[term_id]
