"""QR codes as vector drawings (zxing-cpp makes the modules, the drawing is ours)."""

from __future__ import annotations

import re
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


def qr(content: str | bytes, *, colour: str = "#12211f", quiet: int = QUIET_MODULES) -> str:
    """An SVG of `content` as a QR code, error correction M, one path, `quiet` empty modules on every side."""
    size = len(content.encode() if isinstance(content, str) else content)
    if size > CONTENT_BYTES_MAX:
        raise QrTooLong(size=size, limit=CONTENT_BYTES_MAX)
    barcode = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = barcode.to_image(scale=1, add_quiet_zones=False)
    side, width = image.shape
    dots = bytes(cast("Buffer", image))  # its stub does not say that it gives its buffer
    rows = (dots[y * width : (y + 1) * width] for y in range(side))
    runs = (f"M{dark.start()} {y}h{len(dark[0])}v1h-{len(dark[0])}z" for y, row in enumerate(rows) for dark in _DARK.finditer(row))
    edge = side + 2 * quiet
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {edge} {edge}" width="{edge}" height="{edge}" shape-rendering="crispEdges">'
        f'<g transform="translate({quiet} {quiet})"><path fill="{colour}" d="{"".join(runs)}"/></g></svg>'
    )
