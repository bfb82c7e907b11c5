"""Photos that people send: what they are is told by their bytes, and what is kept is a new picture made from their pixels.

So no position, camera name or thumbnail (EXIF, XMP, IPTC) travels on, and whatever else a file also was, an HTML page, a
ZIP, a script, is gone. Only JPEG, PNG and WebP are opened: SVG is a program, and an iPhone turns its HEIC into JPEG when a
page asks for JPEG.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

from wasl.app.support.errors import PhotoTooLarge, PhotoUnreadable
from wasl.app.support.scan import scanned

OCTETS_MAX = 10 * 1024 * 1024  # a photo of any telephone
PIXELS_MAX = 50_000_000  # a JPEG of 50 megapixels is opened at a half or quarter of its size
PIXELS_MAX_WHOLE = 25_000_000  # PNG and WebP are unpacked whole: 100 MB at four octets a pixel
SIDE_MAX = 2400  # pixels: the print on a delivery note can be read
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
_SIGNATURES = ((b"\xff\xd8\xff", 0), (b"\x89PNG\r\n\x1a\n", 0), (b"WEBP", 8))
_opening = threading.BoundedSemaphore(2)  # pictures unpacked at a time in one process: memory stays bounded


@dataclass(frozen=True, slots=True)
class Photo:
    """A file as it is kept: a picture of ours (JPEG, upright, at most SIDE_MAX pixels wide or high), or one of support/files.py."""

    data: bytes
    width: int
    height: int
    is_scanned: bool
    media_type: str = "image/jpeg"
    name: str = ""  # as its sender called it, made safe


def photo(file: IO[bytes]) -> Photo:
    """Make a clean photo from an uploaded file. Raises PhotoTooLarge, PhotoUnreadable, PhotoInfected, ScannerAway."""
    data = file.read(OCTETS_MAX + 1)
    if len(data) > OCTETS_MAX:
        raise _too_large()
    if not is_picture(data):
        raise PhotoUnreadable
    is_scanned = scanned(data)
    with _opening:
        return _remade(data, is_scanned)


def is_picture(data: bytes) -> bool:
    """Whether it begins like a picture that we open."""
    return any(data[at : at + len(mark)] == mark for mark, at in _SIGNATURES)


def _too_large() -> PhotoTooLarge:
    return PhotoTooLarge(megabytes=OCTETS_MAX // 1024 // 1024, megapixels=PIXELS_MAX_WHOLE // 1_000_000)


def _remade(data: bytes, is_scanned: bool) -> Photo:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > (PIXELS_MAX if image.format == "JPEG" else PIXELS_MAX_WHOLE):
                raise Image.DecompressionBombError
            image.draft("RGB", (SIDE_MAX, SIDE_MAX))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((SIDE_MAX, SIDE_MAX))
            flat = _on_white(upright)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:  # noqa: BLE001 - whatever a decoder trips over in a stranger's bytes, it is no picture to us
        raise PhotoUnreadable from None
    out = BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Photo(out.getvalue(), flat.width, flat.height, is_scanned)


def _on_white(image: Image.Image) -> Image.Image:
    """RGB without transparency and without anything that Pillow would write beside the pixels."""
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
        return flat
    flat = Image.new("RGB", image.size)
    flat.paste(image.convert("RGB"))
    return flat
