"""Test cards, money of each currency, and how a number is read: the same on every gateway's page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

# ISO 4217 minor units of the currencies that the gateways handle.
MINOR_UNITS = {
    **dict.fromkeys(("SAR", "AED", "QAR", "EGP", "USD", "EUR", "GBP", "MAD", "HKD", "INR", "PKR", "IDR", "CHF"), 2),
    **dict.fromkeys(("JOD", "KWD", "BHD", "OMR", "TND", "IQD"), 3),
    "JPY": 0,
}
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
CODE = "123456"

PAYS, CHALLENGE, SLOW = "4111111111111111", "4000000000003220", "4000000000000119"
# What a card does. `ok` pays · `challenge` asks for a code first · `slow` pays later · everything else is why it does not pay.
OUTCOMES = {
    PAYS: "ok",
    "4242424242424242": "ok",
    "5555555555554444": "ok",
    "4012000033330026": "ok",
    "5588480000000003": "ok",
    "4201320111111010": "ok",
    "8888880000000001": "ok",
    "4000000000000341": "ok",
    "4000000000000259": "ok",
    "4464040000000007": "challenge",
    "5123450000000008": "challenge",
    "4508750015741019": "challenge",
    CHALLENGE: "challenge",
    "4000002500003155": "challenge",
    "4000002760003184": "challenge",
    "4000000000000002": "declined",
    "4201321234411220": "declined",
    "4201320131000508": "lost_card",
    "4201321144311528": "stolen_card",
    "4000000000009995": "no_funds",
    "4201320000311101": "no_funds",
    "4000000000000069": "expired_card",
    "4201322267774310": "expired_card",
    "4000000000000127": "wrong_cvc",
    "4000000000000408": "timeout",
    "4201320000013020": "other",
    SLOW: "slow",
}
LATER_DECLINED, ALWAYS_ASKS, DISPUTED = "4000000000000341", "4000002760003184", "4000000000000259"
MADA = ("420132", "446404", "558848", "440647", "588845")
KNET = ("888888",)


@dataclass(frozen=True)
class Card:
    """A number as a gateway speaks of it; the number itself goes no further than this."""

    family: str  # card, mada, knet
    brand: str  # visa, mastercard, mada, knet
    first6: str
    last4: str
    behaviour: str  # what a token of it does later: "", declined, authentication


def read_card(number: str) -> Card:
    brand = "mastercard" if number[0] == "5" else "visa"
    family = "mada" if number.startswith(MADA) else "knet" if number.startswith(KNET) else "card"
    later = {LATER_DECLINED: "declined", ALWAYS_ASKS: "authentication"}.get(number, "")
    return Card(family, brand if family == "card" else family, number[:6], number[-4:], later)


def luhn(number: str) -> bool:
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def problem(form: dict[str, str], now: datetime) -> str | None:
    """The first thing wrong with a card form; Arabic and Persian digits were made ASCII before."""
    if not re.fullmatch(r"[0-9]{13,19}", form["card"]) or not (luhn(form["card"]) or form["card"].startswith(KNET)):
        return "card"
    match = re.fullmatch(r"(0?[1-9]|1[0-2])/(\d\d)", form["expiry"])
    if match is None or (2000 + int(match[2]), int(match[1])) < (now.year, now.month):
        return "expiry"
    return None if re.fullmatch(r"[0-9]{3,4}", form["cvc"]) else "cvc"


def decimal_text(amount: int, currency: str, group: str = ",") -> str:
    """1234567 SAR (2 minor units) -> `12,345.67`: integers only."""
    units = MINOR_UNITS[currency]
    whole, rest = divmod(abs(amount), 10**units)
    text = f"{whole:,}".replace(",", group)
    return ("-" if amount < 0 else "") + (f"{text}.{rest:0{units}}" if units else text)
