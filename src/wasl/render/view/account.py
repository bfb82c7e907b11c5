"""A statement of account and a receipt of payment as data for a theme: the frame of every document, and tables of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wasl.invoice.words import NoWords, legal_amount_in_words

from ..account import PaymentReceipt, Statement
from ..context import RenderContext
from ..labels import MEANS, ROW_KINDS, TITLES, both, ordered
from ..text import Pen, Prepared
from . import sums
from .desk import MISSING, Desk
from .document import fact, frame, note, scaled
from .parties import party

DATE_WIDTH, FIGURE_WIDTH = 89.0, 66.0  # points
AGES = ("age_0", "age_30", "age_60", "age_90", "age_more")


def build_statement(statement: Statement, context: RenderContext, pen: Pen, families: tuple[str, ...]) -> dict[str, Any]:
    """Every movement with the balance after it, what it comes to, and how old the balance is."""
    desk = _desk(statement.seller.address.country if statement.seller.address else None, statement.currency, context, pen)
    title = context.title or both(TITLES["statement"])
    facts = [fact("statement_number", desk.code(statement.number), desk, "")] if statement.number else []
    facts.append({**desk.dated("issue_date", statement.issue_date), "bt": ""})
    if statement.period.start or statement.period.end:
        facts.append(fact("period", desk.span(statement.period.start, statement.period.end), desk, ""))
    facts.append(fact("currency", desk.code(statement.currency), desk, ""))
    closing = statement.closing
    ages = statement.ageing()
    return frame(context, desk, families, title=title, number=statement.number, seller=statement.seller) | {
        "parties": [
            party("seller", statement.seller, context.seller_name_other, desk),
            {**party("buyer", statement.customer, context.buyer_name_other, desk), "label": desk.label("customer")},
        ],
        "facts": scaled(facts, desk),
        "heading": desk.label("movements"),
        "tables": [_movements(statement, desk), *([_ageing(ages, desk)] if statement.open_items else [])],
        "sums": [
            sums.sum_row(desk.label("opening"), desk.amount(statement.opening), ""),
            sums.sum_row(desk.label("debits"), desk.amount(sum((r.amount for r in statement.rows if r.amount > 0), Decimal(0))), ""),
            sums.sum_row(desk.label("credits"), desk.amount(sum((r.amount for r in statement.rows if r.amount < 0), Decimal(0))), ""),
        ],
        "due": sums.due_box(desk.label("balance_due" if closing >= 0 else "balance_in_favour"), desk.money(abs(closing)), ""),
        "words": _words(abs(closing), statement.currency, desk),
        "notes": [n for n in (note(desk.label("note"), statement.note, desk, ""), note(desk.label("conditions"), context.terms, desk, "")) if n],
    }


def build_receipt(receipt: PaymentReceipt, context: RenderContext, pen: Pen, families: tuple[str, ...]) -> dict[str, Any]:
    """How much came from whom, how, and which documents it was for."""
    desk = _desk(receipt.seller.address.country if receipt.seller.address else None, receipt.currency, context, pen)
    title = context.title or both(TITLES["receipt"])
    means = both(MEANS[receipt.means_code]) if receipt.means_code in MEANS else None
    facts = [fact("receipt_number", desk.code(receipt.number), desk, ""), {**desk.dated("issue_date", receipt.issue_date), "bt": ""}]
    if receipt.means_code:
        facts.append(fact("means", desk.pen(desk.pair(means)[0] if means else receipt.means_code), desk, ""))
    if receipt.reference:
        facts.append(fact("remittance", desk.code(receipt.reference), desk, ""))
    facts.append(fact("currency", desk.code(receipt.currency), desk, ""))
    rest = receipt.on_account()
    return frame(context, desk, families, title=title, number=receipt.number, seller=receipt.seller) | {
        "parties": [
            party("seller", receipt.seller, context.seller_name_other, desk),
            {**party("buyer", receipt.payer, context.buyer_name_other, desk), "label": desk.label("received_from")},
        ],
        "facts": scaled(facts, desk),
        "heading": desk.label("allocations"),
        "tables": [_allocations(receipt, desk)] if receipt.allocations else [],
        "sums": [sums.sum_row(desk.label("on_account"), desk.amount(rest), "")] if rest else [],
        "due": sums.due_box(desk.label("received"), desk.money(receipt.amount), ""),
        "words": _words(receipt.amount, receipt.currency, desk),
        "notes": [n for n in (note(desk.label("note"), receipt.note, desk, ""), note(desk.label("conditions"), context.terms, desk, "")) if n],
    }


def _desk(country: str | None, currency: str, context: RenderContext, pen: Pen) -> Desk:
    hijri = context.language == "ar" if context.hijri is None else context.hijri
    return Desk(context.language, pen, currency, country, hijri)


def _movements(statement: Statement, desk: Desk) -> dict[str, Any]:
    columns = [
        _column("date", "text", desk, DATE_WIDTH),
        _column("document", "text", desk, None),
        _column("due_date", "text", desk, DATE_WIDTH),
        *(_column(key, "figure", desk, FIGURE_WIDTH) for key in ("debit", "credit", "balance")),
    ]
    opening: list[Prepared] = ["", desk.label("opening")[0], "", "", "", desk.amount(statement.opening)]
    rows = [{"cells": opening, "strong": False}]
    for row, balance in zip(statement.rows, statement.balances(), strict=True):
        named = desk.pair(both(ROW_KINDS[row.kind]))[0]
        amount = desk.amount(abs(row.amount))
        cells: list[Prepared] = [
            desk.date(row.issue_date),
            desk.joined([(named, row.number)]),
            desk.date(row.due_date) if row.due_date else "",
            amount if row.amount >= 0 else "",
            amount if row.amount < 0 else "",
            desk.amount(balance),
        ]
        rows.append({"cells": cells, "strong": False})
    rows.append({"cells": ["", desk.label("closing")[0], "", "", "", desk.amount(statement.closing)], "strong": True})
    return {"label": None, "columns": columns, "rows": rows}


def _ageing(ages: list[Decimal], desk: Desk) -> dict[str, Any]:
    columns = [_column(key, "figure", desk, None) for key in AGES]
    return {"label": desk.label("ageing"), "columns": columns, "rows": [{"cells": [desk.amount(age) for age in ages], "strong": False}]}


def _allocations(receipt: PaymentReceipt, desk: Desk) -> dict[str, Any]:
    columns = [_column("for_document", "code", desk, None), _column("date", "text", desk, DATE_WIDTH + 20)]
    columns += [_column(key, "figure", desk, FIGURE_WIDTH + 20) for key in ("paid", "remaining")]
    rows = [
        {
            "cells": [
                desk.code(each.number),
                desk.date(each.issue_date) if each.issue_date else "",
                desk.amount(each.paid),
                desk.amount(each.remaining) if each.remaining is not None else MISSING,
            ],
            "strong": False,
        }
        for each in receipt.allocations
    ]
    return {"label": None, "columns": columns, "rows": rows}


def _column(key: str, kind: str, desk: Desk, width: float | None) -> dict[str, Any]:
    return {"label": desk.label(key), "kind": kind, "width": width}


def _words(value: Decimal, currency: str, desk: Desk) -> list[Prepared] | None:
    try:
        texts = (legal_amount_in_words(value, currency, "ar"), legal_amount_in_words(value, currency, "en"))
    except NoWords:
        return None
    return [desk.pen(text) for text in ordered(texts, desk.language)]
