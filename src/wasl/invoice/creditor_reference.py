"""Structured creditor references, ISO 11649: "RF", two check digits by modulo 97, and up to 21 letters and digits.

A bank checks it while it is typed, so a slip of the finger is found before the money leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wasl.invoice.numerals import ascii_digits

BODY_CHARS_MAX = 21
_BODY = re.compile(r"[A-Z0-9]{1,21}\Z")
_START = re.compile(r"RF[ \-.]?([0-9])[ \-.]?([0-9])")
_BETWEEN = " -./"


def make(body: str) -> str:
    """The reference of `body`: make("539007547034") is "RF18539007547034". Raises ValueError for anything but 1 to 21 of A-Z and 0-9."""
    if not _BODY.match(body):
        raise ValueError("a creditor reference holds 1 to 21 capital letters and digits")
    return f"RF{98 - _remainder(body + 'RF00'):02d}{body}"


def is_valid(text: str) -> bool:
    """Whether a reference without spaces has the right form and check digits."""
    return text.startswith("RF") and text[2:4].isdecimal() and text.isascii() and bool(_BODY.match(text[4:])) and _remainder(text[4:] + text[:4]) == 1


def grouped(reference: str) -> str:
    """In fours, as ISO 11649 prints it: RF18 5390 0754 7034."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def bodies(text: str) -> Iterator[str]:
    """What stands behind "RF" and its check digits in running text, however it was grouped; only where they are right.

    Where text follows without a sign between, each length whose check digits fit is given, the longest first.
    """
    upper = ascii_digits(text).upper()
    for match in _START.finditer(upper):
        check, taken = match[1] + match[2], list[str]()
        for letter in upper[match.end() : match.end() + 2 * BODY_CHARS_MAX + 4]:
            if letter in _BETWEEN:
                continue
            if not ("A" <= letter <= "Z" or "0" <= letter <= "9") or len(taken) == BODY_CHARS_MAX:
                break
            taken.append(letter)
        for length in range(len(taken), 0, -1):
            body = "".join(taken[:length])
            if is_valid(f"RF{check}{body}"):
                yield body


def _remainder(text: str) -> int:
    return int("".join(str(int(each, 36)) for each in text)) % 97
