"""Every term of the document that the page's first view leaves out, in sections for who needs them: references, parties,
payment, tax, supporting documents. Labels are those of the PDF; values stand each in its own direction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from wasl.app.ui import format, macros
from wasl.app.ui.i18n import current
from wasl.invoice.codes import ALLOWANCE_REASONS, CHARGE_REASONS, VAT_CATEGORIES, name_of
from wasl.invoice.model import Invoice, Item, Line, Period, Price
from wasl.render.html.markup import PagePen
from wasl.render.labels import MEANS, TAX_POINTS, TITLES, both, pair
from wasl.render.view.desk import Desk, plain, scheme
from wasl.render.view.lines import line_facts, price_facts
from wasl.render.view.parties import parties
from wasl.render.view.supporting import web_address

Row = tuple[str, Markup | str]
PLAIN_DISCOUNT = "95"  # UNTDID 5189: it says no more than that it is one


@dataclass(frozen=True)
class Section:
    """A heading and its rows; `name` and `lines` where it is a party's card."""

    title: str
    rows: tuple[Row, ...] = ()
    name: str = ""
    second: str = ""
    lines: tuple[str, ...] = ()


def label(key: str, *values: str) -> str:
    return pair(key, current(), *values)[0]


def desk_of(invoice: Invoice, country: str | None) -> Desk:
    return Desk(current(), PagePen(current()), invoice.currency or "", country, False)  # type: ignore[arg-type]


def sections(invoice: Invoice, country: str | None) -> tuple[Section, ...]:
    """All that hold anything, in the order in which people ask."""
    desk = desk_of(invoice, country)
    found = [
        Section(label("facts"), tuple(_facts(invoice, country))),
        *_parties(invoice, desk),
        Section(label("payment"), tuple(_payment(invoice))),
        Section(label("tax_summary"), tuple(_taxes(invoice))),
        Section(label("documents"), tuple(_documents(invoice))),
        Section(label("details"), tuple(_expert(invoice))),
    ]
    return tuple(each for each in found if each.rows or each.lines or each.name)


def _given(rows: Iterable[tuple[str, Any]]) -> Iterable[Row]:
    """Labelled values, those that are there."""
    for key, value in rows:
        if value:
            yield label(key), value if isinstance(value, Markup) else macros.name(str(value))


def _code(value: str | None) -> Markup | None:
    return macros.code(value) if value else None


def _day(value: date | None, country: str | None) -> Markup | None:
    return macros.day(value, country) if value else None


def span(period: Period | None, country: str | None) -> Markup | None:
    """A period; an open end is shown as one."""
    if period is None or not (period.start or period.end):
        return None
    first, last = (macros.day(end, country) if end else Markup("…") for end in (period.start, period.end))
    return first + Markup(" – ") + last


def _facts(invoice: Invoice, country: str | None) -> Iterable[Row]:
    delivered = invoice.delivery.actual_date if invoice.delivery else None
    yield from _given(
        [
            ("issue_date", _day(invoice.issue_date, country)),
            ("due_date", _day(invoice.due_date, country)),
            ("supply_date", _day(delivered, country)),
            ("tax_point_date", _day(invoice.tax_point_date, country)),
            ("period", span(invoice.period, country)),
            ("currency", _code(invoice.currency)),
            ("tax_currency", _code(invoice.tax_currency if invoice.tax_currency != invoice.currency else None)),
            ("buyer_reference", _code(invoice.buyer_reference)),
            ("order", _code(invoice.purchase_order_reference)),
            ("sales_order", _code(invoice.sales_order_reference)),
            ("contract", _code(invoice.contract_reference)),
            ("project", _code(invoice.project_reference)),
            ("receiving", _code(invoice.receiving_advice_reference)),
            ("despatch", _code(invoice.despatch_advice_reference)),
            ("tender", _code(invoice.tender_reference)),
            ("object", _code(scheme(invoice.invoiced_object))),
            ("accounting", _code(invoice.buyer_accounting_reference)),
        ]
    )
    for original in invoice.preceding_invoices:
        yield (
            label("corrects" if invoice.is_credit_note else "refers"),
            macros.code(original.number or "") + (Markup(" · ") + macros.day(original.issue_date, country) if original.issue_date else Markup()),
        )


def _parties(invoice: Invoice, desk: Desk) -> Iterable[Section]:
    from wasl.render.context import RenderContext

    context = RenderContext(issued_at=_NO_TIME, language=current())  # type: ignore[arg-type]
    for card in parties(invoice, context, desk):
        yield Section(
            card["label"][0], tuple((row["label"][0], macros.code(row["value"])) for row in card["ids"]), plain(card["name"]),
            plain(card["second"]) if card["second"] else "", tuple(plain(line["text"]) for line in card["lines"]),
        )  # fmt: skip


_NO_TIME: Any = None  # the view of the parties asks for none


def _payment(invoice: Invoice) -> Iterable[Row]:
    payment = invoice.payment
    if payment is None:
        return
    known = both(MEANS[payment.means_code])[0 if current() == "ar" else 1] if payment.means_code in MEANS else payment.means_code
    yield from _given([("means", payment.means_text or known), ("remittance", _code(payment.remittance_information))])
    for account in payment.credit_transfers:
        is_iban = (account.account or "")[:2].isalpha()
        shown = format.iban(account.account) if account.account and is_iban else account.account
        yield from _given(
            [("iban" if is_iban else "account", _code(shown)), ("account_name", account.account_name), ("bic", _code(account.service_provider))]
        )
    if payment.card:
        yield from _given([("card", _code(payment.card.account_number)), ("card_holder", payment.card.holder_name)])
    if debit := payment.direct_debit:
        yield from _given([("mandate", _code(debit.mandate)), ("creditor", _code(debit.creditor)), ("debited", _code(debit.debited_account))])


def _taxes(invoice: Invoice) -> Iterable[Row]:
    """Each category with what it is reckoned on, and why where it is none."""
    currency = invoice.currency or ""
    for subtotal in invoice.tax_breakdown:
        name = name_of(VAT_CATEGORIES, subtotal.category, current()) or subtotal.category or ""
        head = f"{name} {format.percent(subtotal.rate)}" if subtotal.rate is not None else name
        figures = [
            label("base"),
            macros.money(subtotal.taxable_amount or Decimal(0), currency),
            "·",
            label("tax_amount"),
            macros.money(subtotal.tax_amount or Decimal(0), currency),
        ]
        shown = Markup(" ").join(figures)
        for reason in (subtotal.exemption_reason, subtotal.exemption_reason_code):
            if reason:
                shown += Markup('<span class="terms__more">{}</span>').format(macros.name(reason))
        yield head, shown
    totals = invoice.totals
    if totals and len(invoice.tax_breakdown) > 1 and totals.tax_amount is not None:
        yield label("vat"), macros.money(totals.tax_amount, currency)
    if totals and totals.tax_amount_accounting is not None and invoice.tax_currency:
        yield label("vat_in", invoice.tax_currency), macros.money(totals.tax_amount_accounting, invoice.tax_currency)


def _documents(invoice: Invoice) -> Iterable[Row]:
    for document in invoice.supporting_documents:
        parts: list[Markup] = []
        if document.description:
            parts.append(macros.name(document.description))
        if document.content is not None:
            file = " · ".join(text for text in (document.filename, document.mime_code, format.file_size(len(document.content))) if text)
            parts.append(Markup("{} ({})").format(macros.name(file), label("in_original")))
        if document.location:
            address = web_address(document.location)
            shown = macros.code(document.location)
            parts.append(Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(address, shown) if address else shown)
        yield document.reference or "—", Markup("").join(Markup('<span class="terms__more">{}</span>').format(part) for part in parts)


def _expert(invoice: Invoice) -> Iterable[Row]:
    point = invoice.tax_point_date_code
    named = both(TAX_POINTS[point])[0 if current() == "ar" else 1] if point in TAX_POINTS else point
    unknown = invoice.type_code if invoice.type_code not in TITLES else None
    yield from _given(
        [
            ("document_type", _code(unknown)),
            ("tax_point", named),
            ("process", _code(invoice.business_process)),
            ("specification", _code(invoice.specification)),
        ]
    )


def of_line(at: int, line: Line, desk: Desk) -> tuple[Row, ...]:
    """What a line says beyond name, quantity, price, discount and tax: its period, numbers and attributes."""
    rows: list[Row] = []
    if period := span(line.period, desk.country):
        rows.append((label("line_period"), period))
    rows += [(name, macros.name(value)) for _term, name, value in line_facts(at, line, line.item or Item(), desk)]
    rows += [(name, macros.name(value)) for _term, name, value in price_facts(line.price or Price(), line, desk)]
    return tuple(rows)


def reason_of(change: Any, *, is_charge: bool) -> str:
    """Why an amount was taken off or added: the words given, else those of its code, else nothing."""
    if change.reason:
        return change.reason
    if change.reason_code == PLAIN_DISCOUNT:
        return ""
    return name_of(CHARGE_REASONS if is_charge else ALLOWANCE_REASONS, change.reason_code, current()) or ""
