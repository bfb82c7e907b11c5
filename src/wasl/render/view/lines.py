"""The lines, and the widths of their columns: reckoned here, because measuring a thousand rows on the page is slow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wasl.invoice.codes import ALLOWANCE_REASONS, CHARGE_REASONS, name_of
from wasl.invoice.model import AllowanceCharge, Invoice, Item, Line, Price
from wasl.invoice.plurals import counted, unit_name

from ..text import Prepared
from .desk import MISSING, PRICE_PLACES_MAX, Desk, bt, decimals, plain, scheme

ZERO = Decimal(0)
FIGURES_WIDTH_MAX = 330.0  # points that the columns of figures may take of the page's 503
DIGIT, LETTER, INSET = 5.2, 4.1, 14.0  # widths in points at the table's full size
WHOLE_LINES_MAX, WHOLE_CHARACTERS_MAX = 12, 900  # a longer row may break between pages
UNIT_WIDTH_MAX = 74.0  # a longer unit wraps
SHORT_CHARACTERS_MAX = 6  # a longer line number or tax category stands among the details

Fact = tuple[str, str, str]  # business term, label, value


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
    return {"rows": rows, "discount_label": head, **_columns(rows, discounts=discounts)}


def _row(at: int, line: Line, running: Decimal, price_places: int, desk: Desk, *, discounts: bool) -> dict[str, Any]:
    item = line.item or Item()
    quantity, unit = _quantity(line, desk)
    more = _details(at, line, item, desk)
    characters = sum(len(text or "") for text in (item.name, item.description, line.note)) + sum(len(plain(m)) for m in more[WHOLE_LINES_MAX:])
    row: dict[str, Any] = {
        "whole": len(more) <= WHOLE_LINES_MAX and characters <= WHOLE_CHARACTERS_MAX,
        "at": at,
        "no": _number(at, line, desk),
        "name": desk.pen(item.name or MISSING),
        "more": more,
        "quantity": quantity,
        "unit": unit,
        "price": _price(line, price_places, desk),
        "tax": line_tax(line, desk),
        "amount": desk.amount(line.net_amount),
        "sum": format(running, "f"),
    }
    if discounts:
        net = sum((c.amount or ZERO for c in line.charges), ZERO) - sum((a.amount or ZERO for a in line.allowances), ZERO)
        row["discount"] = desk.amount(net) if net else MISSING
    return row


def _number(at: int, line: Line, desk: Desk) -> str:
    """The line's own number where it is short; else the place of the row."""
    own = " ".join((line.identifier or "").split())
    return desk.code(own) if 0 < len(own) <= SHORT_CHARACTERS_MAX else str(at)


def line_tax(line: Line, desk: Desk) -> str:
    """The rate; the category beside it where it is another than the standard one, for 0 % may mean many things."""
    rate = desk.percent(line.tax_rate) if line.tax_rate is not None else ""
    category = line.tax_category or ""
    if len(category) > SHORT_CHARACTERS_MAX or (category == "S" and rate):
        category = ""
    return f"{desk.code(category)} {rate}".strip() or MISSING


def _quantity(line: Line, desk: Desk) -> tuple[str | None, Prepared | None]:
    """Figure and unit, counted in the document's language: "3 ساعات", "11 ساعة"; the Arabic dual says its own number."""
    if line.quantity is None:
        return MISSING, desk.pen(line.unit, run=10) if line.unit else None
    unit = desk.pen(unit_name(line.unit, desk.language, line.quantity), run=10) if line.unit else None
    dual = unit is not None and abs(line.quantity) == 2 and counted(line.quantity, line.unit, desk.language) == unit
    return None if dual else desk.figure(line.quantity), unit


def _price(line: Line, places: int, desk: Desk) -> str:
    price = line.price
    if price is None or price.net is None:
        return MISSING
    text = desk.figure(price.net, places)
    if price.base_quantity is None or (price.base_quantity == 1 and price.base_quantity_unit in (None, line.unit)):
        return text
    return f"{text} / {desk.figure(price.base_quantity)}"


def _details(at: int, line: Line, item: Item, desk: Desk) -> list[Prepared]:
    """The small lines under a name: what the item is, for when, and why its price moved."""
    more = desk.pen.paragraphs(item.description or "")
    if line.period and (line.period.start or line.period.end):
        more.append(desk.span(line.period.start, line.period.end))
    facts = line_facts(at, line, item, desk)
    if facts:
        more.append(desk.joined([(label, value) for _, label, value in facts]))
    priced = price_facts(line.price or Price(), line, desk)
    if priced:
        more.append(desk.joined([(label, value) for _, label, value in priced]))
    more += [desk.joined([(label, value) for _, label, value in facts]) for facts in line_changes(line, desk)]
    return more + desk.pen.paragraphs(line.note or "")


def line_facts(at: int, line: Line, item: Item, desk: Desk) -> list[Fact]:
    """Numbers, codes and attributes of a line and its item, each where it is given."""
    long_number = line.identifier if len(" ".join((line.identifier or "").split())) > SHORT_CHARACTERS_MAX else None
    facts = (
        ("BT-126", "line_number", long_number),
        ("BT-155", "sku", item.seller_identifier),
        ("BT-156", "buyer_sku", item.buyer_identifier),
        ("BT-157", "gtin", scheme(item.standard_identifier)),
        *(("BT-158", "classification", scheme(each)) for each in item.classifications),
        ("BT-151", "category", line.tax_category if len(line.tax_category or "") > SHORT_CHARACTERS_MAX else None),
        ("BT-132", "order_line", line.order_line_reference),
        ("BT-128", "object", scheme(line.invoiced_object)),
        ("BT-133", "accounting", line.buyer_accounting_reference),
        ("BT-159", "origin", desk.territory(item.country_of_origin)),
    )
    found: list[Fact] = [(term, desk.label(key)[0], value) for term, key, value in facts if value]
    return found + [("BT-160 BT-161", a.name or MISSING, a.value or MISSING) for a in item.attributes]


def price_facts(price: Price, line: Line, desk: Desk) -> list[Fact]:
    """What stands behind the net price: the price before its discount, and the quantity that it is for."""
    facts: list[Fact] = []
    if price.gross is not None and (price.discount or price.gross != price.net):
        facts.append(("BT-148", desk.label("gross_price")[0], desk.figure(price.gross, desk.places)))
    if price.discount:
        facts.append(("BT-147", desk.label("price_discount")[0], desk.figure(-price.discount, desk.places)))
    if price.base_quantity_unit and price.base_quantity_unit != line.unit:
        quantity = desk.figure(price.base_quantity or Decimal(1))
        unit = unit_name(price.base_quantity_unit, desk.language, price.base_quantity or Decimal(1))
        facts.append(("BT-149 BT-150", desk.label("price_base")[0], f"{quantity} {unit}"))
    return facts


def line_changes(line: Line, desk: Desk) -> list[list[Fact]]:
    """Discounts and charges of a line that say more than the column of their amounts does."""
    many = len(line.allowances) + len(line.charges) > 1
    found = [change_facts("allowance", "lines[].allowances[]", a, desk, amount=many) for a in line.allowances]
    found += [change_facts("charge", "lines[].charges[]", c, desk, amount=many) for c in line.charges]
    return [facts for facts in found if facts]


def change_facts(key: str, path: str, change: AllowanceCharge, desk: Desk, *, amount: bool) -> list[Fact]:
    """How much of what, and why: the reason as given, else the name of its code, else the code."""
    names = ALLOWANCE_REASONS if key == "allowance" else CHARGE_REASONS
    reason = change.reason or name_of(names, change.reason_code, desk.language)
    said = " – ".join(text for text in (desk.amount(change.amount) if amount and change.amount is not None else "", reason) if text)
    rate = desk.percent(change.percentage) if change.percentage is not None else ""
    facts: list[Fact] = []
    if said or rate:
        given = ("amount" if amount else "", "percentage" if rate else "", "reason" if change.reason else "reason_code" if reason else "")
        terms = " ".join(bt(f"{path}.{name}") for name in given if name)
        label = desk.label(key)[0]
        facts.append((terms, f"{label} {rate}" if rate and said else label, said or rate))
    if change.base_amount is not None:
        facts.append((bt(f"{path}.base_amount"), desk.label("base_amount")[0], desk.amount(change.base_amount)))
    if change.reason_code and change.reason:
        facts.append((bt(f"{path}.reason_code"), desk.label("code")[0], change.reason_code))
    return facts


def _columns(rows: list[dict[str, Any]], *, discounts: bool) -> dict[str, Any]:
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
    return 4.0 + LETTER * len(plain(text)) if text is not None else 0.0
