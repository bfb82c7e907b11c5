"""What the payer's page says, worked out from the sealed document and from what happened since. No database here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from wasl.app.portal.details import Row, Section, desk_of, label, of_line, reason_of
from wasl.app.portal.facts import ZERO, Extra, Facts, FileLink, PageLine, Payment, Related, TrustItem
from wasl.app.portal.offers import Offer
from wasl.app.portal.pay.ways import Way
from wasl.app.portal.share import Share
from wasl.app.support.hours.hotline import Contact
from wasl.app.ui import format
from wasl.app.ui.i18n import current
from wasl.app.ui.macros import code, day, full_day, money, name, number_cell, percent
from wasl.app.ui.states import State, state
from wasl.invoice.codes import VAT_CATEGORIES, name_of
from wasl.invoice.model import AllowanceCharge, Invoice, Item, Line, Party
from wasl.invoice.payment_terms import PaymentTerms, payment_terms

__all__ = ["Extra", "Facts", "FileLink", "PageLine", "PayerPage", "Payment", "Related", "TrustItem", "category_name", "names", "page_line"]
LINES_SHOWN = 25  # a page of more would be heavier than 40 KB; the rest is a press away
SECOND_NAME_MAX = 100  # a longer description describes; it is no name


@dataclass(frozen=True)
class PayerPage:
    invoice: Invoice
    facts: Facts
    lang: str
    seller_name: str
    seller_lang: str
    files: tuple[FileLink, ...] = ()
    trust: tuple[TrustItem, ...] = ()
    history: Sequence[object] = ()
    pay_url: str = ""
    verify_url: str = ""
    opened_url: str = ""
    again_url: str = ""
    note: str | Markup = ""
    zip_url: str = ""
    calendar_url: str = ""
    ask_url: str = ""
    history_url: str = ""
    remind_url: str = ""
    chat_stream: str = ""  # what this page hears: payments and answers
    chat_base: str = ""  # the address that conversations stand behind
    talks: Sequence[object] = ()  # conversations about it: title, state, tone, href
    not_mine_url: str = ""
    preferences_url: str = ""
    door_url: str = ""  # a POST: into an inbox that holds the invoices of every seller
    is_in_inbox: bool = False
    inbox_url: str = ""
    share: Share | None = None
    seller_email: str = ""
    seller_phone: str = ""
    contact: Contact | None = None  # hours, hotline and calls, where the seller tells any
    call_url: str = ""
    details: tuple[Section, ...] = ()
    offers: tuple[Offer, ...] = ()
    all_lines_url: str = ""  # where all are shown, if this page shows the first ones only
    ways: Sequence[Way] = ()  # to pay, the reader's own first: key, label, icon, note
    may_part: bool = False  # the seller takes a part at a time
    receipt_url: str = ""  # of the last payment
    credit_line: str | Markup = ""  # what the payer has with this seller, and that it can be used
    autopay_line: str | Markup = ""  # what will be paid by itself, and when
    discount_line: str | Markup = ""  # what Pay takes less today
    pays: Decimal | None = None  # what Pay takes now, where that is not all that is left
    lines: tuple[PageLine, ...] = field(init=False)

    def __post_init__(self) -> None:
        desk = desk_of(self.invoice, self.facts.country)
        shown = self.invoice.lines[: LINES_SHOWN if self.all_lines_url else None]
        made = tuple(page_line(line, of_line(at, line, desk), self.ask_url, at) for at, line in enumerate(shown, 1))
        object.__setattr__(self, "lines", made)

    @property
    def hidden_lines(self) -> int:
        return len(self.invoice.lines) - len(self.lines)

    # -- what it is ----------------------------------------------------------------------------------------------------

    @property
    def currency(self) -> str:
        return self.invoice.currency or ""

    @property
    def number(self) -> str:
        return self.invoice.number or ""

    @property
    def document_name(self) -> str:
        if self.invoice.is_credit_note:
            return _("Credit note")
        return _("Tax invoice") if self.seller_tax_number else _("Invoice")

    @property
    def is_private(self) -> bool:
        return self.facts.is_private

    @property
    def total(self) -> Decimal:
        return _amount(self.invoice, "payable_amount")

    @property
    def remaining(self) -> Decimal:
        return max(self.total - self.facts.paid - self.facts.credited - self.facts.forgiven, ZERO)

    @property
    def state(self) -> State:
        facts = self.facts
        return state(
            is_note=self.invoice.is_credit_note, total=self.total - facts.forgiven, paid=facts.paid, credited=facts.credited,
            due=self._due, today=facts.today, given_up=facts.given_up > 0, for_payer=not facts.for_seller,
        )  # fmt: skip

    @property
    def _due(self) -> date | None:
        """The day from which it counts as late."""
        return self.facts.due or self.invoice.due_date

    @property
    def can_pay(self) -> bool:
        return self.facts.is_payable and self.state.is_open

    @property
    def pay_label(self) -> Markup:
        amount = self.remaining if self.pays is None else self.pays
        return Markup(_("Pay %(amount)s")) % {"amount": Markup("<bdi>{}</bdi>").format(format.money(amount, self.currency))}  # noqa: S704

    # -- the head ------------------------------------------------------------------------------------------------------

    @property
    def head_amount(self) -> Decimal:
        """What is still to pay; once nothing is, what the document was for."""
        return self.remaining if self.state.is_open else self.total

    @property
    def head_line(self) -> str | Markup:
        invoice, country = self.invoice, self.facts.country
        if self.state.key == "paid" and self.facts.paid_on:
            return Markup(_("Paid in full on %(date)s. Thank you.")) % {"date": full_day(self.facts.paid_on, country)}  # noqa: S704
        if self.state.key == "credited":
            return _("Nothing is left to pay: a credit note took it off.")
        if self.state.key == "closed":
            return _("Nothing more is asked for on this invoice.")
        if self.state.key in ("written_off", "partly_off"):
            return _("What was left was written off. If money comes after all, it counts.")
        if self.state.is_open and self._due:
            return Markup(self._due_sentence) % {"date": full_day(self._due, country)}  # noqa: S704  the sentence is ours
        if invoice.issue_date:
            return Markup(_("Issued %(date)s")) % {"date": full_day(invoice.issue_date, country)}  # noqa: S704
        return ""

    @property
    def _due_sentence(self) -> str:
        if not self.facts.granted:
            return _("Due %(date)s")
        return _("You gave time until %(date)s") if self.facts.for_seller else _("The seller gives you until %(date)s")

    @property
    def due_words(self) -> str:
        if not (self.state.is_open and self._due):
            return ""
        return format.due_in(self._due, self.facts.today)

    @property
    def in_words(self) -> str:
        return format.in_words(self.head_amount, self.currency)

    @property
    def part_line(self) -> str | Markup:
        """How far it is paid, once something has arrived and something is left."""
        if not (self.state.is_open and self.facts.paid):
            return ""
        values = {"paid": money(self.facts.paid, self.currency), "total": money(self.total - self.facts.credited, self.currency)}
        return Markup(_("%(paid)s of %(total)s is paid.")) % values  # noqa: S704

    @property
    def owed_line(self) -> str | Markup:
        """What is the payer's again: said where it is, with what happens next."""
        if self.facts.refunds_due:
            amount = money(self.facts.refunds_due, self.currency)
            return Markup(_("%(amount)s of what you paid is yours again; the seller pays it back.")) % {"amount": amount}  # noqa: S704
        return ""

    @property
    def disputed_line(self) -> str | Markup:
        """A payment that the payer's own bank took back and that is not decided yet."""
        if not self.facts.disputed:
            return ""
        sentence = _("%(amount)s of it is contested at your bank. It counts as paid until the bank decides; do not pay it again.")
        return Markup(sentence) % {"amount": money(self.facts.disputed, self.currency)}  # noqa: S704

    @property
    def clock_line(self) -> str | Markup:
        if not (self.facts.clock_differs and self.due_words):
            return ""
        return Markup(_("Days are counted by the seller's clock: there it is %(date)s.")) % {"date": full_day(self.facts.today, self.facts.country)}  # noqa: S704

    @property
    def terms(self) -> PaymentTerms:
        return payment_terms(self.invoice)

    @property
    def notes(self) -> tuple[str, ...]:
        legal = (self.invoice.seller or Party()).additional_legal_information
        texts = (self.terms.text, *(note.text for note in self.invoice.notes), legal)
        return tuple(text for text in texts if text)

    @property
    def transfer(self) -> list[tuple[str, Markup]]:
        """The account of the document for who pays by transfer: IBAN, holder, amount and what to write with it."""
        transfers = self.invoice.payment.credit_transfers if self.invoice.payment else ()
        if not (self.is_private and self.state.is_open and transfers and transfers[0].account):
            return []
        account, payment = transfers[0], self.invoice.payment
        rows = [(label("iban"), code(format.iban(account.account or "")))]
        rows += [(label(key), name(value)) for key, value in (("account_name", account.account_name), ("bic", account.service_provider)) if value]
        rows.append((_("Amount"), money(self.remaining, self.currency)))
        rows.append((label("remittance"), code((payment.remittance_information if payment else None) or self.number)))
        return rows

    # -- the seller ----------------------------------------------------------------------------------------------------

    @property
    def seller_legal_name(self) -> str:
        return (self.invoice.seller or Party()).name or self.seller_name

    @property
    def seller_tax_number(self) -> str:
        seller = self.invoice.seller or Party()
        return seller.vat_identifier or seller.tax_registration or ""

    @property
    def seller_tax_label(self) -> str:
        return _("VAT number")

    # -- sums ----------------------------------------------------------------------------------------------------------

    @property
    def totals(self) -> list[tuple[str | Markup, Markup]]:
        """Every step from the lines to the amount due, in reading order; steps that are zero and say nothing are left out."""
        invoice, cell = self.invoice, self._cell
        rows: list[tuple[str | Markup, Markup]] = []
        if invoice.allowances or invoice.charges:
            rows.append((_("Sum of the lines"), cell(_amount(invoice, "line_extension_amount"))))
            rows += [(_reason(item, _("Discount")), cell(-(item.amount or ZERO))) for item in invoice.allowances]
            rows += [(_reason(item, _("Charge"), is_charge=True), cell(item.amount or ZERO)) for item in invoice.charges]
        rows.append((_("Subtotal before tax"), cell(_amount(invoice, "tax_exclusive_amount"))))
        rows += [(self._tax_label(sub.category, sub.rate), cell(sub.tax_amount or ZERO)) for sub in invoice.tax_breakdown]
        rows.append((_("Total with VAT"), cell(_amount(invoice, "tax_inclusive_amount"))))
        if prepaid := _amount(invoice, "prepaid_amount"):
            rows.append((_("Prepaid"), cell(-prepaid)))
        if rounding := _amount(invoice, "rounding_amount"):
            rows.append((_("Rounding"), cell(rounding)))
        if self.facts.credited:
            rows.append((_("Credit notes"), cell(-self.facts.credited)))
        if self.facts.forgiven > self.facts.given_up:
            rows.append((_("Discount for paying early"), cell(self.facts.given_up - self.facts.forgiven)))
        if self.facts.given_up:
            rows.append((_("Waived") if self.facts.for_seller else _("Not asked for any more"), cell(-self.facts.given_up)))
        if not invoice.is_credit_note:
            rows.append((_("Paid so far"), cell(self.facts.paid)))
        return rows

    @property
    def total_last(self) -> tuple[str, Markup]:
        if self.invoice.is_credit_note:
            return (_("Amount credited"), self._cell(self.total))
        return (_("Amount due"), self._cell(self.remaining))

    @property
    def has_several_taxes(self) -> bool:
        """Then each line says its own; where all are at one standard rate, the totals say it once."""
        taxes = {(line.tax_category, line.tax_rate) for line in self.invoice.lines}
        return len(taxes) > 1 or any(category != "S" for category, _rate in taxes)

    def _tax_label(self, category: str | None, rate: Decimal | None) -> str | Markup:
        if category == "S":
            return Markup(_("VAT %(rate)s")) % {"rate": percent(rate or ZERO)}  # noqa: S704
        return category_name(category)

    def _cell(self, amount: Decimal) -> Markup:
        return number_cell(amount, self.currency)

    @property
    def receipt(self) -> list[tuple[str | Markup, Markup]]:
        """What arrived, once something has: this card is the payer's receipt."""
        country = self.facts.country
        rows: list[tuple[str | Markup, Markup]] = []
        for payment in self.facts.payments:
            label = day(payment.at, country)
            if payment.reference:
                label += Markup('<span class="table__sub">{}</span>').format(code(payment.reference))
            rows.append((label, self._cell(payment.amount)))
        return rows

    # -- other documents -----------------------------------------------------------------------------------------------

    @property
    def related(self) -> tuple[Related, ...]:
        return self.facts.related

    @property
    def related_title(self) -> str:
        return _("The invoice it corrects") if self.invoice.is_credit_note else _("Credit notes on this invoice")


def names(item: Item | None) -> tuple[str, str | None]:
    """Name and second name, the reader's language first (docs/decisions/0002): BT-153 and BT-154 are the two names of one item."""
    first, second = (item.name if item else None) or "", item.description if item else None
    if not first or not second or len(second) > SECOND_NAME_MAX:
        return first, second
    wanted = current() == "ar"
    return (second, first) if _is_arabic(first) != wanted and _is_arabic(second) == wanted else (first, second)


def _is_arabic(text: str) -> bool:
    return any("\u0621" <= letter <= "\u064a" for letter in text)


def page_line(line: Line, facts: tuple[Row, ...] = (), ask_url: str = "", at: int = 1) -> PageLine:
    price, (first, second) = line.price, names(line.item)
    extras = tuple(Extra(reason_of(a, is_charge=False) or _("Discount"), -(a.amount or ZERO), a.percentage) for a in line.allowances)
    extras += tuple(Extra(reason_of(c, is_charge=True) or _("Charge"), c.amount or ZERO, c.percentage) for c in line.charges)
    label = category_name(line.tax_category)
    if line.tax_category == "S":
        label = Markup(_("VAT %(rate)s")) % {"rate": percent(line.tax_rate or ZERO)}  # noqa: S704
    return PageLine(
        name=first, description=second, facts=facts, note=line.note or "", at=at,
        ask_url=f"{ask_url}?{urlencode({'line': line.identifier})}" if ask_url and line.identifier else "",
        quantity=line.quantity, unit=line.unit, price=price.net if price else None, amount=line.net_amount or ZERO,
        tax_label=label, extras=extras,
    )  # fmt: skip


def category_name(category: str | None) -> str:
    """UNTDID 5305 in words."""
    return name_of(VAT_CATEGORIES, category, current()) or _("VAT")


def _amount(invoice: Invoice, name: str) -> Decimal:
    return (getattr(invoice.totals, name) if invoice.totals else None) or ZERO


def _reason(item: AllowanceCharge, fallback: str, *, is_charge: bool = False) -> str | Markup:
    text = escape(reason_of(item, is_charge=is_charge) or fallback)
    return text + Markup(" ") + percent(item.percentage) if item.percentage else text
