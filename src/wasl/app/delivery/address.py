"""Addresses, names and file names that go into mail: checked before they come near a header or an SMTP command (T40-T45)."""

from __future__ import annotations

import re
import unicodedata
from email.header import Header
from email.utils import quote

from wasl.app.delivery.errors import BadAddress, ControlInHeader

ADDRESS_CHARS_MAX = 254  # RFC 5321, 4.5.3.1.3
LOCAL_CHARS_MAX = 64
NAME_CHARS_MAX = 120
FILENAME_CHARS_MAX = 100
FOLD_CHARS = 76  # RFC 2047, 2: a line with encoded words
# The dot-atom of RFC 5322; quoted local parts are legal and unused, and the door to injected commands
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.IGNORECASE)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # names that some systems cannot save


def checked_address(text: str) -> str:
    """`text` as an ASCII address, its domain in IDNA; raises BadAddress."""
    address = text.strip()
    local, at, domain = address.rpartition("@")
    if not at or len(address) > ADDRESS_CHARS_MAX or len(local) > LOCAL_CHARS_MAX or not _LOCAL.fullmatch(local):
        raise BadAddress(address=_shown(text))
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadAddress(address=_shown(text)) from None
    if not all(_LABEL.fullmatch(label) for label in ascii_domain.split(".")):
        raise BadAddress(address=_shown(text))
    return f"{local}@{ascii_domain}"


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)[:80]


def has_control(text: str) -> bool:
    """True for C0, C1, DEL, line and paragraph separators: everything a header could be split or hidden with."""
    return any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") for c in text)


def header_text(text: str, field: str) -> str:
    """A text for a header; refused, not cleaned, so that nobody sends what they did not write (T40)."""
    if has_control(text):
        raise ControlInHeader(field=field)
    return text


def encoded(text: str, first_column: int) -> str:
    """Unstructured text for a header (RFC 2047), folded; `first_column` is what the field's name takes of the first line.

    `email.message` loses the space where two encoded words meet, so the older `Header` writes them.
    """
    if text.isascii() and "=?" not in text and len(text) < FOLD_CHARS - first_column:
        return text
    return Header(text, "utf-8", maxlinelen=FOLD_CHARS, header_name="x" * first_column).encode(linesep="\r\n")


def mailbox(name: str, address: str, field: str) -> str:
    """A display name with its address, ready for a header. What means something to a header ends up quoted or encoded (T41);
    invisible marks that could turn a name around are left out."""
    shown = "".join(c for c in header_text(name, field) if unicodedata.category(c) != "Cf")[:NAME_CHARS_MAX].strip()
    checked = checked_address(address)
    if not shown:
        return checked
    if shown.isascii() and "=?" not in shown:  # what looks like an encoded word would be decoded by the far side
        return f'"{quote(shown)}"\r\n <{checked}>'
    return f"{encoded(shown, 10)}\r\n <{checked}>"


def safe_filename(stem: str, extension: str) -> str:
    """A name that any system can save and that looks like what it is: no path, no control or bidi character (T42)."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in unicodedata.normalize("NFC", stem))
    kept = re.sub(r"\.{2,}", ".", re.sub(r"-{2,}", "-", kept)).strip("-.")[:FILENAME_CHARS_MAX]
    if not kept or _RESERVED.match(kept):
        kept = f"invoice-{kept}".rstrip("-")
    return f"{kept}.{extension}"
