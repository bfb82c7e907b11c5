"""What practice pages say: the invoice through the real page's own sums, the story, the steps of the verifier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app import clock
from wasl.app.portal.page import Facts, PayerPage, Payment
from wasl.app.portal.pay.outcome import CANCELLED, RECEIVED, Outcome
from wasl.app.support.help.models import Practice
from wasl.app.support.help.practice_document import SELLER
from wasl.app.ui import macros
from wasl.app.ui.i18n import current
from wasl.formats import ubl
from wasl.invoice.model import Invoice
from wasl.ledger.verify import Verdict

ZONE, COUNTRY = "Asia/Riyadh", "SA"
SHOWN = ("hash", "seal", "inclusion", "log signature")


def REASONS() -> list[tuple[str, str]]:
    return [
        ("question", _("I have a question")),
        ("quantity", _("The quantity is not right")),
        ("price", _("The price is not right")),
        ("other", _("Something else")),
    ]


def answer_to(reason: str) -> str:
    """What the practice shop answers, in the reader's language."""
    return {
        "quantity": _("Thank you, we looked: you are right, it was one fewer. A real seller would now issue a credit note for the difference."),
        "price": _("Thank you. The price is as agreed: the quantity discount is taken off on the line. A real seller would show you the agreement."),
    }.get(reason, _("Thank you for your question. A real seller answers within a day or so, and you get an e-mail when the answer is there."))


@dataclass(frozen=True)
class Told:
    """One entry of the story, as the timeline shows it."""

    title: str
    tone: str
    at: Markup | None = None
    detail: Markup | None = None


@dataclass(frozen=True)
class Task:
    """One thing to try, whether it was done, and where."""

    text: str
    href: str
    is_done: bool


@dataclass(frozen=True)
class ShownStep:
    title: str
    text: str
    state: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Desk:
    """One practice invoice for its pages."""

    row: Practice
    token: str

    @cached_property
    def invoice(self) -> Invoice:
        return ubl.read(bytes(self.row.document)).invoice

    @cached_property
    def page(self) -> PayerPage:
        total = (self.invoice.totals.payable_amount if self.invoice.totals else None) or Decimal(0)
        paid_on = self.row.paid_at.date() if self.row.paid_at else None
        payments = (Payment(paid_on, total, self.row.receipt),) if paid_on else ()
        facts = Facts(
            today=clock.now().date(), paid=total if paid_on else Decimal(0), payments=payments, paid_on=paid_on, is_private=True,
            is_payable=True, country=COUNTRY,
        )  # fmt: skip
        return PayerPage(self.invoice, facts, current(), SELLER[current()], current())

    @cached_property
    def lines(self) -> list[tuple[str, Any]]:
        """Each line of the page with its number, by which a question names it."""
        return [(line.identifier or "", shown) for line, shown in zip(self.invoice.lines, self.page.lines, strict=True)]

    @cached_property
    def line_names(self) -> dict[str, str]:
        return {number: line.name for number, line in self.lines}

    @property
    def ends(self) -> Markup:
        return macros.day(self.row.expires_at.date(), COUNTRY)

    @cached_property
    def did(self) -> frozenset[str]:
        return frozenset(entry[0] for entry in self.row.story)

    @property
    def tasks(self) -> list[Task]:
        page = reverse("practice-invoice", args=[self.token])
        return [
            Task(_("Read what is due, and until when"), f"{page}#head", True),
            Task(_("Ask about a line"), reverse("practice-ask", args=[self.token]) + "?line=1", "asked" in self.did),
            Task(_("Verify it, and see what a forgery looks like"), reverse("practice-verify", args=[self.token]), "tampered" in self.did),
            Task(_("Pay with play money"), reverse("practice-pay", args=[self.token]), self.row.paid_at is not None),
        ]

    @property
    def outcome(self) -> Outcome:
        """What became of the play payment, in the words of a real one."""
        total, currency = self.page.total, self.page.currency
        return Outcome(RECEIVED if self.row.paid_at else CANCELLED, currency, total, self.page.remaining)

    @property
    def is_finished(self) -> bool:
        return all(task.is_done for task in self.tasks)

    @property
    def story(self) -> list[Told]:
        told = [Told(_("Issued and sealed for practice"), "done", macros.moment(self.row.created_at, ZONE, COUNTRY))]
        for kind, at, text in self.row.story:
            title, tone = _told()[kind]
            detail = macros.name(text) if text and kind in ("asked", "answered") else macros.code(text) if text else None
            told.append(Told(title, tone, macros.moment(datetime.fromisoformat(at), ZONE, COUNTRY), detail))
        return told


def _told() -> dict[str, tuple[str, str]]:
    return {
        "opened": (_("Opened by you"), "done"), "asked": (_("You asked"), "done"), "answered": (_("The practice shop answered"), "done"),
        "verified": (_("Verified by you"), "done"), "tampered": (_("You tried a forgery, and it was found out"), "done"),
        "declined": (_("You declined at the practice bank; nothing was taken"), "wait"), "paid": (_("Paid with play money"), "done"),
    }  # fmt: skip


def verdict_steps(verdict: Verdict) -> list[ShownStep]:
    """The verifier's own sentences, step by step."""
    titles = {
        "hash": _("The file is exactly what the seller issued"), "seal": _("The seller signed it"),
        "inclusion": _("It is in the log, once"), "log signature": _("The log has not been rewritten"),
    }  # fmt: skip
    found = [(name, verdict.step(name)) for name in SHOWN]  # type: ignore[arg-type]
    return [ShownStep(titles[name], step.ar if current() == "ar" else step.en, "ok" if step.state == "ok" else "failed") for name, step in found]
