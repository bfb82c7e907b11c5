"""A statement of account as files: the PDF, and the rows of a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wasl.app.errors import Refused
from wasl.app.insight.account import Account, Movement, Open
from wasl.formats.table.stream import Value
from wasl.invoice.model import Party, Period
from wasl.render import OpenItem, RenderContext, Statement, StatementRow, render_statement

PDF_ROWS_MAX = 3_000  # about ninety pages and three seconds


class TooLongForPdf(Refused):
    code = "WASL-STMT-02"
    en = "A statement of {rows} rows makes a PDF that nobody reads. Choose a shorter period, or take it as a table."
    ar = "كشف من {rows} سطر يصنع ملف PDF لا يُقرأ. اختر مدة أقصر أو خذه جدولًا."


def statement_pdf(of: Account, org: Any, customer: Party, *, on: date, at: datetime, language: str) -> bytes:
    """The statement on paper, in the seller's look. Raises TooLongForPdf."""
    if len(of.movements) > PDF_ROWS_MAX:
        raise TooLongForPdf(rows=len(of.movements))
    rows = tuple(
        StatementRow(kind=each.kind, number=_named(each), issue_date=each.on, amount=each.amount, due_date=each.due_date) for each in of.movements
    )
    items = tuple(OpenItem(number=item.number, due_date=_ages_from(item) or of.until, amount=item.amount) for item in of.items)
    shown = Statement(
        seller=org.party(), customer=customer, currency=of.currency, issue_date=of.until, period=Period(start=of.since, end=of.until),
        opening=of.opening, rows=rows, open_items=items,
    )  # fmt: skip
    context = RenderContext(
        issued_at=at.replace(microsecond=0), language="en" if language == "en" else "ar", logo=bytes(org.logo) if org.logo else None,
        accent=org.accent or RenderContext.accent, seller_name_other=org.name_in("en" if org.legal_name_language == "ar" else "ar") or None,
    )  # fmt: skip
    return render_statement(shown, context=context).data


def _ages_from(item: Open) -> date | None:
    """What is in the customer's favour grows no older."""
    return item.due_date if item.amount > 0 else None


def _named(each: Movement) -> str:
    """A payment or a note says which invoice it was for."""
    return f"{each.number} · {each.about}" if each.about and each.number else each.number or each.about


def statement_rows(of: Account) -> Iterator[list[Value]]:
    """The movements as a table, the balances before and after among them; then what is open, with its days overdue."""
    yield [
        _("Date"), pgettext("column", "Kind"), _("Number"), _("Concerns"), _("Due date"), _("Charged"), pgettext("column", "Paid or credited"),
        _("Balance"), _("Currency"),
    ]  # fmt: skip
    yield [of.since, _("Opening balance"), None, None, None, None, None, of.opening, of.currency]
    words = kind_words()
    for each in of.movements:
        debit, credit = (each.amount, None) if each.amount >= 0 else (None, -each.amount)
        yield [each.on, words[each.kind], each.number, each.about, each.due_date, debit, credit, each.balance, of.currency]
    yield [of.until, _("Closing balance"), None, None, None, None, None, of.closing, of.currency]
    if of.items:
        yield []
        head = [_("Issue date"), _("Open at the end"), _("Number"), None, _("Due date"), _("Days overdue"), None]
        yield [*head, pgettext("column", "Open"), _("Currency")]
        for item in of.items:
            late = str(item.days_late(of.until)) if item.days_late(of.until) else None
            yield [item.issue_date, None, item.number, None, item.due_date, late, None, item.amount, of.currency]


def kind_words() -> dict[str, str]:
    return {
        "invoice": _("Invoice"), "credit-note": _("Credit note"), "payment": _("Payment"), "refund": _("Refund"),
        "adjustment": _("Adjustment"),
    }  # fmt: skip
