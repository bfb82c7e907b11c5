"""What a reader hands back: the invoice, and everything in the file that the model could not hold."""

from __future__ import annotations

import msgspec

from wasl.invoice.model import Invoice


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """One value of the source that the invoice does not carry. `xpath` is its place, `value` its text."""

    xpath: str
    value: str
    en: str
    ar: str


class ReadResult(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice read from a file, with its losses in document order."""

    invoice: Invoice
    losses: tuple[Loss, ...] = ()
    syntax: str = "ubl-invoice"  # or "ubl-creditnote", "wasl-json", "table"
    source: bytes = b""  # the exact bytes that were read: for a PDF, its attachment
