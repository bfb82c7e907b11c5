"""Does the sealed document speak for the seller that the seal's certificate names?

Two sellers of one installation have two certificates under one root. The steps of the verifier prove who sealed; this
compares it with whom the document names (BT-31), and warns where they differ. It reads the document, so it is asked for
by people's tools and not part of the one-millisecond path.
"""

from __future__ import annotations

import unicodedata

from wasl.errors import WaslError

NAME_CHARS_MAX = 80  # of a name shown in a caution
NUMBER_CHARS_MAX = 40  # the longest VAT numbers have 15 characters


def warning(document: bytes, organisation_id: str | None, organisation: str | None = None) -> tuple[str, str] | None:
    """English and Arabic, or None where both agree. By VAT number; by name where one of them has no number, so that leaving the
    number out does not silence the caution. Never raises for a document's faults."""
    from wasl.formats.read import read

    try:
        seller = read(document).invoice.seller
    except WaslError:
        return None
    if seller is None:
        return None
    named = _digits_and_letters(seller.vat_identifier or "")
    sealed = _digits_and_letters((organisation_id or "").removeprefix("VAT"))
    if not named or not sealed:
        return _other_name((seller.name, seller.trading_name), organisation)
    if named in {sealed, sealed[2:]}:
        return None
    return (
        f"Caution: the document names a seller with VAT number {named}, but the seal belongs to {organisation_id}.",
        f"تنبيه: تذكر الوثيقة بائعًا رقمه الضريبي {named}، أما الختم فيعود إلى {organisation_id}.",
    )


def _other_name(given: tuple[str | None, ...], sealed: str | None) -> tuple[str, str] | None:
    names = [name for name in given if name]
    if not names or not sealed or any(_same_name(name, sealed) for name in names):
        return None
    shown, sealer = _printable(names[0]), _printable(sealed)
    return (
        f"Caution: the document names the seller “{shown}”, but the seal belongs to “{sealer}”.",
        f"تنبيه: تذكر الوثيقة البائع «{shown}»، أما الختم فيعود إلى «{sealer}».",
    )


def _same_name(name: str, sealed: str) -> bool:
    """A certificate holds 64 characters; a longer name ends there in an ellipsis."""
    if sealed.endswith("…"):
        return _folded(name).startswith(_folded(sealed[:-1]))
    return _folded(name) == _folded(sealed)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _printable(name: str) -> str:
    return "".join(ch if ch.isprintable() else "\ufffd" for ch in name[:NAME_CHARS_MAX])


def _digits_and_letters(text: str) -> str:
    """What two spellings of a number share; also safe to print, whoever wrote it."""
    return "".join(ch for ch in text if ch.isascii() and ch.isalnum()).upper()[:NUMBER_CHARS_MAX]
