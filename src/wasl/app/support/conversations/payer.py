"""The payer's side of an act: by whose address, through which link. The page that asks has checked both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody who reads an invoice by a link of their own, or signed in. `email` is proven by one of both.

    Not `is_proven`: somebody who wrote to a conversation's address from another one; `email` is "" then, and what they say
    opens no dispute again and counts for nobody's having read.
    """

    email: str
    channel: str = "portal"
    is_proven: bool = True
