"""Photos from strangers: told by their bytes, made anew from their pixels, and nothing else of them kept."""

from __future__ import annotations

import dataclasses
import struct
import sys
import zlib
from io import BytesIO
from typing import Any

import pytest

HTML = b"<script>alert(1)</script>"


def taken(data: bytes) -> Any:
    from wasl.app.support.photos import photo

    return photo(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_its_place_and_its_camera(picture: Any, kind: str) -> None:
    from PIL import Image

    before = picture(kind)
    made = taken(before)

    after = Image.open(BytesIO(made.data))
    assert b"Secret Camera" in before and b"Secret Camera" not in made.data
    assert dict(after.getexif()) == {} and not {"exif", "xmp", "icc_profile", "comment"} & set(after.info)
    assert after.format == "JPEG" and made.media_type == "image/jpeg" and (made.width, made.height) == after.size


def test_a_photo_taken_upright_stays_upright(picture: Any) -> None:
    assert (lambda made: made.height > made.width)(taken(picture("JPEG", (640, 480)))), "orientation 6 is applied, then forgotten"


def test_a_large_photo_is_made_smaller(picture: Any) -> None:
    assert max((made := taken(picture("JPEG", (4000, 3000), exif=False))).width, made.height) == 2400


@pytest.mark.parametrize(
    "hide",
    [lambda d: d + HTML, lambda d: d + b"PK\x03\x04" + HTML, lambda d: d[:2] + b"\xff\xfe" + struct.pack(">H", len(HTML) + 2) + HTML + d[2:]],
    ids=["html", "zip", "comment"],
)
def test_t31_what_else_a_picture_was_is_gone(picture: Any, hide: Any) -> None:
    made = taken(hide(picture("JPEG", exif=False)))

    assert b"script" not in made.data and b"PK\x03\x04" not in made.data


@pytest.mark.parametrize("data", [
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', b"GIF89a" + HTML, b"%PDF-1.7\n" + HTML, b"\xff\xd8\xff" + HTML, b"\x89PNG\r\n\x1a\n" + HTML,
    b"RIFF\x00\x00\x00\x00WEBP" + HTML, b"", b"MZ" + bytes(100),
])  # fmt: skip
def test_t38_what_is_no_photo_is_refused(data: bytes) -> None:
    from wasl.app.support.errors import PhotoUnreadable

    with pytest.raises(PhotoUnreadable):
        taken(data)


def test_t95_a_picture_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    from wasl.app.support.errors import PhotoTooLarge

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + chunk(b"IEND", b"")

    with pytest.raises(PhotoTooLarge):
        taken(bomb)


def test_t95_a_text_chunk_that_unpacks_to_much_is_refused(picture: Any) -> None:
    from wasl.app.support.errors import PhotoUnreadable

    body = b"note\x00\x00" + zlib.compress(bytes(80_000_000), 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    data = picture("PNG", exif=False)

    with pytest.raises(PhotoUnreadable):
        taken(data[:33] + chunk + data[33:])


def test_a_file_of_too_many_octets_is_refused() -> None:
    from wasl.app.support.errors import PhotoTooLarge

    with pytest.raises(PhotoTooLarge):
        taken(b"\xff\xd8\xff" + bytes(11 * 1024 * 1024))


@pytest.mark.parametrize(("script", "error"), [("0", None), ("1", "PhotoInfected"), ("2", "ScannerAway")])
def test_a_configured_scanner_sees_every_file_and_never_fails_open(picture: Any, settings: Any, script: str, error: str | None) -> None:
    from wasl.errors import WaslError

    command = f"{sys.executable} -c 'import sys; sys.exit({script} if sys.stdin.buffer.read(3) == bytes([255, 216, 255]) else 9)'"
    settings.CONFIG = dataclasses.replace(settings.CONFIG, scan_command=command)
    if error is None:
        assert taken(picture()).is_scanned
        return
    with pytest.raises(WaslError) as refused:
        taken(picture())
    assert type(refused.value).__name__ == error
