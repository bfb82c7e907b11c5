"""The sentences of a notice in the language that is active: subject, headline, paragraph, and what both sides should know.

Dates are said in full: "tomorrow" would be wrong for whoever reads the mail a day later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app.notices import kinds, templating
from wasl.app.ui import format
from wasl.app.ui.macros import name as name_markup
from wasl.invoice.display import isolate
from wasl.invoice.payment_terms import Discount, LateFee, PaymentTerms

ZERO = Decimal(0)
MARKER = "##- اكتب ردّك فوق هذا السطر · Write your answer above this line -##"


@dataclass(frozen=True)
class Matter:
    """What a notice is about, the same for both languages. Amounts are in the currency's own units."""

    kind: str
    number: str
    currency: str
    country: str
    seller_names: dict[str, str]
    reply_to: str
    due: date | None
    today: date
    total: Decimal
    left: Decimal
    url: str = ""
    verify_url: str = ""
    unsubscribe_url: str = ""
    not_mine_url: str = ""
    buyer: str = ""
    person: str = ""
    tone: str = "neutral"
    amount: Decimal | None = None  # that arrived, or of the note
    terms: PaymentTerms = field(default_factory=PaymentTerms)
    account_ending: str = ""
    texts: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    topic: str = ""  # of a notice that the law requires
    said_text: str = ""  # the words of the answer that the notice tells of
    said_by: str = ""
    takes_replies: bool = False  # an answer to this mail reaches the seller here
    is_thread: bool = False  # it tells of a conversation, which an answer joins

    @property
    def about(self) -> str:
        return self.topic or self.kind


class Notice:
    """`plain` isolates figures for text, otherwise they stand in <bdi>."""

    def __init__(self, matter: Matter, lang: str, *, plain: bool) -> None:
        self.matter, self.lang, self.plain = matter, lang, plain
        self.url, self.verify_url, self.reply_to = matter.url, matter.verify_url, matter.reply_to
        self.unsubscribe_url, self.not_mine_url = matter.unsubscribe_url, matter.not_mine_url

    # -- figures -------------------------------------------------------------------------------------------------------

    def _mark(self, text: str) -> str | Markup:
        return isolate(text) if self.plain else Markup("<bdi>{}</bdi>").format(text)

    def _say(self, sentence: str, **values: object) -> str | Markup:
        return sentence % values if self.plain else Markup(sentence) % values  # noqa: S704 - the sentence is ours

    def _money(self, amount: Decimal) -> str | Markup:
        return self._mark(format.money(amount, self.matter.currency))

    def _date(self, value: date) -> str | Markup:
        return self._mark(format.day_and_weekday(value, self.matter.country))

    @property
    def seller(self) -> str:
        return self.matter.seller_names[self.lang]

    @property
    def _values(self) -> dict[str, Any]:
        """What sentences and a seller's own texts may name."""
        m = self.matter
        days = abs((m.due - m.today).days) if m.due else 0
        return {
            "seller": isolate(self.seller) if self.plain else name_markup(self.seller),
            "number": self._mark(m.number),
            "amount": self._money(m.left if m.kind in kinds.REMINDERS or m.amount is None else m.amount),
            "due_date": self._date(m.due) if m.due else "",
            "days": self._mark(format.count(days)),
            "name": isolate(m.person) if self.plain else name_markup(m.person),
        }

    @property
    def _plain_values(self) -> dict[str, Any]:
        """The same without isolates: some programs show them as boxes in a list of mails."""
        m = self.matter
        amount = m.left if m.kind in kinds.REMINDERS or m.amount is None else m.amount
        days = abs((m.due - m.today).days) if m.due else 0
        return {
            "seller": self.seller, "number": m.number, "amount": format.money(amount, m.currency), "name": m.person,
            "due_date": format.day(m.due, m.country) if m.due else "", "days": format.count(days),
        }  # fmt: skip

    # -- sentences -----------------------------------------------------------------------------------------------------

    @property
    def _own(self) -> tuple[str, str]:
        return self.matter.texts.get((self.matter.kind, self.lang), ("", ""))

    @property
    def subject(self) -> str:
        own = self._own[0]
        if own:
            return " ".join(templating.fill(own, self._plain_values).split())
        return subject_of(self.matter.about) % self._plain_values

    @property
    def headline(self) -> str | Markup:
        return self._say(headline_of(self.matter.about), **self._values)

    @property
    def lead(self) -> str | Markup:
        own = self._own[1]
        if own:
            return templating.fill(own, self._values) if self.plain else templating.fill_html(own, self._values)
        m = self.matter
        greeting = self._say(_("Hello %(name)s."), **self._values) if m.person else _("Hello.")
        return greeting + " " + self._say(lead_of(m.about, m.tone), **self._values)

    @property
    def preview(self) -> str:
        """What a list of mails shows after the subject."""
        return str(Notice(self.matter, self.lang, plain=True).lead)

    @property
    def facts(self) -> list[tuple[str, str | Markup]]:
        """Label and value, two or four of them."""
        m = self.matter
        rows: list[tuple[str, str | Markup]] = [(_("Invoice number"), self._mark(m.number))]
        if m.due is not None:
            rows.append((_("Due date"), self._date(m.due)))
        if m.left > 0 and m.left != m.total:
            rows += [(_("Total with VAT"), self._money(m.total)), (_("Left to pay"), self._money(m.left))]
        return rows

    @property
    def terms(self) -> list[str | Markup]:
        """A discount while it can be had, a late fee before it applies and while it does: as the invoice's own terms say."""
        m, said = self.matter, []
        if m.kind not in kinds.REMINDERS:
            return []
        discount, coming, running = best_discount(m.terms, m.today), next_fee(m.terms, m.today), fee_on(m.terms, m.today)
        if discount is not None and m.left == m.total:
            said.append(self._say(
                _("Pay by %(date)s and take %(percent)s off (%(amount)s), as the terms of this invoice say."),
                date=self._date(discount.until), percent=self._mark(format.percent(discount.percent)), amount=self._money(discount.amount),
            ))  # fmt: skip
        if running is not None:
            said.append(self._say(
                _("By the terms of this invoice a late fee of %(percent)s a year applies since %(date)s."),
                percent=self._mark(format.percent(running.percent)), date=self._date(running.since),
            ))  # fmt: skip
        elif coming is not None:
            said.append(self._say(
                _("By the terms of this invoice a late fee of %(percent)s a year applies from %(date)s. Until then nothing is added."),
                percent=self._mark(format.percent(coming.percent)), date=self._date(coming.since),
            ))  # fmt: skip
        return said

    @property
    def button(self) -> str:
        return _("View the invoice and pay") if self.matter.kind in kinds.REMINDERS else button_of(self.matter.about)

    @property
    def marker(self) -> str:
        """The line above which an answer is written: in both languages, since mail programs quote it whatever theirs is."""
        return MARKER if self.matter.takes_replies and self.matter.is_thread else ""

    @property
    def answer(self) -> str:
        return self.matter.said_text

    @property
    def answer_by(self) -> str | Markup:
        by = self.matter.said_by or self.seller
        return isolate(by) if self.plain else name_markup(by)

    @property
    def hint(self) -> str:
        hint = _("This link is yours and needs no password.")
        if self.matter.takes_replies and self.matter.is_thread:
            return hint + " " + _("Or reply to this mail: your answer joins the conversation.")
        return f"{hint} {_('A question? Reply to this message.')}" if self.reply_to or self.matter.takes_replies else hint

    @property
    def other_label(self) -> str:
        return _("In English:")

    @property
    def short(self) -> str | Markup:
        """The whole notice in a sentence or two, for who reads the other language."""
        said = self._say(headline_of(self.matter.about), **self._values)
        where = self._say(_("Invoice %(number)s from %(seller)s. Open it with the button above; no password needed."), **self._values)
        return said + ". " + where

    @property
    def account(self) -> str | Markup:
        """The account and the warning that belongs to it (T81), where money is asked for."""
        if not self.matter.account_ending or self.matter.kind not in kinds.REMINDERS:
            return ""
        ending = self._say(_("The bank account of this invoice ends in %(ending)s."), ending=self._mark(self.matter.account_ending))
        return ending + " " + _("If a message asks you to pay to another account, do not pay.")

    @property
    def reason(self) -> str | Markup:
        """Why did I get this?"""
        if self.matter.kind == kinds.LEGAL:
            return self._say(_("You receive this because the law wants you to be told. It cannot be switched off."))
        if self.matter.kind in kinds.REMINDERS:
            return self._say(_("You receive this because %(seller)s sent you this invoice, and reminders to your address are on."), **self._values)
        return self._say(_("You receive this because %(seller)s sent you this invoice, and such notices to your address are on."), **self._values)

    @property
    def unsubscribe(self) -> str:
        return _("Change or stop these notices")


def best_discount(terms: PaymentTerms, day: date) -> Discount | None:
    """The best that can still be had on `day`."""
    return max((each for each in terms.discounts if each.applies(day)), key=lambda each: each.amount, default=None)


def next_fee(terms: PaymentTerms, day: date) -> LateFee | None:
    """The one that begins next after `day`: said before it applies."""
    return next((each for each in terms.late_fees if each.since > day), None)


def fee_on(terms: PaymentTerms, day: date) -> LateFee | None:
    """The one that applies on `day`."""
    return next((each for each in reversed(terms.late_fees) if each.since <= day), None)


def subject_of(kind: str) -> str:
    return {
        kinds.DUE_SOON: _("%(seller)s: invoice %(number)s is due on %(due_date)s, %(amount)s"),
        kinds.DUE: _("%(seller)s: invoice %(number)s is due on %(due_date)s, %(amount)s"),
        kinds.OVERDUE: _("%(seller)s: invoice %(number)s was due on %(due_date)s, %(amount)s"),
        kinds.PAID: _("%(seller)s: your payment of %(amount)s for invoice %(number)s arrived"),
        kinds.CREDITED: _("%(seller)s: a credit note of %(amount)s for invoice %(number)s"),
        kinds.DISPUTED: _("%(seller)s: news on your dispute of invoice %(number)s"),
        kinds.QUESTION: _("%(seller)s: an answer to your question on invoice %(number)s"),
        kinds.LEGAL: _("%(seller)s: a notice on invoice %(number)s"),
        kinds.AUTOPAY: _("%(seller)s: %(amount)s for invoice %(number)s is paid by itself on %(due_date)s"),
        kinds.AUTOPAY_FAILED: _("%(seller)s: the automatic payment of invoice %(number)s did not go through"),
    }[kind]


def headline_of(kind: str) -> str:
    return {
        kinds.DUE_SOON: _("%(amount)s is due on %(due_date)s"),
        kinds.DUE: _("%(amount)s is due on %(due_date)s"),
        kinds.OVERDUE: _("%(amount)s was due on %(due_date)s"),
        kinds.PAID: _("Your payment of %(amount)s arrived"),
        kinds.CREDITED: _("%(seller)s credits you %(amount)s"),
        kinds.DISPUTED: _("There is news on your dispute"),
        kinds.QUESTION: _("%(seller)s has answered your question"),
        kinds.LEGAL: _("A notice on your invoice"),
        kinds.AUTOPAY: _("%(amount)s will be paid by itself on %(due_date)s"),
        kinds.AUTOPAY_FAILED: _("Your automatic payment of %(amount)s did not go through"),
    }[kind]


def lead_of(kind: str, tone: str) -> str:
    """One sentence or two; reminders in the seller's tone."""
    soon = {
        "gentle": _("A friendly reminder: invoice %(number)s from %(seller)s is due soon. If you have paid already, thank you."),
        "neutral": _("Invoice %(number)s from %(seller)s is due on %(due_date)s. If you have paid already, nothing more is to do."),
        "firm": _("Please see to it that invoice %(number)s from %(seller)s is paid by %(due_date)s."),
    }
    over = {
        "gentle": _("Invoice %(number)s from %(seller)s may have slipped through: we have not seen a payment yet. If it is on its way, thank you."),
        "neutral": _("We have not seen a payment for invoice %(number)s from %(seller)s yet. If it is on its way, nothing more is to do."),
        "firm": _("Invoice %(number)s from %(seller)s is overdue and still unpaid. Please pay it now, or tell us what stands in the way."),
    }
    told = {
        kinds.PAID: _("Thank you. The payment counts towards invoice %(number)s from %(seller)s; the receipt is on its page."),
        kinds.CREDITED: _("It lowers invoice %(number)s; what is left to pay, if anything, is on its page."),
        kinds.DISPUTED: _("%(seller)s has replied about invoice %(number)s. The whole conversation is on its page."),
        kinds.QUESTION: _("The answer about invoice %(number)s is on its page, where you can reply."),
        kinds.LEGAL: _("Something about invoice %(number)s from %(seller)s has changed; its page says what."),
        kinds.AUTOPAY: _(
            "As you agreed, invoice %(number)s from %(seller)s will be charged to the method you kept. You need do nothing; until then you can "
            "cancel it on the page of the invoice."
        ),
        kinds.AUTOPAY_FAILED: _(
            "Nothing was taken for invoice %(number)s from %(seller)s, and it is not tried again by itself. The page of the invoice says why, "
            "and there you can pay it in another way."
        ),
    }
    if kind in (kinds.DUE_SOON, kinds.DUE):
        return soon[tone]
    return over[tone] if kind == kinds.OVERDUE else told[kind]


def button_of(kind: str) -> str:
    return {
        kinds.PAID: _("View the receipt"),
        kinds.CREDITED: _("View the invoice"),
        kinds.DISPUTED: _("Open the conversation"),
        kinds.QUESTION: _("Read the answer"),
        kinds.LEGAL: _("View the invoice"),
        kinds.AUTOPAY: _("View or cancel the payment"),
        kinds.AUTOPAY_FAILED: _("View the invoice and pay"),
    }[kind]
