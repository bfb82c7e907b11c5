"""A conversation at the seller's desk: the thread with its notes, the invoice and the customer beside it, the others that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from wasl.app import clock
from wasl.app.console.access import get_or_404
from wasl.app.console.desk.queue import CallShown, calls
from wasl.app.console.queries import ListRow, settled
from wasl.app.console.questions.queries import BESIDE_ROWS, Row, habit, last_opened, members, questions
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import find_invoice, read_issued
from wasl.app.invoicing.links import make_link
from wasl.app.invoicing.models import Customer, InvoiceText, Link
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments.standing import standing
from wasl.app.portal.questions.page import SHOWN, Bubble, Eyes, LineShown, line_of, title
from wasl.app.support import words
from wasl.app.support.canned.fill import Facts, filled
from wasl.app.support.canned.keep import answers
from wasl.app.support.conversations import thread
from wasl.app.support.desk.labels import labels, labels_of
from wasl.app.support.models import Conversation, Label


@dataclass(frozen=True)
class DeskPage:
    conversation: Conversation
    row: Any  # the issued row
    invoice: ListRow
    title: str
    state: str
    tone: str
    line: LineShown | None
    bubbles: Sequence[Bubble]
    hidden: int
    customer: Customer | None
    habit: str
    opened_at: datetime | None
    members: Sequence[tuple[UUID, str]]
    others: Sequence[Row]
    today: date
    labels: Sequence[tuple[UUID, str, str]] = ()  # of this conversation
    all_labels: Sequence[Label] = ()
    canned: Sequence[tuple[UUID, str, str]] = ()  # id, title, its words
    call: CallShown | None = None
    language: str = "ar"  # the payer's

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        return words.plain_outcomes()

    @property
    def number(self) -> str:
        return self.row.number

    @property
    def total(self) -> Decimal:
        return self.invoice.total

    @property
    def currency(self) -> str:
        return self.row.currency


def desk_page(request: Any, conversation: Conversation, *, whole: bool) -> DeskPage:
    org = request.org
    row = find_invoice(org, conversation.invoice_id)
    try:
        document = read_issued(row)
    except NotFound:
        document = None
    today = local_date(org, clock.now())
    said = thread(conversation, with_notes=True)
    kept = said if whole else said[-SHOWN:]
    eyes = Eyes(
        True, org, row, "", conversation,
        lambda file_id: reverse("console-question-file", args=[org.slug, conversation.pk, file_id]),
        lambda note_id: reverse("console-invoice", args=[org.slug, note_id]),
        lambda message_id: reverse("console-question-mail", args=[org.slug, conversation.pk, message_id]),
    )  # fmt: skip
    facts, language = facts_of(org, conversation, row), row.language
    customer = Customer.objects.for_org(org).filter(pk=row.customer_id).first() if row.customer_id else None
    return DeskPage(
        conversation=conversation,
        row=row,
        invoice=get_or_404(settled(org, row.pk, today=today)),
        title=title(document, conversation),
        state=words.state(conversation, is_seller=True),
        tone=words.TONES[conversation.state],
        line=line_of(document, conversation.line) if conversation.line else None,
        bubbles=eyes.bubbles(kept),
        hidden=len(said) - len(kept),
        customer=customer,
        habit=habit_of(org, row.customer_id),
        opened_at=last_opened(row),
        members=members(org),
        others=questions(org, rows=BESIDE_ROWS)[0],
        today=today,
        labels=labels_of(org.pk, [conversation.pk]).get(conversation.pk, []),
        all_labels=labels(org),
        canned=[(each.id, each.title, each.text) for each in (filled(answer, facts, language) for answer in answers(org))],
        call=next(iter(calls(org, invoice_id=row.pk, rows=1)[0]), None),
        language=language,
    )


def facts_of(org: Any, conversation: Conversation, row: Any = None) -> Facts:
    """What the variables of a canned answer say in this conversation."""
    row = row or find_invoice(org, conversation.invoice_id)
    figures = standing(org, row)
    text: Any = InvoiceText.objects.for_org(org).filter(pk=row.pk).first()
    url = f"{settings.CONFIG.origin.rstrip('/')}/i/{make_link(row, Link.PDF)}"  # as printed on the document: a reader's own link is nobody else's
    return Facts(
        text.buyer_name if text else "", row.number, figures.amount(max(figures.balance, 0)), row.currency, figures.due or row.due_date,
        org.country, url,
    )  # fmt: skip


def language_of(conversation: Conversation) -> str:
    """The payer's language: that of the document."""
    return find_invoice(conversation.organisation_id, conversation.invoice_id).language


def habit_of(org: Any, customer_id: UUID | None) -> str:
    """When this customer pays, in words; "" where too little is known."""
    found = habit(org, customer_id)
    return words.habit(*found) if found else ""
