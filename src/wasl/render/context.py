"""What a rendering needs beside the invoice itself, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from .theme import Theme

Language = Literal["ar", "en"]
Offer = Literal["quote", "pro-forma"]  # what an invoice's data can also be shown as


@dataclass(frozen=True, kw_only=True)
class Hybrid:
    """The CII file of a Factur-X, ZUGFeRD or XRechnung PDF; made by `facturx.hybrid_context`."""

    data: bytes = field(repr=False)
    name: str  # "factur-x.xml" or "xrechnung.xml"
    level: str  # fx:ConformanceLevel, "EN 16931"
    version: str  # fx:Version
    relationship: Literal["data", "alternative"]
    derived: bool  # a copy made from the sealed original beside it; else it is the original, or there is none


@dataclass(frozen=True, kw_only=True)
class RenderContext:
    """Everything that is not in the document: it decides the look, the links and the attachments.

    The same invoice and context give the same bytes: nothing here is read from the clock or the machine.
    """

    issued_at: datetime  # aware; becomes the document's date
    language: Language = "ar"  # which language comes first
    theme: str | Theme = "wasl"  # a name of `wasl.render.themes()`; "wasl" means "modern"
    kind: Offer | None = None  # what it is where the document's own type (BT-3) does not say so
    title: tuple[str, str] | None = None  # (ar, en): a regime's own name, "فاتورة ضريبية مبسطة"
    logo: bytes | None = None  # PNG, JPEG or plain SVG
    accent: str = "#0b4f4a"  # #rrggbb; darkened until white text on it can be read
    footer: str | None = None  # the seller's lines at the foot of every page, at most three are shown
    terms: str | None = None  # the seller's terms and conditions, after the notes
    pay_url: str | None = None  # opens amount, state and Pay
    claim_code: str | None = None  # typed together with a proven address
    verify_url: str | None = None  # /v/<token>
    tax_qr: bytes | str | None = None  # TLV bytes (printed as base64) or the text to print
    document_xml: bytes | None = None  # the sealed original, attached byte for byte
    document_name: str = "invoice.xml"
    hybrid: Hybrid | None = None  # the CII copy of a Factur-X PDF
    xades: bytes | None = None  # its detached signature
    xades_name: str = "invoice.xml.xades"
    profile_name: str | None = None  # "EN 16931", as a reader would write it
    original_invoice_number: str | None = None  # for notes whose BG-3 is empty
    original_invoice_date: date | None = None
    hijri: bool | None = None  # Hijri beside Gregorian; None: yes where Arabic comes first
    seller_name_other: str | None = None  # the seller's name in the other language, where BT-28 is something else
    buyer_name_other: str | None = None


@dataclass(frozen=True)
class RenderedPdf:
    """A PDF/A-3a file; `substitutes` are the characters that stand as marks in it."""

    data: bytes = field(repr=False)
    pages: int
    substitutes: tuple[str, ...] = ()
