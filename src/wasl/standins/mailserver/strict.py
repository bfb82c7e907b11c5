"""What RFC 5321 and RFC 5322 demand of a message; each refusal names its rule, as a strict next hop does."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.utils import getaddresses, parsedate_to_datetime

LINE_BYTES_MAX = 998  # RFC 5322, 2.1.1: without the CRLF
ONCE_ONLY = ("From", "Date", "Message-ID", "To", "Subject", "Reply-To", "Sender", "In-Reply-To", "References")
ID = re.compile(r"^<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>$")
HEADER = re.compile(rb"^[\x21-\x39\x3b-\x7e]+:")


def refusal(data: bytes, *, smtputf8: bool) -> str | None:
    """The SMTP reply that refuses `data`, or None if it is well formed."""
    without_crlf = data.replace(b"\r\n", b"")
    if b"\n" in without_crlf or b"\r" in without_crlf:
        return "550 5.6.0 bare CR or LF (RFC 5321, 2.3.8)"
    if b"\0" in data:
        return "550 5.6.0 NUL in the message (RFC 5322, 4)"
    lines = data.split(b"\r\n")
    if any(len(line) > LINE_BYTES_MAX for line in lines):
        return "550 5.6.0 line longer than 998 octets (RFC 5322, 2.1.1)"
    header, separator, _ = data.partition(b"\r\n\r\n")
    if not separator:
        return "550 5.6.0 no empty line after the header (RFC 5322, 2.1)"
    return _header_lines(header, smtputf8) or _header_fields(header)


def _header_lines(header: bytes, smtputf8: bool) -> str | None:
    for number, line in enumerate(header.split(b"\r\n")):
        if not smtputf8 and not line.isascii():
            return "550 5.6.7 non-ASCII header without SMTPUTF8 (RFC 6532)"
        folded = line[:1] in (b" ", b"\t")
        if folded and (number == 0 or not line.strip()):
            return "550 5.6.0 bad folding (RFC 5322, 2.2.3)"
        if not folded and not HEADER.match(line):
            return "550 5.6.0 not a header field (RFC 5322, 2.2)"
    return None


def _header_fields(header: bytes) -> str | None:
    message = message_from_bytes(header + b"\r\n\r\n", policy=policy.compat32)
    for name in ("From", "Date", "Message-ID"):
        if name not in message:
            return f"550 5.6.0 {name} is missing (RFC 5322, 3.6)"
    for name in ONCE_ONLY:
        if len(message.get_all(name, [])) > 1:
            return f"550 5.6.0 {name} stands more than once (RFC 5322, 3.6)"
    if not ID.match(str(message["Message-ID"]).strip()):
        return "550 5.6.0 malformed Message-ID (RFC 5322, 3.6.4)"
    try:
        parsedate_to_datetime(str(message["Date"]))
    except (ValueError, TypeError):
        return "550 5.6.0 malformed Date (RFC 5322, 3.3)"
    if len(getaddresses([str(message["From"])])) != 1:
        return "550 5.6.0 one From address only (RFC 5322, 3.6.2)"
    return None
