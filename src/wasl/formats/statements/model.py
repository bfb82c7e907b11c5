"""A bank statement, whatever file it came in: its account, what it opened and closed with, and its lines in between.

Amounts are whole minor units of the account's currency; what came in is above zero, what went out below.
"""

from __future__ import annotations

from datetime import date

import msgspec


class Balance(msgspec.Struct, frozen=True):
    """What stood on the account: `amount` in minor units, at the end of `on` (None where the file does not say)."""

    amount: int
    on: date | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One movement. `identity` is the same each time this movement is read, from whatever export of the same kind."""

    place: int  # the how-many-eth movement of the file, from 1; lines split from one batch booking count one by one
    booked: date
    amount: int
    value: date | None = None
    name: str = ""  # who paid, or was paid
    account: str = ""  # theirs
    references: tuple[str, ...] = ()  # structured: creditor reference, end-to-end id, invoice number
    text: str = ""  # what they wrote, and what the bank added
    bank_reference: str = ""  # the bank's own number of it
    is_reversal: bool = False  # the bank takes an earlier movement back: below zero, money that had come; above, money that had gone
    identity: str = ""  # 32 hexadecimal digits


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when a statement begins."""

    account: str  # IBAN or the bank's own number, without spaces; "" where the file has none
    currency: str
    number: str = ""
    opening: Balance | None = None


class Foot(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when it ends. `closing` None: the file does not say, so nothing can be checked."""

    closing: Balance | None = None
    lines: int = 0
    total: int = 0  # of all lines
    is_checked: bool = False  # opening + lines = closing was worked out, and holds
    is_copy: bool = False  # the same statement stood in the file before: its lines were not given again


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A whole statement, for files that fit into memory."""

    account: str
    currency: str
    opening: Balance | None
    closing: Balance | None
    lines: tuple[Line, ...]
    number: str = ""
    is_checked: bool = False


Part = Head | Line | Foot
