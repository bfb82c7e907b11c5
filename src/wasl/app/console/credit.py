"""Giving a credit note from the console: on the whole invoice, on an amount of it, or on one of its lines.

A dispute leads here with its line and its reason filled in; the note that is issued settles the dispute in the same
request, so two clicks mend an invoice: "Credit note from line 3", "Issue".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from wasl.app import clock
from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.invoice import row_or_404
from wasl.app.console.queries import settled
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import read_issued
from wasl.app.invoicing.prepare import local_date
from wasl.app.portal.questions.page import LineShown, line_of, title
from wasl.app.support import conversations
from wasl.app.support.models import Conversation
from wasl.app.support.sent import form_key
from wasl.app.ui import format, numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.credit import LineCredit
from wasl.invoice.money import from_minor

REASON_CHARS_MAX = 300


@dataclass
class CreditForm:
    """What is to be credited, as typed. With `line`, the amount is that of the line, before VAT; without, VAT is in it."""

    line: LineShown | None
    amount: str
    reason: str
    key: str
    problems: dict[str, list[str]] = field(default_factory=dict)

    def errors(self, name: str) -> list[str]:
        return self.problems.get(name, [])

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(name, text) for name, texts in self.problems.items() for text in texts]


@require_http_methods(["GET", "HEAD", "POST"])
@member
def credit(request: Any, invoice_id: UUID) -> HttpResponse:
    """`?line=3` credits that line, `?question=<id>` settles that conversation. The invoice itself never changes."""
    row = row_or_404(request, invoice_id)
    if row.is_credit_note:
        raise Http404
    found = get_or_404(settled(request.org, row.pk, today=local_date(request.org, clock.now())))
    left = max(found.total - found.credited, from_minor(0, row.currency))
    question = question_of(request, row)
    form = filled(request, row, question, left)
    if request.method == "POST" and (issued := attempt(request, row, form, found.total)):
        messages.success(request, _("Credit note %(number)s is issued.") % {"number": format.isolate(issued.number)})
        if question is not None and settle(request, question, issued, form.key):
            return redirect("console-question", slug=request.org.slug, conversation_id=question.pk)
        return redirect("console-invoice", slug=request.org.slug, invoice_id=row.pk)
    status = 422 if form.problems else 200
    return show(request, "console/credit.html", "invoices", status=status, row=row, left=left, form=form, question=question)


def question_of(request: Any, row: Any) -> Conversation | None:
    """The conversation of this very invoice that the address names."""
    given = request.POST.get("question") or request.GET.get("question", "")
    try:
        return Conversation.objects.for_org(request.org).filter(pk=UUID(given), invoice_id=row.pk).first() if given else None
    except ValueError:
        return None


def filled(request: Any, row: Any, question: Conversation | None, left: Decimal) -> CreditForm:
    """The form as it came, or as the address suggests: the whole of a line or of what is left, with the dispute's words as reason."""
    try:
        document = read_issued(row)
    except NotFound:
        document = None
    identifier = request.POST.get("line", "") if request.method == "POST" else request.GET.get("line", "")
    line = line_of(document, identifier) if identifier else None
    if identifier and line is None:
        raise Http404
    amount = line.amount if line is not None and line.amount is not None else left
    with override(row.language):  # the customer reads it on the note
        reason = "".join(char for char in title(document, question) if char not in "\u2068\u2069") if question is not None else ""
    return CreditForm(line, request.POST.get("amount", f"{amount:f}"), request.POST.get("reason", reason[:REASON_CHARS_MAX]), form_key(request))


def attempt(request: Any, row: Any, form: CreditForm, total: Decimal) -> Any:
    """The issued note, or None with what is wrong in the form. Sent twice, the same form is one note."""
    from wasl.app.invoicing.credit import credit as issue_note

    try:
        amount = numbers.number(form.amount)
        reason = numbers.line(form.reason, REASON_CHARS_MAX)
        if not reason:
            form.problems["reason"] = [_("Say why: the customer reads it on the credit note.")]
        elif amount is None or amount <= 0:
            form.problems["amount"] = [_("Write the amount to credit, above zero.")]
        else:
            lines = [credited(form.line, amount)] if form.line is not None else None
            part = None if form.line is not None or amount == total else amount
            return issue_note(request.org, row, lines=lines, amount=part, reason=reason, key=form.key, actor=request.actor)
    except WaslError as error:
        form.problems["amount"] = [error.message(current())]
    return None


def credited(line: LineShown, amount: Decimal) -> LineCredit:
    """All of the line, or an amount of it before VAT."""
    return LineCredit(line=line.identifier) if amount == line.amount else LineCredit(line=line.identifier, amount=amount)


def settle(request: Any, question: Conversation, issued: Any, key: str) -> bool:
    """The note ends the conversation. Where somebody else closed it meanwhile, the note stands and says so itself."""
    try:
        conversations.resolve(request.org.pk, question.pk, by=request.actor, outcome=Conversation.CREDITED, note_id=issued.invoice_id, key=key)
    except WaslError as error:
        messages.error(request, error.message(current()))
        return False
    return True
