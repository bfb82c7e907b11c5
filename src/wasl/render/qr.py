"""QR codes as vector drawings and as small pictures (zxing-cpp makes the modules, the drawing is ours)."""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING, cast

import zxingcpp

from wasl.errors import WaslError

if TYPE_CHECKING:
    from typing_extensions import Buffer

CONTENT_BYTES_MAX = 1_500  # version 32 or so: denser modules fall below 0.25 mm at the printed size
QUIET_MODULES = 4  # ISO/IEC 18004, 5.3.8

_DARK = re.compile(rb"\x00+")  # a row's dark modules


class QrTooLong(WaslError):
    """More text than a printed QR code can carry."""

    code = "WASL-RENDER-04"
    en = "The QR code would hold {size} bytes; at most {limit} can be scanned from paper. Shorten the names or the link."
    ar = "رمز الاستجابة السريعة سيحمل {size} بايت، ولا يُقرأ من الورق أكثر من {limit}. اختصر الأسماء أو الرابط."


def qr_png(content: str | bytes, *, scale: int = 4, quiet: int = QUIET_MODULES) -> bytes:
    """The same as a small PNG, black on white whatever stands around it, for mail programs, which draw no SVG."""
    rows = _modules(content)
    side = (len(rows) + 2 * quiet) * scale
    white = bytes([255]) * ((side + 7) // 8)
    lines = [white] * (quiet * scale)
    for row in rows:
        bits = "1" * (quiet * scale) + "".join(("0" if dark == 0 else "1") * scale for dark in row) + "1" * (quiet * scale)
        bits += "1" * (-len(bits) % 8)
        lines += [int(bits, 2).to_bytes(len(bits) // 8)] * scale
    lines += [white] * (quiet * scale)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)  # one bit a pixel, grey, no interlace: PNG (ISO 15948), 11.2.2
    data = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _modules(content: str | bytes) -> list[bytes]:
    """A row of bytes for each row of modules, 0 where it is dark. Raises QrTooLong."""
    size = len(content.encode() if isinstance(content, str) else content)
    if size > CONTENT_BYTES_MAX:
        raise QrTooLong(size=size, limit=CONTENT_BYTES_MAX)
    image = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=1, add_quiet_zones=False)
    side, width = image.shape
    dots = bytes(cast("Buffer", image))  # its stub does not say that it gives its buffer
    return [dots[y * width : (y + 1) * width] for y in range(side)]


def qr(content: str | bytes, *, colour: str = "#12211f", quiet: int = QUIET_MODULES) -> str:
    """An SVG of `content` as a QR code, error correction M, one path, `quiet` empty modules on every side."""
    rows = _modules(content)
    runs = (f"M{dark.start()} {y}h{len(dark[0])}v1h-{len(dark[0])}z" for y, row in enumerate(rows) for dark in _DARK.finditer(row))
    edge = len(rows) + 2 * quiet
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {edge} {edge}" width="{edge}" height="{edge}" shape-rendering="crispEdges">'
        f'<g transform="translate({quiet} {quiet})"><path fill="{colour}" d="{"".join(runs)}"/></g></svg>'
    )
