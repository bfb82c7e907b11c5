"""Tag-length-value bytes for tax QR codes: one byte of tag, one byte of length, the value in UTF-8.

The length is one byte in every regime that uses this form (Saudi e-invoicing: tags 1-5 in phase one), so a value over
255 bytes cannot be written; it is refused with the count, never cut, for a cut seller name is another seller's name.
"""

from __future__ import annotations

from collections.abc import Mapping

from wasl.errors import Words
from wasl.seal.errors import TagInvalid, TagTooLong

VALUE_BYTES_MAX = 255


def encode(tags: Mapping[int, str | bytes]) -> bytes:
    """The fields in the order given, which must rise."""
    out = bytearray()
    last = 0
    for tag, value in tags.items():
        if not last < tag <= 255:
            raise TagInvalid(reason=Words(f"tag {tag} after {last}", f"الحقل {tag} بعد الحقل {last}"))
        last = tag
        data = value.encode() if isinstance(value, str) else value
        if len(data) > VALUE_BYTES_MAX:
            raise TagTooLong(tag=tag, length=len(data), limit=VALUE_BYTES_MAX)
        out += bytes((tag, len(data)))
        out += data
    return bytes(out)


def decode(data: bytes) -> dict[int, bytes]:
    """The fields of a code; TagInvalid if it is cut, repeated or out of order."""
    tags: dict[int, bytes] = {}
    at, last = 0, 0
    while at < len(data):
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            raise TagInvalid(reason=Words(f"cut at byte {at}", f"مقطوع عند البايت {at}"))
        tag, length = data[at], data[at + 1]
        if tag <= last:
            raise TagInvalid(reason=Words(f"tag {tag} after {last}", f"الحقل {tag} بعد الحقل {last}"))
        tags[tag] = data[at + 2 : at + 2 + length]
        at, last = at + 2 + length, tag
    return tags
