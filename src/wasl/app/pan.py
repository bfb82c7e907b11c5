"""Card numbers where none belong: whatever a person types into a note, a question or a chat is kept without them (T82).

A number counts as a card's when its length, its first digits and its Luhn digit fit, whatever stands between its digits and
in whichever script they are written. An IBAN is left alone: it is meant to be read.
"""

from __future__ import annotations

import re
import unicodedata

DIGITS_LEAST, DIGITS_MOST = 13, 19
MASK = "••••"
_BETWEEN = r"[\s.\-_/\u00ad\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff·•,،]{0,3}"
_RUN = re.compile(rf"\d(?:{_BETWEEN}\d){{{DIGITS_LEAST - 1},}}")
_GROUP = re.compile(r"\d+")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")
# What card schemes use, by length: mada is among 4, 5, 6 and 968
_SCHEMES = {
    13: r"4",
    14: r"3(?:0[0-5]|[689])",
    15: r"3[47]",
    16: r"4|5|6|35|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|968",
    17: r"5[06-9]|6",
    18: r"5[06-9]|6",
    19: r"4|5[06-9]|6",
}
_FIRST = frozenset("234569")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # what a doubled digit adds up to
_FITS = {length: re.compile(pattern) for length, pattern in _SCHEMES.items()}


def masked(text: str, mask: str = MASK) -> str:
    """`text` with every card number replaced by `mask` and its last four digits; the same text where there is none."""
    if not _RUN.search(text):
        return text
    kept = [match.span() for match in _IBAN.finditer(text) if _is_iban(match.group())]
    out, at = "", 0
    for run in _RUN.finditer(text):
        if any(start < run.end() and run.start() < end for start, end in kept):
            continue
        for start, end in _cards(text, run.start(), run.end()):
            digits = "".join(_ascii(match.group()) for match in _GROUP.finditer(text, start, end))
            shown = f"{mask} {digits[-4:]}"
            out += text[at:start] + (f"\u2066{shown}\u2069" if mask == MASK else shown)  # read from left to right, also inside Arabic
            at = end
    return out + text[at:]


def holds_card(text: str) -> bool:
    """Whether a card number stands in `text`."""
    return masked(text) != text


def _cards(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The places of card numbers in one run of digits: whole groups of digits that together are one. The longest wins."""
    groups = [(*match.span(), _ascii(match.group())) for match in _GROUP.finditer(text, start, end)]
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(groups):
        digits, last_good = "", -1
        if groups[first][2][0] in _FIRST:
            for last in range(first, len(groups)):
                digits += groups[last][2]
                if len(digits) > DIGITS_MOST:
                    break
                if len(digits) >= DIGITS_LEAST and _is_card(digits):
                    last_good = last
        if last_good >= 0:
            found.append((groups[first][0], groups[last_good][1]))
            first = last_good
        first += 1
    return found


def _ascii(text: str) -> str:
    return text if text.isascii() else "".join(str(unicodedata.decimal(c)) for c in text)


def _is_card(digits: str) -> bool:
    if not _FITS[len(digits)].match(digits) or len(set(digits)) == 1:
        return False
    return (sum(map(int, digits[-1::-2])) + sum(_DOUBLED[int(c)] for c in digits[-2::-2])) % 10 == 0


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "")
    turned = compact[4:] + compact[:4]
    return 15 <= len(compact) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1
