"""The whole view: its parts in the order of the page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC
from functools import cache, partial
from typing import Any

from wasl.invoice.codes import NOTE_SUBJECTS
from wasl.invoice.model import Invoice, Note, Party

from ..colour import readable
from ..context import RenderContext
from ..fonts import FAMILIES
from ..labels import LABELS, TAX_POINTS, TITLES, Pair, both, ordered, pair
from ..logo import prepare_logo
from ..qr import qr
from ..text import Pen, Prepared
from ..theme import Theme, find_theme
from . import kind as kinds
from . import sums
from .desk import MISSING, Desk, bt, plain, scheme
from .lines import lines
from .links import actions, tax_code
from .parties import parties
from .supporting import documents

NAME_SIZE, NAME_SIZE_MIN = 14.0, 9.0  # points: a long name gets smaller before it wraps
NAME_LETTERS = 34
FACT_CHARACTERS = 16  # that stand in a fifth of the page's width
FOOTER_LINES_MAX, FOOTER_CHARACTERS_MAX = 3, 160
STRIP_ROW, STRIP_CHARACTER, STRIP_LENGTH_MAX = 40.0, 0.8, 9_000.0  # points of a roll: the rest of the document needs room too
# The labels that a theme draws by itself; all others stand beside their values
DRAWN_LABELS = (
    "no", "description", "quantity", "price", "tax", "amount", "tax_summary", "category", "base", "tax_amount", "payment", "brought", "forward",
    "page_total", "documents", "seller", "buyer", "note",
)  # fmt: skip
INK, BLACK = "#12211f", "#000000"


def build_view(invoice: Invoice, context: RenderContext, pen: Pen, families: tuple[str, ...], *, embedding: bool = True) -> dict[str, Any]:
    """Data for the theme; `pen` then knows what it replaced. `embedding`: the file that shows it carries attachments."""
    desk = make_desk(invoice, context, pen)
    kind = kinds.kind_of(invoice, context)
    seller = invoice.seller or Party()
    table = lines(invoice, desk)
    view = frame(context, desk, families, title=kinds.title(invoice, context), number=invoice.number, seller=seller)
    view |= {
        "parties": parties(invoice, context, desk),
        "facts": _facts(invoice, desk, kind),
        "banners": kinds.banners(invoice, context, desk),
        "lines": table["rows"],
        "long": _is_long(table["rows"]),
        "columns": {k: v for k, v in table.items() if k != "rows"},
        "sums": sums.sums(invoice, desk),
        "due": sums.due(invoice, desk, kind.due),
        "taxes": sums.taxes(invoice, desk),
        "words": sums.words(invoice, desk),
        "payment": sums.payment(invoice, desk),
        "notes": _notes(invoice, context, desk),
        "documents": documents(invoice, desk, embedding=embedding),
        "details": _details(invoice, desk),
        "actions": actions(context, desk, _drawer(context) if embedding else _undrawn, payable=kind.payable),
        "fingerprint": _fingerprint(invoice.number, context, pen),
    }
    view["statement"] = _statement(context, desk)  # last: it says whether anything was replaced
    return view


def _drawer(context: RenderContext) -> Callable[[str], str]:
    return partial(qr, colour=INK if find_theme(context.theme).colour else BLACK)


def _undrawn(_: str) -> str:
    """On a screen a link is pressed, not scanned."""
    return ""


def _is_long(rows: list[dict[str, Any]]) -> bool:
    """Whether a strip would be longer than the 14,400 points that a page may have (ISO 19005-3, 6.1.13): it is cut into pages then."""
    characters = sum(len(plain(text)) for row in rows for text in (row["name"], *row["more"]))
    return len(rows) * STRIP_ROW + characters * STRIP_CHARACTER > STRIP_LENGTH_MAX


def frame(context: RenderContext, desk: Desk, families: tuple[str, ...], *, title: Pair, number: str | None, seller: Party) -> dict[str, Any]:
    """What every kind of document has: its head, its labels, its furniture; the other parts empty."""
    theme = find_theme(context.theme)
    first, second = ordered(title, desk.language)
    return {
        "lang": context.language,
        "second": desk.other,
        "fonts": [f for f in FAMILIES if f in families],
        "accent": readable(context.accent) if theme.colour else BLACK,
        "at": list(context.issued_at.astimezone(UTC).timetuple()[:6]),
        "title": [first, {"s": second, "l": desk.other}],
        "number": desk.code(desk.short(number or MISSING, 40)),
        "doc_title": desk.pen.plain(" · ".join(" ".join(text.split()) for text in (first, number, seller.name) if text)),
        "doc_author": desk.pen.plain(" ".join((seller.name or "").split())),
        "logo": _logo(context, theme, seller, desk),
        "seller": _letterhead(seller, context, desk),
        "tax_qr": tax_code(context, INK if theme.colour else BLACK),
        "labels": {**_labels(context.language), "tax_qr_alt": desk.label("tax_qr_alt")[0]},
        "page": desk.label("page"),
        "places": desk.places,
        **dict.fromkeys(("parties", "facts", "banners", "lines", "tables", "sums", "payment", "notes", "documents", "details", "actions"), ()),
        "heading": desk.label("lines"),
        "long": False,
        "columns": {},
        "due": None,
        "taxes": {"rows": (), "scale": 1.0},
        "words": None,
        "footer": _footer(context, desk),
        "fingerprint": desk.pen.plain(number or MISSING),
        "statement": [],
    }


@cache
def _labels(language: str) -> dict[str, Any]:
    """Fixed labels in both languages, the first one first: the same for every document of a language."""
    other = "en" if language == "ar" else "ar"
    texts = {key: ordered(both(LABELS[key]), language) for key in DRAWN_LABELS}
    return {key: [first, {"s": second, "l": other}] for key, (first, second) in texts.items()}


def make_desk(invoice: Invoice, context: RenderContext, pen: Pen) -> Desk:
    """The desk of an invoice: its currency, its seller's months."""
    country = invoice.seller.address.country if invoice.seller and invoice.seller.address else None
    hijri = context.language == "ar" if context.hijri is None else context.hijri
    return Desk(context.language, pen, invoice.currency or "", country, hijri)


def _logo(context: RenderContext, theme: Theme, seller: Party, desk: Desk) -> dict[str, Any] | None:
    if context.logo is None:
        return None
    logo = prepare_logo(context.logo)  # refused where it must be, also by a theme that does not show it
    if not theme.logo:
        return None
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


def _facts(invoice: Invoice, desk: Desk, kind: kinds.Kind) -> list[dict[str, Any]]:
    """Number, dates and currency first, then the references that are given."""
    facts: list[dict[str, Any]] = [fact(kind.number, desk.code(invoice.number or MISSING), desk, "BT-1")]
    delivered = invoice.delivery.actual_date if invoice.delivery else None
    for key, value, term in (
        ("issue_date", invoice.issue_date, "BT-2"),
        (kind.due_date, invoice.due_date, "BT-9"),
        ("supply_date", delivered, "BT-72"),
        ("tax_point_date", invoice.tax_point_date, "BT-7"),
    ):
        if value:
            facts.append({**desk.dated(key, value), "bt": term})
    if invoice.period and (invoice.period.start or invoice.period.end):
        facts.append(fact("period", desk.span(invoice.period.start, invoice.period.end), desk, "BT-73 BT-74"))
    facts.append(fact("currency", desk.code(invoice.currency or MISSING), desk, "BT-5"))
    if invoice.tax_currency and invoice.tax_currency != invoice.currency:
        facts.append(fact("tax_currency", desk.code(invoice.tax_currency), desk, "BT-6"))
    references = (
        ("buyer_reference", invoice.buyer_reference, "buyer_reference"),
        ("order", invoice.purchase_order_reference, "purchase_order_reference"),
        ("sales_order", invoice.sales_order_reference, "sales_order_reference"),
        ("contract", invoice.contract_reference, "contract_reference"),
        ("project", invoice.project_reference, "project_reference"),
        ("receiving", invoice.receiving_advice_reference, "receiving_advice_reference"),
        ("despatch", invoice.despatch_advice_reference, "despatch_advice_reference"),
        ("tender", invoice.tender_reference, "tender_reference"),
        ("object", scheme(invoice.invoiced_object), "invoiced_object.value"),
        ("accounting", invoice.buyer_accounting_reference, "buyer_accounting_reference"),
    )
    facts += [fact(key, desk.pen(value), desk, bt(path)) for key, value, path in references if value]
    return scaled(facts, desk)


def fact(key: str, value: Prepared, desk: Desk, term: str) -> dict[str, Any]:
    """One cell of the strip."""
    return {"label": desk.label(key), "value": value, "second": None, "bt": term}


def scaled(facts: list[dict[str, Any]], desk: Desk) -> list[dict[str, Any]]:
    """The facts with the size of letters at which each value stays whole."""
    for each in facts:
        each["scale"] = desk.fitting(plain(each["value"]), FACT_CHARACTERS)
    return facts


def _notes(invoice: Invoice, context: RenderContext, desk: Desk) -> list[dict[str, Any]]:
    found = [note(desk.label("terms"), invoice.payment_terms, desk, "BT-20")]
    found += [note(_subject(each, desk), each.text, desk, "BT-22 BT-21" if each.subject_code else "BT-22") for each in invoice.notes]
    found.append(note(desk.label("legal"), invoice.seller.additional_legal_information if invoice.seller else None, desk, "BT-33"))
    found.append(note(desk.label("conditions"), context.terms, desk, ""))
    return [each for each in found if each]


def note(label: list[Any], text: str | None, desk: Desk, term: str) -> dict[str, Any]:
    """A labelled text of one or more lines; empty where there is none."""
    return {"label": label, "text": desk.pen.paragraphs(text), "bt": term} if text and text.strip() else {}


def _subject(note: Note, desk: Desk) -> list[Any]:
    """What a note is about, by the name of its code; a code without a name as it is."""
    if not note.subject_code:
        return desk.label("note")
    named = NOTE_SUBJECTS.get(note.subject_code)
    if named:
        return desk.pair(named)
    label = desk.label("note")
    return [f"{label[0]} {desk.code(note.subject_code)}", label[1]]


def _details(invoice: Invoice, desk: Desk) -> list[dict[str, Any]]:
    """For the expert: the process, the specification, codes that the title and dates do not say."""
    point = invoice.tax_point_date_code
    named = desk.pair(both(TAX_POINTS[point]))[0] if point in TAX_POINTS else point
    unknown = invoice.type_code if invoice.type_code not in TITLES else None
    rows = (
        ("document_type", unknown, "BT-3"),
        ("tax_point", named, "BT-8"),
        ("process", invoice.business_process, "BT-23"),
        ("specification", invoice.specification, "BT-24"),
    )
    return [{"label": desk.label(key), "value": desk.code(value), "bt": term} for key, value, term in rows if value]


def _footer(context: RenderContext, desk: Desk) -> list[Prepared]:
    """The seller's own lines at the foot of every page."""
    given = desk.pen.paragraphs(context.footer or "")[:FOOTER_LINES_MAX]
    return [desk.pen(desk.short(plain(text), FOOTER_CHARACTERS_MAX)) for text in given]


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


def _fingerprint(number: str | None, context: RenderContext, pen: Pen) -> str:
    if context.document_xml is None:
        return pen.plain(number or MISSING)
    return "SHA-256 " + hashlib.sha256(context.document_xml).hexdigest()
