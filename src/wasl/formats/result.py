"""What readers and converters hand back: the invoice or bytes, and everything that could not be carried over."""

from __future__ import annotations

from typing import Literal

import msgspec

from wasl.invoice.model import Invoice


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """One value that does not arrive. From a reader `xpath` is its place in the file; from a writer or a converter it is the
    place in the model ("lines[0].note"), and `term` the business term concerned."""

    xpath: str
    value: str
    en: str
    ar: str
    term: str | None = None
    kind: Literal["lost", "left out", "changed"] = "lost"  # "left out": the profile asked for has no place for it; "changed": implied


class Inside(msgspec.Struct, frozen=True, kw_only=True):
    """One file attached to a PDF, and what became of it. `relationship` is AFRelationship without its slash."""

    name: str
    size: int  # bytes
    relationship: str | None
    role: Literal["taken", "same invoice", "unreadable", "other"]
    en: str  # why it was taken, or what it is
    ar: str


class ReadResult(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice read from a file, with its losses in document order."""

    invoice: Invoice
    losses: tuple[Loss, ...] = ()
    syntax: str = "ubl-invoice"  # or "ubl-creditnote", "cii", "wasl-json", "table"
    source: bytes = b""  # the exact bytes that were read: for a PDF, its attachment
    inside: tuple[Inside, ...] = ()  # every file of the PDF it came in; empty for any other source
