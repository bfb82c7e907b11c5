"""The content of the ZATCA QR code, phase 1: tags 1 to 5. `wasl.seal.tlv` encodes it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from wasl.errors import WaslError
from wasl.invoice.model import Invoice
from wasl.invoice.money import minor_units, round_half_up
from wasl.invoice.terms import TERMS

_T = TypeVar("_T", str, Decimal)
SELLER, VAT_NUMBER, TIMESTAMP, TOTAL, VAT = 1, 2, 3, 4, 5
VALUE_BYTES_MAX = 255  # one length byte


class QrNeedsTerm(WaslError):
    """A term of the QR code is missing from the invoice."""

    code = "WASL-SA-QR-01"
    en = "The tax QR needs the {label_en} ({term}). Enter it and try again."
    ar = "رمز الاستجابة الضريبي يحتاج إلى {label_ar}. أدخله ثم أعد المحاولة."


def tags(invoice: Invoice, issued_at: datetime) -> list[tuple[int, bytes]]:
    """Seller name, VAT number, time of issue (UTC), total with VAT, VAT total in the accounting currency if there is one."""
    if issued_at.tzinfo is None:
        raise ValueError("issued_at must know its zone")
    seller, totals = invoice.seller, invoice.totals
    name = _need("BT-27", seller.name if seller else None)
    number = _need("BT-31", seller.vat_identifier if seller else None)
    total = _need("BT-112", totals.tax_inclusive_amount if totals else None)
    own = invoice.tax_currency is not None and totals is not None and totals.tax_amount_accounting is not None
    tax = totals.tax_amount_accounting if own and totals else totals.tax_amount if totals else None
    return [
        (SELLER, _cut(name)),
        (VAT_NUMBER, number.encode()),
        (TIMESTAMP, issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()),
        (TOTAL, _amount(total, invoice.currency)),
        (VAT, _amount(_need("BT-110", tax), invoice.tax_currency if own else invoice.currency)),
    ]


def _need(term: str, value: _T | None) -> _T:
    if value is None or value == "":
        raise QrNeedsTerm(term=term, label_en=TERMS[term].en, label_ar=TERMS[term].ar)
    return value


def _amount(amount: Decimal, currency: str | None) -> bytes:
    return f"{round_half_up(amount, minor_units(currency)):f}".encode()


def _cut(text: str) -> bytes:
    """At most 255 bytes, never through the middle of a character."""
    data = text.encode()
    return data if len(data) <= VALUE_BYTES_MAX else data[:VALUE_BYTES_MAX].decode(errors="ignore").encode()
