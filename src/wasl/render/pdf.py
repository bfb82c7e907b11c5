"""An invoice as a bilingual PDF/A-3a with its sealed original inside."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from wasl import i18n
from wasl.formats import wasljson
from wasl.invoice.model import Invoice

from . import fonts
from .account import PaymentReceipt, Statement
from .context import Hybrid, RenderContext, RenderedPdf
from .facturx import FACTURX_NAME, XRECHNUNG_NAME, marked
from .labels import pair
from .logo import damaged_logo
from .supporting import embed, embeddable
from .text import Pen, check_printable, check_texts
from .theme import ThemeFails, find_theme
from .typesetter import Untypesettable, families, typeset, typst_version
from .view import build_receipt, build_statement, build_view

ATTEMPTS_MAX = 4  # each removes every character that the last one complained about
FORMAT = 2  # of this module's output: raise it when the view changes meaning

_UNDRAWN = re.compile(r'the text `"((?:[^"\\]|\\.)+)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\(.)")
_IMAGE_REFUSED = re.compile(r"failed to (process|decode|parse) (image|SVG|svg)")
_SEARCHED = re.compile(r" \(searched at .*\)")  # a place of this machine
_PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")


def render_pdf(invoice: Invoice, *, context: RenderContext) -> RenderedPdf:
    """Typeset the invoice. The same arguments give the same bytes.

    Raises ControlCharacter, TooLongToPrint, LogoRefused, LinkRefused, ColourRefused, UnknownTheme or QrTooLong; a character without a
    font never fails: it stands as a mark and is named in `substitutes`.
    """
    check_printable(invoice)
    supporting = embeddable(invoice, (context.document_name, context.xades_name, FACTURX_NAME, XRECHNUNG_NAME))
    made = typeset_view(lambda pen: build_view(invoice, context, pen, families()), context, attachments(invoice, context))
    whole = embed(made.data, supporting, context.issued_at)
    return replace(made, data=whole if context.hybrid is None else marked(whole, context.hybrid))


def render_statement(statement: Statement, *, context: RenderContext) -> RenderedPdf:
    """A statement of account. Raises StatementDisagrees, and what `render_pdf` raises."""
    check_texts(statement, "statement", rows=len(statement.rows))
    return typeset_view(lambda pen: build_statement(statement, context, pen, families()), context, [])


def render_receipt(receipt: PaymentReceipt, *, context: RenderContext) -> RenderedPdf:
    """A receipt of a payment. Raises ReceiptDisagrees, and what `render_pdf` raises."""
    check_texts(receipt, "receipt", rows=len(receipt.allocations))
    return typeset_view(lambda pen: build_receipt(receipt, context, pen, families()), context, [])


def typeset_view(build: Callable[[Pen], dict[str, Any]], context: RenderContext, attached: list[dict[str, object]]) -> RenderedPdf:
    """Typeset what `build` makes; where the typesetter has no font for a character after all, again with a mark in its place."""
    theme = find_theme(context.theme)
    forced: frozenset[str] = frozenset()
    for attempt in range(ATTEMPTS_MAX):
        pen = Pen(context.language, forced=forced)
        inputs = {"data": orjson.dumps(build(pen)).decode(), "attachments": orjson.dumps(attached).decode()}
        try:
            data = typeset(theme, inputs, context.issued_at)
        except Untypesettable as refusal:
            if _IMAGE_REFUSED.search(str(refusal)) and context.logo is not None:
                raise damaged_logo() from refusal
            refused = _refused_characters(str(refusal))
            if attempt + 1 == ATTEMPTS_MAX or not refused - forced:
                if theme.installed:
                    raise
                raise ThemeFails(theme=theme.id, reason=_SEARCHED.sub("", str(refusal).splitlines()[0])[:200]) from refusal
            forced |= refused
            continue
        return RenderedPdf(data, len(_PAGES.findall(data)), tuple(sorted(pen.replaced)))
    raise AssertionError("unreachable")


def check_logo(logo: bytes, *, at: datetime) -> None:
    """Raise LogoRefused where a logo could not be printed later: to be asked when it is uploaded."""
    render_pdf(Invoice(), context=RenderContext(issued_at=at, logo=logo))


def attachments(invoice: Invoice, context: RenderContext) -> list[dict[str, object]]:
    """The files inside: the sealed original is an alternative of the pages, its signature a supplement (AFRelationship)."""
    number = invoice.number or ""
    found: list[dict[str, object]] = []
    hybrid = context.hybrid
    if context.document_xml is not None:
        described = " · ".join(text.strip() for text in pair("document_file", context.language, number))
        relationship = "alternative" if hybrid is None else "source" if hybrid.derived else hybrid.relationship
        found.append(_file(context.document_name, context.document_xml, relationship, described))
    if hybrid is not None and (hybrid.derived or context.document_xml is None):
        label = ("copy_file", number, hybrid.level, context.document_name) if hybrid.derived else ("document_file", number)
        described = " · ".join(text.strip() for text in pair(label[0], context.language, *label[1:]))
        found.append(_file(hybrid.name, hybrid.data, hybrid.relationship, described))
    if context.xades is not None:
        described = " · ".join(pair("seal_file", context.language, context.document_name))
        found.append(_file(context.xades_name, context.xades, "supplement", described))
    return found


def _file(name: str, data: bytes, relationship: str, description: str) -> dict[str, object]:
    try:
        content: object = data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        content = list(data)  # another encoding: the bytes one by one
    return {"name": name, "text": content, "relationship": relationship, "mime": "application/xml", "description": description}


def _refused_characters(message: str) -> frozenset[str]:
    found: set[str] = set()
    for text in _UNDRAWN.findall(message):
        plain = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)
        found.update(c for c in plain if not (c.isascii() or unicodedata.category(c) == "Cf"))
    return frozenset(found)


def cache_key(invoice: Invoice, context: RenderContext) -> str:
    """A hash of everything that decides the bytes: document, context, theme, fonts and the typesetter's version."""
    digest = hashlib.sha256(f"wasl-pdf/{FORMAT} typst/{typst_version()} fonts/{fonts.fingerprint()} words/{i18n.fingerprint()}\n".encode())
    digest.update(find_theme(context.theme).digest.encode())
    digest.update(wasljson.write(invoice))
    for field in fields(context):
        if field.name == "theme":
            continue  # its content counts, not its name: "wasl" and "modern" are one
        value = getattr(context, field.name)
        if field.name == "issued_at":
            value = value.astimezone(UTC).isoformat()
        text = value if isinstance(value, bytes) else repr(value).encode() + (value.data if isinstance(value, Hybrid) else b"")
        digest.update(f"\n{field.name}:{type(value).__name__}:{len(text)}:".encode() + text)
    return digest.hexdigest()
