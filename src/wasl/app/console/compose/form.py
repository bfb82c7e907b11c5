"""The composer's form: what was typed, kept as typed, and the invoice it means. Field names are `line-<key>-<part>`.

A field that cannot be read keeps its text and says why; the rest of the form still counts and is still checked, so that
totals and findings follow the typing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

import msgspec

from wasl.app.payments.pan import masked
from wasl.app.ui import numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.model import AllowanceCharge, Invoice, Item, Line, Note, Price, TaxSubtotal
from wasl.invoice.money import round_to

T = TypeVar("T")
LINES_MAX = 1000  # the longest invoice that the renderer and the rules are measured with
LINE_PARTS = ("name", "quantity", "unit", "price", "discount", "tax", "note")
HEAD_PARTS = ("customer", "due_date", "purchase_order", "notes", "discount_amount", "discount_reason", "language")
REASON_CATEGORIES = ("Z", "E", "AE", "G", "K", "O")
DISCOUNT = "95"  # UNTDID 5189: the reason code of a plain discount


def note_text(text: str) -> str | None:
    """A paragraph in which no card number stays (T82)."""
    return numbers.paragraph(masked(text))


@dataclass(frozen=True)
class Row:
    """One line as typed."""

    key: int
    typed: Mapping[str, str]

    def name(self, part: str) -> str:
        return f"line-{self.key}-{part}"

    def __getitem__(self, part: str) -> str:
        return self.typed.get(part, "")

    @property
    def is_blank(self) -> bool:
        return not any(self[part].strip() for part in ("name", "quantity", "price", "discount", "note"))


@dataclass
class ComposerForm:
    head: dict[str, str]
    rows: list[Row]
    problems: dict[str, list[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.head.get(name, "")

    def errors(self, name: str) -> list[str]:
        return self.problems.get(name, [])

    @property
    def filled_rows(self) -> list[Row]:
        return [row for row in self.rows if not row.is_blank]

    def read(self, name: str, typed: str, reader: Callable[[str], T | None]) -> T | None:
        try:
            return reader(typed)
        except WaslError as error:
            self.problems.setdefault(name, []).append(error.message(current()))
            return None

    # -- changing the form without script ------------------------------------------------------------------------------

    def add_row(self, typed: Mapping[str, str] | None = None) -> None:
        if len(self.rows) < LINES_MAX:
            self.rows.append(Row(max((row.key for row in self.rows), default=-1) + 1, typed or {}))

    def remove_row(self, key: int) -> None:
        self.rows = [row for row in self.rows if row.key != key]


def from_post(data: Mapping[str, str]) -> ComposerForm:
    """The form as sent. Names that the form does not have are ignored: nobody can post a number or a total (T55)."""
    head = {part: data.get(part, "") for part in HEAD_PARTS}
    for category in REASON_CATEGORIES:
        for part in (f"reason-{category}", f"reason-code-{category}"):
            head[part] = data.get(part, "")
    keys = sorted({int(name.split("-")[1]) for name in data if _is_line_name(name)})[:LINES_MAX]
    return ComposerForm(head, [Row(key, {part: data.get(f"line-{key}-{part}", "") for part in LINE_PARTS}) for key in keys])


def _is_line_name(name: str) -> bool:
    parts = name.split("-")
    return len(parts) == 3 and parts[0] == "line" and parts[1].isascii() and parts[1].isdigit() and len(parts[1]) <= 5 and parts[2] in LINE_PARTS


def from_invoice(invoice: Invoice, *, customer: str, language: str) -> ComposerForm:
    """A draft, back in its fields."""
    head = {
        "customer": customer, "language": language, "due_date": _iso(invoice.due_date),
        "purchase_order": invoice.purchase_order_reference or "", "notes": "\n".join(note.text or "" for note in invoice.notes),
    }  # fmt: skip
    if invoice.allowances:
        head |= {"discount_amount": _plain(invoice.allowances[0].amount), "discount_reason": invoice.allowances[0].reason or ""}
    for sub in invoice.tax_breakdown:
        if sub.category in REASON_CATEGORIES:
            head |= {f"reason-{sub.category}": sub.exemption_reason or "", f"reason-code-{sub.category}": sub.exemption_reason_code or ""}
    return ComposerForm(head, [_row(key, line) for key, line in enumerate(invoice.lines)])


def _row(key: int, line: Line) -> Row:
    discount = line.allowances[0].percentage if line.allowances else None
    return Row(key, {
        "name": (line.item.name if line.item else None) or "", "quantity": _plain(line.quantity), "unit": line.unit or "",
        "price": _plain(line.price.net if line.price else None), "discount": _plain(discount),
        "tax": tax_key(line.tax_category, line.tax_rate), "note": (line.item.description if line.item else None) or "",
    })  # fmt: skip


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def tax_key(category: str | None, rate: Decimal | None) -> str:
    """ "S|15": how a choice of tax is named in the form."""
    return "" if not category else category if rate is None else f"{category}|{rate.normalize():f}"


def tax_of(key: str) -> tuple[str | None, Decimal | None]:
    category, _bar, rate = key.partition("|")
    try:
        return category or None, numbers.number(rate)
    except WaslError:
        return category or None, None


def to_invoice(form: ComposerForm, base: Invoice) -> Invoice:
    """`base` (seller, buyer, currency, payment) with what the form says. Incomplete is fine; totals are not worked out here."""
    lines = tuple(_line(form, position, row) for position, row in enumerate(form.filled_rows, 1))
    notes = form.read("notes", form["notes"], note_text)
    return msgspec.structs.replace(
        base,
        due_date=form.read("due_date", form["due_date"], numbers.day),
        purchase_order_reference=form.read("purchase_order", form["purchase_order"], _short),
        notes=(Note(text=notes),) if notes else (),
        allowances=_discount(form, lines, base.currency),
        lines=lines,
        tax_breakdown=_reasons(form, lines),
    )


def _short(text: str) -> str | None:
    return numbers.line(text, 100)


def _line(form: ComposerForm, position: int, row: Row) -> Line:
    def get(part: str, reader: Callable[[str], T | None]) -> T | None:
        return form.read(row.name(part), row[part], reader)

    quantity, price, percentage = get("quantity", numbers.number), get("price", numbers.number), get("discount", numbers.number)
    category, rate = tax_of(row["tax"])
    name, note = get("name", lambda text: numbers.line(text, 500)), get("note", note_text)
    return Line(
        identifier=str(position),
        quantity=quantity,
        unit=row["unit"] or "C62",
        price=None if price is None else Price(net=price),
        allowances=(AllowanceCharge(percentage=percentage, reason_code=DISCOUNT),) if percentage else (),
        tax_category=category,
        tax_rate=rate,
        item=Item(name=name, description=note) if name or note else None,
    )


def _discount(form: ComposerForm, lines: tuple[Line, ...], currency: str | None) -> tuple[AllowanceCharge, ...]:
    """A discount on the whole invoice takes the tax of its first line; several rates want line discounts instead."""
    amount = form.read("discount_amount", form["discount_amount"], numbers.number)
    reason = form.read("discount_reason", form["discount_reason"], _short)
    if not amount:
        return ()
    first = lines[0] if lines else Line()
    code = None if reason else DISCOUNT
    return (
        AllowanceCharge(amount=round_to(amount, currency), tax_category=first.tax_category, tax_rate=first.tax_rate, reason=reason, reason_code=code),
    )


def _reasons(form: ComposerForm, lines: tuple[Line, ...]) -> tuple[TaxSubtotal, ...]:
    """Exemption reasons by category and rate: `totals()` keeps them while it works out the amounts."""
    kinds = sorted({(line.tax_category, line.tax_rate) for line in lines if line.tax_category}, key=str)
    found = []
    for category, rate in kinds:
        text = form.read(f"reason-{category}", form[f"reason-{category}"], _short) if category in REASON_CATEGORIES else None
        code = form[f"reason-code-{category}"] or None if category in REASON_CATEGORIES else None
        found.append(TaxSubtotal(category=category, rate=rate, exemption_reason=text, exemption_reason_code=code))
    return tuple(found)
