"""The whole view: its parts in the order of the page."""

from __future__ import annotations

import hashlib
from datetime import UTC
from functools import cache
from typing import Any

from wasl.invoice.model import Invoice, Party

from ..colour import readable
from ..context import RenderContext
from ..fonts import FAMILIES
from ..labels import CREDIT_NOTE, LABELS, TAX_INVOICE, TITLES, Pair, both, ordered, pair
from ..logo import prepare_logo
from ..qr import qr
from ..text import Pen, Prepared
from . import sums
from .desk import MISSING, Desk
from .lines import lines
from .links import actions, tax_code
from .parties import parties

NAME_SIZE, NAME_SIZE_MIN = 14.0, 9.0  # points: a long name gets smaller before it wraps
NAME_LETTERS = 34
FACT_CHARACTERS = 16  # that stand in a fifth of the page's width


def build_view(invoice: Invoice, context: RenderContext, pen: Pen, families: tuple[str, ...]) -> dict[str, Any]:
    """Data for the theme; `pen` then knows what it replaced."""
    desk = _desk(invoice, context, pen)
    title = _title(invoice, context)
    seller = invoice.seller or Party()
    table = lines(invoice, desk)
    view: dict[str, Any] = {
        "lang": context.language,
        "second": desk.other,
        "fonts": [f for f in FAMILIES if f in families],
        "accent": readable(context.accent),
        "at": list(context.issued_at.astimezone(UTC).timetuple()[:6]),
        "title": desk.pair(title),
        "number": desk.code(desk.short(invoice.number or MISSING, 40)),
        "doc_title": _document_title(desk.pair(title)[0], invoice.number, seller.name, pen),
        "doc_author": pen.plain(" ".join((seller.name or "").split())),
        "logo": _logo(context, seller, desk),
        "seller": _letterhead(seller, context, desk),
        "parties": parties(invoice, context, desk),
        "tax_qr": tax_code(context),
        "facts": _facts(invoice, desk),
        "correction": _correction(invoice, context, desk),
        "labels": {**_labels(context.language), "tax_qr_alt": desk.label("tax_qr_alt")[0]},
        "page": desk.label("page"),
        "places": desk.places,
        "lines": table["rows"],
        "columns": {k: v for k, v in table.items() if k != "rows"},
        "sums": sums.sums(invoice, desk),
        "due": sums.due(invoice, desk),
        "taxes": sums.taxes(invoice, desk),
        "words": sums.words(invoice, desk),
        "payment": sums.payment(invoice, desk),
        "notes": _notes(invoice, desk),
        "actions": actions(invoice, context, desk, qr),
        "fingerprint": _fingerprint(invoice, context, pen),
    }
    view["statement"] = _statement(context, desk)  # last: it says whether anything was replaced
    return view


@cache
def _labels(language: str) -> dict[str, Any]:
    """Fixed labels in both languages, the first one first: the same for every document of a language."""
    other = "en" if language == "ar" else "ar"
    texts = {key: ordered(both(message), language) for key, message in LABELS.items()}
    return {key: [first, {"s": second, "l": other}] for key, (first, second) in texts.items()}


def _desk(invoice: Invoice, context: RenderContext, pen: Pen) -> Desk:
    country = invoice.seller.address.country if invoice.seller and invoice.seller.address else None
    hijri = context.language == "ar" if context.hijri is None else context.hijri
    return Desk(context.language, pen, invoice.currency or "", country, hijri)


def _title(invoice: Invoice, context: RenderContext) -> Pair:
    if context.title:
        return context.title
    if invoice.is_credit_note:
        return both(CREDIT_NOTE)
    taxed = invoice.seller is not None and invoice.seller.vat_identifier is not None
    if invoice.type_code in (None, "380") and taxed:
        return both(TAX_INVOICE)
    return both(TITLES.get(invoice.type_code or "380", TITLES["380"]))


def _document_title(title: str, number: str | None, seller: str | None, pen: Pen) -> str:
    return pen.plain(" · ".join(" ".join(text.split()) for text in (title, number, seller) if text))


def _logo(context: RenderContext, seller: Party, desk: Desk) -> dict[str, Any] | None:
    if context.logo is None:
        return None
    logo = prepare_logo(context.logo)
    return {"svg": logo.svg, "ratio": round(logo.ratio, 4), "alt": desk.pen.plain(desk.label("logo_alt", seller.name or "")[0])}


def _letterhead(seller: Party, context: RenderContext, desk: Desk) -> dict[str, Any]:
    name = " ".join((seller.name or MISSING).split())
    second = context.seller_name_other or seller.trading_name
    size = NAME_SIZE * min(1.0, NAME_LETTERS / max(len(name), 1))
    return {
        "name": desk.pen(name),
        "second": desk.pen(second) if second and second != seller.name else None,
        "size": round(max(size, NAME_SIZE_MIN), 2),
        "short": desk.pen(desk.short(name, 48)),
    }


def _facts(invoice: Invoice, desk: Desk) -> list[dict[str, Any]]:
    """Number, dates and currency first, then the references that are given."""
    number = "note_number" if invoice.is_credit_note or invoice.type_code == "383" else "number"
    facts: list[dict[str, Any]] = [_fact(number, desk.code(invoice.number or MISSING), desk)]
    delivered = invoice.delivery.actual_date if invoice.delivery else None
    for key, value in (
        ("issue_date", invoice.issue_date),
        ("due_date", invoice.due_date),
        ("supply_date", delivered),
        ("tax_point_date", invoice.tax_point_date),
    ):
        if value:
            facts.append(desk.dated(key, value))
    if invoice.period and (invoice.period.start or invoice.period.end):
        ends = [desk.date(d) for d in (invoice.period.start, invoice.period.end) if d]
        facts.append(_fact("period", desk.pen(" – ".join(e if isinstance(e, str) else e["s"] for e in ends)), desk))
    facts.append(_fact("currency", desk.code(invoice.currency or MISSING), desk))
    references = (
        ("buyer_reference", invoice.buyer_reference),
        ("order", invoice.purchase_order_reference),
        ("sales_order", invoice.sales_order_reference),
        ("contract", invoice.contract_reference),
        ("project", invoice.project_reference),
        ("receiving", invoice.receiving_advice_reference),
        ("despatch", invoice.despatch_advice_reference),
        ("tender", invoice.tender_reference),
        ("object", invoice.invoiced_object.value if invoice.invoiced_object else None),
        ("accounting", invoice.buyer_accounting_reference),
    )
    facts += [_fact(key, desk.pen(value), desk) for key, value in references if value]
    for fact in facts:
        value = fact["value"]
        fact["scale"] = desk.fitting(value if isinstance(value, str) else value["s"], FACT_CHARACTERS)
    return facts


def _fact(key: str, value: Prepared, desk: Desk) -> dict[str, Any]:
    return {"label": desk.label(key), "value": value, "second": None}


def _correction(invoice: Invoice, context: RenderContext, desk: Desk) -> dict[str, Any] | None:
    """What a note corrects; an ordinary invoice that names earlier ones shows them too, without alarm."""
    originals = [(p.number, p.issue_date) for p in invoice.preceding_invoices if p.number]
    if not originals and context.original_invoice_number:
        originals = [(context.original_invoice_number, context.original_invoice_date)]
    if not originals:
        return None
    is_note = invoice.is_credit_note or invoice.type_code in ("383", "384")
    return {
        "label": desk.label("corrects" if is_note else "refers"),
        "alarm": is_note,
        "originals": [{"number": desk.code(n), "date": desk.date(d) if d else None} for n, d in originals],
    }


def _notes(invoice: Invoice, desk: Desk) -> list[dict[str, Any]]:
    notes = [("terms", invoice.payment_terms), *(("note", note.text) for note in invoice.notes)]
    notes.append(("legal", invoice.seller.additional_legal_information if invoice.seller else None))
    return [{"label": desk.label(key), "text": desk.pen.paragraphs(text)} for key, text in notes if text and text.strip()]


def _statement(context: RenderContext, desk: Desk) -> list[Any]:
    """Which attachment is the original, under which profile, and what was replaced: in both languages."""
    keys: list[tuple[str, tuple[str, ...]]] = []
    if context.document_xml is not None and context.xades is not None:
        keys.append(("sealed", (context.document_name, context.xades_name)))
    elif context.document_xml is not None:
        keys.append(("attached", (context.document_name,)))
    if context.profile_name:
        keys.append(("profile", (_profile(context.profile_name),)))
    if desk.pen.replaced:
        keys.append(("substituted", ()))
    sentences = [pair(key, desk.language, *(f"\u200e{v}\u200e" for v in values)) for key, values in keys]
    return [desk.pen(" ".join(texts)) for texts in zip(*sentences, strict=True)]


def _profile(name: str) -> str:
    """A profile's id as a reader would write it; a name that is no id stays."""
    if name == "en16931":
        return "EN 16931"
    return f"EN 16931 ({name.upper()})" if len(name) == 2 and name.isalpha() else name


def _fingerprint(invoice: Invoice, context: RenderContext, pen: Pen) -> str:
    if context.document_xml is None:
        return pen.plain(invoice.number or MISSING)
    return "SHA-256 " + hashlib.sha256(context.document_xml).hexdigest()
