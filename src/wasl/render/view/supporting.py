"""The supporting documents (BG-24): what each is, where it lies, and whether its file is inside."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from wasl.invoice.model import Invoice, SupportingDocument

from ..supporting import is_safe
from .desk import MISSING, Desk

LOCATION_RUN = 60


def documents(invoice: Invoice, desk: Desk, *, embedding: bool) -> list[dict[str, Any]]:
    """One row a document. `embedding`: the view is drawn in a file that carries the safe ones (a PDF does, a page does not)."""
    return [_row(document, desk, embedding=embedding) for document in invoice.supporting_documents]


def _row(document: SupportingDocument, desk: Desk, *, embedding: bool) -> dict[str, Any]:
    state = None
    if document.content is not None:
        inside = "embedded" if is_safe(document) else "not_embedded"
        state = desk.label(inside if embedding else "in_original")
    return {
        "reference": desk.code(document.reference or MISSING),
        "description": desk.pen(document.description) if document.description else None,
        "file": _file(document, desk),
        "state": state,
        "shown": desk.pen.plain(document.location, run=LOCATION_RUN) if document.location else None,
        "url": web_address(document.location),
    }


def _file(document: SupportingDocument, desk: Desk) -> Any:
    size = f"{len(document.content):,} B" if document.content is not None else ""
    text = " · ".join(part for part in (document.filename, document.mime_code, size) if part)
    return desk.pen(text) if text else None


def web_address(location: str | None) -> str | None:
    """The address as a link, where it is a plain https one; anything else is text."""
    if not location or not location.isascii() or not location.isprintable() or " " in location or len(location) > 2_000:
        return None
    try:
        parts = urlsplit(location)
        return location if parts.scheme == "https" and parts.hostname and not parts.username else None
    except ValueError:
        return None
