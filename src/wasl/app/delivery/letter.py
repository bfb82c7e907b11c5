"""What a mail about a document says, sentence by sentence, in the language that is active. No markup here, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app.ui import format
from wasl.app.ui.counting import ngettext
from wasl.app.ui.macros import name as name_markup
from wasl.invoice.display import isolate
from wasl.invoice.model import DocumentTotals, Invoice

ZERO = Decimal(0)
PAY_CODE = "pay-code@wasl"  # the Content-ID of the picture


@dataclass(frozen=True)
class Account:
    """The account that the document names: its last four characters, and since when it has been in use."""

    ending: str
    since: date | None


@dataclass(frozen=True)
class Facts:
    """Everything a letter needs, worked out beforehand; the same for both languages."""

    invoice: Invoice
    seller_names: dict[str, str]
    country: str | None
    reply_to: str  # the seller's own address, as the mail shows it
    url: str
    verify_url: str
    proof_url: str  # where the proof will be, if it could not be attached
    files: tuple[str, ...]
    account: Account | None
    can_pay: bool
    change_url: str = ""  # where the recipient changes or stops notices
    not_mine_url: str = ""
    takes_replies: bool = False  # an answer to the mail reaches the seller, whatever the address above is
    pay_url: str = ""  # behind the pay code: amount, due date and Pay, nothing private; "" where nothing is owed


class Letter:
    """The sentences. `plain` isolates figures for text, otherwise they stand in <bdi>."""

    def __init__(self, facts: Facts, lang: str, *, plain: bool) -> None:
        self.facts, self.lang, self.plain = facts, lang, plain
        self.url, self.verify_url, self.proof_url = facts.url, facts.verify_url, facts.proof_url
        self.files, self.reply_to = facts.files, facts.reply_to
        self.hears = bool(facts.reply_to or facts.takes_replies)
        self.change_url, self.not_mine_url = facts.change_url, facts.not_mine_url

    # -- figures -------------------------------------------------------------------------------------------------------

    def _mark(self, text: str) -> str | Markup:
        return isolate(text) if self.plain else Markup("<bdi>{}</bdi>").format(text)

    def _say(self, sentence: str, **values: object) -> str | Markup:
        """A whole translated sentence with its values, escaped where the letter is markup."""
        return sentence % values if self.plain else Markup(sentence) % values  # noqa: S704 - the sentence is ours

    def _money(self, amount: Decimal | None) -> str | Markup:
        return self._mark(format.money(amount or ZERO, self.facts.invoice.currency or ""))

    def _date(self, value: date) -> str | Markup:
        return self._mark(format.day_and_weekday(value, self.facts.country))

    @property
    def seller(self) -> str:
        return self.facts.seller_names[self.lang]

    @property
    def _seller(self) -> str | Markup:
        return isolate(self.seller) if self.plain else name_markup(self.seller)

    @property
    def number(self) -> str | Markup:
        return self._mark(self.facts.invoice.number or "")

    @property
    def is_note(self) -> bool:
        return self.facts.invoice.is_credit_note

    @property
    def amount(self) -> Decimal:
        return self._totals.payable_amount or ZERO

    @property
    def _totals(self) -> DocumentTotals:
        return self.facts.invoice.totals or DocumentTotals()

    # -- sentences -----------------------------------------------------------------------------------------------------

    @property
    def subject(self) -> str:
        """One line, without isolates: some programs show them as boxes in a list of mails."""
        invoice = self.facts.invoice
        values: dict[str, Any] = {
            "number": invoice.number,
            "seller": self.seller,
            "amount": format.money(self.amount, invoice.currency or ""),
        }
        if self.is_note:
            return _("Credit note %(number)s from %(seller)s: %(amount)s") % values
        if invoice.due_date is None:
            return _("Invoice %(number)s from %(seller)s: %(amount)s") % values
        return _("Invoice %(number)s from %(seller)s: %(amount)s, due %(date)s") % (
            values | {"date": format.day(invoice.due_date, self.facts.country)}
        )

    @property
    def preview(self) -> str:
        """What a list of mails shows after the subject."""
        return Letter(self.facts, self.lang, plain=True).lead

    @property
    def headline(self) -> str | Markup:
        sentence = _("Your credit note for %(amount)s") if self.is_note else _("Your invoice for %(amount)s")
        return self._say(sentence, amount=self._money(self.amount))

    @property
    def lead(self) -> str | Markup:
        """Dates are said in full: "in 30 days" would be wrong for whoever reads the mail a week later."""
        invoice = self.facts.invoice
        contact = invoice.buyer.contact if invoice.buyer else None
        greeting = self._greeting(contact.name if contact else None)
        if self.is_note:
            original = invoice.preceding_invoices[0].number if invoice.preceding_invoices else None
            if original:
                said = self._say(_("%(seller)s corrects invoice %(number)s with it."), seller=self._seller, number=self._mark(original))
            else:
                said = self._say(_("%(seller)s has issued it to you."), seller=self._seller)
        elif invoice.due_date is not None:
            said = self._say(_("This invoice is due on %(date)s."), date=self._date(invoice.due_date))
        else:
            said = self._say(_("%(seller)s has issued it to you."), seller=self._seller)
        return greeting + " " + said

    def _greeting(self, person: str | None) -> str | Markup:
        if not person:
            return self._say(_("Hello."))
        return self._say(_("Hello %(name)s."), name=isolate(person) if self.plain else name_markup(person))

    @property
    def number_label(self) -> str:
        return _("Credit note number") if self.is_note else _("Invoice number")

    @property
    def line_count(self) -> str | Markup:
        count = len(self.facts.invoice.lines)
        return ngettext("%(num)d line", "%(num)d lines", count)

    @property
    def before_tax(self) -> str | Markup:
        return self._money(self._totals.tax_exclusive_amount)

    @property
    def tax_label(self) -> str:
        """With the rate, where there is only one."""
        rates = {row.rate for row in self.facts.invoice.tax_breakdown}
        only = next(iter(rates)) if len(rates) == 1 else None
        if only:
            return _("VAT %(rate)s") % {"rate": format.percent(only)}
        return _("VAT")

    @property
    def tax(self) -> str | Markup:
        return self._money(self._totals.tax_amount)

    @property
    def button(self) -> str:
        return _("View the invoice and pay") if self.facts.can_pay else _("View the document")

    @property
    def pay_code(self) -> str:
        """How the HTML names the picture of the pay code; "" where there is none."""
        return f"cid:{PAY_CODE}" if self.facts.pay_url else ""

    @property
    def other_label(self) -> str:
        return _("In English:")

    @property
    def short(self) -> str | Markup:
        """The whole mail in two sentences, for who reads the other language."""
        due = self.facts.invoice.due_date
        values: dict[str, Any] = {"number": self.number, "amount": self._money(self.amount), "seller": self._seller}
        if self.is_note:
            return self._say(_("credit note %(number)s from %(seller)s for %(amount)s. Open it with the button above; no password needed."), **values)
        if due is None:
            return self._say(
                _("your invoice %(number)s from %(seller)s for %(amount)s. Open it with the button above; no password needed."), **values
            )
        values["date"] = self._date(due)
        return self._say(
            _("your invoice %(number)s from %(seller)s for %(amount)s is due %(date)s. Open it with the button above; no password needed."),
            **values,
        )

    @property
    def account(self) -> str | Markup:
        """The account and the warning that belongs to it (T81); "" where the document names none."""
        account = self.facts.account
        if account is None or self.is_note:
            return ""
        ending = self._mark(account.ending)
        warning = _("If a message asks you to pay to another account, do not pay.")
        if account.since is None or account.since >= (self.facts.invoice.issue_date or account.since):
            return self._say(_("The bank account of this invoice ends in %(ending)s."), ending=ending) + " " + warning
        since = self._mark(format.day(account.since, self.facts.country))
        said = self._say(_("The bank account has been the same since %(since)s and ends in %(ending)s."), since=since, ending=ending)
        return said + " " + warning

    @property
    def reason(self) -> str | Markup:
        return self._say(_("You receive this because %(seller)s issued this document to you."), seller=self._seller)
