"""The lines, and the widths of their columns: reckoned here, because measuring a thousand rows on the page is slow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wasl.invoice.model import AllowanceCharge, Invoice, Item, Line
from wasl.invoice.plurals import counted, unit_name

from ..text import Prepared
from .desk import FSI, MISSING, PDI, PRICE_PLACES_MAX, UNBROKEN, Desk, decimals

ZERO = Decimal(0)
FIGURES_WIDTH_MAX = 330.0  # points that the columns of figures may take of the page's 503
DIGIT, LETTER, INSET = 5.2, 4.1, 14.0  # widths in points at the table's full size
WHOLE_LINES_MAX, WHOLE_CHARACTERS_MAX = 12, 900  # a longer row may break between pages
UNIT_WIDTH_MAX = 74.0  # a longer unit wraps


def lines(invoice: Invoice, desk: Desk) -> dict[str, Any]:
    """Rows, column widths and the text size at which the longest figures fit."""
    discounts = any(line.allowances or line.charges for line in invoice.lines)
    charged = any(line.charges for line in invoice.lines)
    places = max((decimals(line.price.net) for line in invoice.lines if line.price and line.price.net is not None), default=0)
    price_places = max(desk.places, min(places, PRICE_PLACES_MAX))
    rows: list[dict[str, Any]] = []
    running = ZERO
    for at, line in enumerate(invoice.lines, start=1):
        running += line.net_amount or ZERO
        rows.append(_row(at, line, running, price_places, desk, discounts=discounts))
    head = desk.label("changes" if charged else "allowance")
    return {"rows": rows, "discount_label": head, **_columns(rows, desk, discounts=discounts)}


def _row(at: int, line: Line, running: Decimal, price_places: int, desk: Desk, *, discounts: bool) -> dict[str, Any]:
    item = line.item or Item()
    quantity, unit = _quantity(line, desk)
    more = _details(line, item, desk)
    characters = sum(len(text or "") for text in (item.name, item.description, line.note))
    row: dict[str, Any] = {
        "whole": len(more) <= WHOLE_LINES_MAX and characters <= WHOLE_CHARACTERS_MAX,
        "no": str(at),
        "name": desk.pen(item.name or MISSING),
        "more": more,
        "quantity": quantity,
        "unit": unit,
        "price": _price(line, price_places, desk),
        "tax": desk.percent(line.tax_rate) if line.tax_rate is not None else desk.code(line.tax_category or MISSING),
        "amount": desk.amount(line.net_amount),
        "sum": format(running, "f"),
    }
    if discounts:
        net = sum((c.amount or ZERO for c in line.charges), ZERO) - sum((a.amount or ZERO for a in line.allowances), ZERO)
        row["discount"] = desk.amount(net) if net else MISSING
    return row


def _quantity(line: Line, desk: Desk) -> tuple[str | None, Prepared | None]:
    """Figure and unit, counted in the document's language: "3 ساعات", "11 ساعة"; the Arabic dual says its own number."""
    if line.quantity is None:
        return MISSING, None
    unit = desk.pen(unit_name(line.unit, desk.language, line.quantity), run=10) if line.unit else None
    dual = unit is not None and abs(line.quantity) == 2 and counted(line.quantity, line.unit, desk.language) == unit
    return None if dual else desk.figure(line.quantity), unit


def _price(line: Line, places: int, desk: Desk) -> str:
    if line.price is None or line.price.net is None:
        return MISSING
    text = desk.figure(line.price.net, places)
    base = line.price.base_quantity
    return f"{text} / {desk.figure(base)}" if base is not None and base != 1 else text


def _details(line: Line, item: Item, desk: Desk) -> list[Prepared]:
    """The small lines under a name: what the item is, for when, and why its price moved."""
    more = desk.pen.paragraphs(item.description or "")
    if line.period and (line.period.start or line.period.end):
        ends = [desk.date(d) for d in (line.period.start, line.period.end) if d]
        more.append(" – ".join(e if isinstance(e, str) else e["s"] for e in ends))
    standard = item.standard_identifier.value if item.standard_identifier else None
    facts = (
        ("sku", item.seller_identifier),
        ("buyer_sku", item.buyer_identifier),
        ("gtin", standard),
        ("order_line", line.order_line_reference),
        ("origin", desk.territory(item.country_of_origin)),
    )
    pairs = [(desk.label(key)[0], value) for key, value in facts if value]
    pairs += [(a.name or MISSING, a.value or MISSING) for a in item.attributes]
    if pairs:
        more.append(_joined(pairs, desk))
    more += [_reason(desk, "allowance", a) for a in line.allowances if a.reason or a.percentage is not None]
    more += [_reason(desk, "charge", c) for c in line.charges if c.reason or c.percentage is not None]
    return more + desk.pen.paragraphs(line.note or "")


def _joined(pairs: list[tuple[str, str]], desk: Desk) -> Prepared:
    """Short facts in one line, each kept in its own direction."""
    isolated = [f"{FSI}{desk.pen.plain(name)}: {FSI}{desk.pen.plain(value)}{PDI}{PDI}" for name, value in pairs]
    return desk.pen(" · ".join(isolated), run=UNBROKEN, isolates=True)


def _reason(desk: Desk, key: str, change: AllowanceCharge) -> Prepared:
    parts = [desk.label(key)[0]]
    if change.percentage is not None:
        parts.append(desk.percent(change.percentage))
    text = " ".join(parts)
    return desk.pen(f"{text}: {change.reason}" if change.reason else text)


def _columns(rows: list[dict[str, Any]], desk: Desk, *, discounts: bool) -> dict[str, Any]:
    """Widths in points; where the longest figures do not fit, the whole table gets smaller letters."""
    figures = {key: max((_width(row[key]) for row in rows), default=0.0) for key in ("no", "price", "amount", "tax", "quantity")}
    units = min(max((_letters(row["unit"]) for row in rows), default=0.0), UNIT_WIDTH_MAX)
    widths = {
        "no": max(figures["no"], 8.0) + INSET,
        "quantity": max(figures["quantity"] + units, 40.0) + INSET,
        "price": max(figures["price"], 44.0) + INSET,
        "discount": (max((_width(row["discount"]) for row in rows), default=0.0) + INSET) if discounts else 0.0,
        "tax": max(figures["tax"], 26.0) + INSET,
        "amount": max(figures["amount"], 44.0) * 1.05 + INSET,
    }
    if discounts:
        widths["discount"] = max(widths["discount"], 62.0)
    total = sum(widths.values())
    scale = min(1.0, FIGURES_WIDTH_MAX / total)
    return {"widths": {k: round(w * scale, 1) for k, w in widths.items()}, "scale": round(scale, 3), "discounts": discounts}


def _width(figure: str | None) -> float:
    return sum(2.4 if c in ",." else DIGIT for c in figure or "")


def _letters(text: Prepared | None) -> float:
    if text is None:
        return 0.0
    plain = text if isinstance(text, str) else text["s"]
    return 4.0 + LETTER * len(plain)
