"""Amounts in major units as JSON numbers, without a float anywhere."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from wasl.standins.gateways.cards import MINOR_UNITS, decimal_text
from wasl.standins.gateways.dialect import Exact


def minor(value: Any, currency: str) -> int | None:
    """A JSON number (or its text) in major units as minor units; None where it is no amount of that currency."""
    if isinstance(value, bool) or not isinstance(value, (int, Exact)) or not re.fullmatch(r"[0-9]{1,13}(\.[0-9]+)?", str(value)):
        return None
    shifted = Decimal(str(value)).scaleb(MINOR_UNITS[currency])
    return int(shifted) if shifted == int(shifted) and shifted > 0 else None


def major(amount: int, currency: str) -> str:
    """11500 SAR -> `115.00`, to be written bare into JSON by `dumps`."""
    return f"\0{decimal_text(amount, currency, '')}\0"


def dumps(value: Any) -> str:
    """Compact JSON in which what `major` made stands as a number."""
    return re.sub(r'"\\u0000(-?[0-9.]+)\\u0000"', r"\1", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
