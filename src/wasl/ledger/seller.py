"""Does the sealed document speak for the seller that the seal's certificate names?

Two sellers of one installation have two certificates under one root. The steps of the verifier prove who sealed; this
compares it with whom the document names (BT-31), and warns where they differ. It reads the document, so it is asked for
by people's tools and not part of the one-millisecond path.
"""

from __future__ import annotations

from wasl.errors import WaslError

NUMBER_CHARS_MAX = 40  # the longest VAT numbers have 15 characters


def warning(document: bytes, organisation_id: str | None) -> tuple[str, str] | None:
    """English and Arabic, or None where both agree or one of them has no VAT number; never raises for a document's faults."""
    if not organisation_id:
        return None
    from wasl.formats.read import read

    try:
        seller = read(document).invoice.seller
    except WaslError:
        return None
    named = _digits_and_letters((seller.vat_identifier if seller is not None else None) or "")
    sealed = _digits_and_letters(organisation_id.removeprefix("VAT"))
    if not named or named in {sealed, sealed[2:]}:
        return None
    return (
        f"Caution: the document names a seller with VAT number {named}, but the seal belongs to {organisation_id}.",
        f"تنبيه: تذكر الوثيقة بائعًا رقمه الضريبي {named}، أما الختم فيعود إلى {organisation_id}.",
    )


def _digits_and_letters(text: str) -> str:
    """What two spellings of a number share; also safe to print, whoever wrote it."""
    return "".join(ch for ch in text if ch.isascii() and ch.isalnum()).upper()[:NUMBER_CHARS_MAX]
