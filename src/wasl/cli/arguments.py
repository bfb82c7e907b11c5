"""Types of command line arguments that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds, in ASCII digits."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {low} to {high}")
        return int(text)

    return parse
