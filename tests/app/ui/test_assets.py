"""Assets: named by hash, kept for ever, a font that is a font."""

from __future__ import annotations

import gzip
import struct
import zlib
from typing import Any

from wasl.app.ui import assets, fonts


def test_an_asset_is_served_for_ever_under_its_hash(client: Any) -> None:
    response = client.get(assets.url("wasl.css"), HTTP_ACCEPT_ENCODING="gzip")

    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Encoding"] == "gzip"
    assert b"@font-face" in gzip.decompress(response.content)


def test_an_unknown_asset_is_not_found(client: Any) -> None:
    assert {client.get(f"/assets/{name}").status_code for name in ("wasl.css", "wasl.000000000000.css", "..%2fsettings.py", "x")} == {404}


def test_every_picture_a_sheet_names_is_there() -> None:
    assert b"asset:" not in assets.style_sheet()


def test_the_font_is_a_sound_woff_of_the_right_weight() -> None:
    """W3C WOFF 1.0: header, ordered directory, each table restored to its length and checksum."""
    for weight in fonts.WEIGHTS:
        data = fonts.woff(weight)
        signature, _flavour, length, count = struct.unpack(">4sLLH", data[:14])
        assert (signature, length) == (b"wOFF", len(data))
        entries = [struct.unpack(">4sLLLL", data[44 + 20 * i : 64 + 20 * i]) for i in range(count)]
        assert [tag for tag, *_ in entries] == sorted(tag for tag, *_ in entries)
        for tag, offset, packed, size, checksum in entries:
            table = data[offset : offset + packed]
            table = zlib.decompress(table) if packed < size else table
            assert len(table) == size
            if tag == b"OS/2":
                assert struct.unpack(">H", table[4:6])[0] == weight
            if tag != b"head":  # its own checksum field is counted as zero
                padded = table + bytes(-size % 4)
                assert sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF == checksum


def test_a_page_weighs_little() -> None:
    """A first visit on a phone: both fonts and the style sheet, packed."""
    fonts_bytes = sum(len(fonts.woff(weight)) for weight in fonts.WEIGHTS)
    css = assets.asset("wasl.css").gzipped or b""

    assert fonts_bytes < 205_000 and len(css) < 9_000
