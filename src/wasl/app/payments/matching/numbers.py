"""Invoice numbers in what people write into a transfer: with or without dashes, in Arabic digits, zeros left out, cut by a line end.

Every series says what its numbers look like, so only what can be a number of this seller is taken for one. A number that stands
there whole is told from one that may have been cut, or that is there only once gaps are closed: money is booked by itself on the first alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wasl.invoice.creditor_reference import bodies
from wasl.invoice.numerals import ascii_digits

TEXT_CHARS_MAX = 3_000
FOUND_MAX = 20
CUT = "~"  # before a number that may be a piece of another one
PADDED_MIN = 4  # a series with fewer zeros soon outgrows them, so its numbers end anywhere
PLAIN_DIGITS_MIN = 5  # a number of digits alone that is shorter stands in too many texts
_PIECE = re.compile(r"\{YYYY\}|\{YY\}|\{0{1,12}\}|[A-Za-z0-9]+")
_SIGN = r"[\s\-/._#:\\]{0,3}"
_DIGIT_AFTER_GAP = re.compile(r"\s+[0-9]")
_DIGIT_BEFORE_GAP = re.compile(r"[0-9]\s+\Z")
_DROPPED = re.compile("[\u0640\u064b-\u065f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_SIGNS = str.maketrans("", "", "-/.")


def stripped(number: str) -> str:
    """A number of ours without its signs, as the index of invoices holds it (migration 0001)."""
    return number.upper().translate(_SIGNS)


@dataclass(frozen=True)
class Shape:
    """One pattern of a series: how its numbers are found, and what each found piece is."""

    found: re.Pattern[str]
    pieces: tuple[str, ...]

    def is_whole(self, match: re.Match[str], text: str) -> bool:
        """Whether no digits beyond a gap can belong to it: it has the digits that its pattern asks for, or there are none."""
        ends = _is_short(self.pieces[-1], match.groups()[-1]) and _DIGIT_AFTER_GAP.match(text, match.end())
        starts = _is_short(self.pieces[0], match.groups()[0]) and _DIGIT_BEFORE_GAP.search(text[: match.start()])
        return not ends and not starts

    def number(self, match: re.Match[str]) -> str:
        """The number without signs, its zeros put back."""
        values = iter(match.groups())
        return "".join(next(values).zfill(len(piece) - 2) if piece.startswith("{") else piece for piece in self.pieces)


def shapes(patterns: Iterable[str]) -> tuple[Shape, ...]:
    """One for each different pattern such as INV-{YYYY}-{000000}."""
    return tuple(_shape(pattern) for pattern in dict.fromkeys(patterns))


def _shape(pattern: str) -> Shape:
    pieces = tuple(each if each.startswith("{") else each.upper() for each in _PIECE.findall(pattern))
    parts = [_group(each) if each.startswith("{") else re.escape(each) for each in pieces]
    return Shape(re.compile(rf"(?<![A-Z0-9]){_SIGN.join(parts)}(?![0-9])"), pieces)


def _group(piece: str) -> str:
    return {"{YYYY}": "([0-9]{4})", "{YY}": "([0-9]{2})"}.get(piece, "([0-9]{1,12})")


def _is_short(piece: str, digits: str) -> bool:
    """Whether more digits could have belonged to this piece of a pattern; a year has all of its own."""
    return piece.startswith("{0") and len(digits) < max(len(piece) - 2, PADDED_MIN)


def numbers_in(texts: Iterable[str], known: tuple[Shape, ...]) -> list[str]:
    """The numbers that the texts of one movement may name, structured references first; none twice. `CUT` stands before what is not sure."""
    found: dict[str, bool] = {}  # whether it stands there whole
    whole = " ".join(texts)[:TEXT_CHARS_MAX]
    for body in bodies(whole):
        found[body] = True  # its check digits say so, however it was grouped
    plain = _DROPPED.sub("", ascii_digits(whole)).upper()
    joined = "".join(plain.split())  # a bank breaks its lines where it likes
    for shape in known:
        for text in (plain, joined):
            for match in shape.found.finditer(text):
                number = shape.number(match)
                if len(number) >= PLAIN_DIGITS_MIN or not number.isdecimal():
                    found[number] = found.get(number, False) or (text is plain and shape.is_whole(match, plain))
    is_too_many = len(found) > FOUND_MAX  # what is left out could have told against the rest
    return [number if is_whole and not is_too_many else CUT + number for number, is_whole in found.items()][:FOUND_MAX]
