"""The seller's colour, kept readable: white text stands on it and it stands on white."""

from __future__ import annotations

import re

from wasl.errors import WaslError

CONTRAST_MIN = 4.5  # WCAG 2.2, 1.4.3
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class ColourRefused(WaslError):
    """A colour in another notation than #rrggbb."""

    code = "WASL-RENDER-05"
    en = "{colour} is not a colour. Write it as #rrggbb, for example #0b4f4a."
    ar = "اللون {colour} غير مفهوم. اكتبه هكذا: #rrggbb، مثل #0b4f4a."
    exit_code = 2


def readable(colour: str) -> str:
    """`colour`, darkened in steps until its contrast with white is at least 4.5."""
    if not _HEX.fullmatch(colour):
        raise ColourRefused(colour=colour[:20])
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    while 1.05 / (_luminance(channels) + 0.05) < CONTRAST_MIN:
        channels = [c * 9 // 10 for c in channels]
    return "#" + "".join(f"{c:02x}" for c in channels)


def _luminance(channels: list[int]) -> float:
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
