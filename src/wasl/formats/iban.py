"""Account numbers found in running text: ISO 13616, by the length that each country has and the check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

# The IBAN registry: country and number of characters, check digits included.
_REGISTRY = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27
GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22
MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28
TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
_LENGTHS = {each[:2]: int(each[2:]) for each in _REGISTRY.split()}
_START = re.compile(r"(?=([A-Z]{2})[ \u00a0\u202f]?[0-9][ \u00a0\u202f]?[0-9])")
_SPACES = " \u00a0\u202f"
_SPACES_MAX = 2  # between two characters: printed groups, and the seam of two strings


def ibans(text: str) -> Iterator[tuple[str, int, int]]:
    """(account without spaces, start, end) of every IBAN in `text`, spaces between its groups allowed."""
    for match in _START.finditer(text):
        length = _LENGTHS.get(match[1])
        found = _take(text, match.start(), length) if length else None
        if found is not None and is_iban(found[0]):
            yield found[0], match.start(), found[1]


def is_iban(text: str) -> bool:
    """Whether the country, the length and the check digits are right: the remainder by 97 is 1."""
    if _LENGTHS.get(text[:2]) != len(text) or not text.isascii() or not text.isalnum() or not text[2:4].isdigit():
        return False
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 == 1


def _take(text: str, start: int, length: int) -> tuple[str, int] | None:
    """`length` letters and digits from `start`, spaces between them left out, and where they end."""
    taken: list[str] = []
    spaces = 0
    for at in range(start, len(text)):
        each = text[at]
        if each in _SPACES and spaces < _SPACES_MAX:
            spaces += 1
            continue
        if not ("A" <= each <= "Z" or "0" <= each <= "9"):
            return None
        spaces = 0
        taken.append(each)
        if len(taken) == length:
            return "".join(taken), at + 1
    return None
