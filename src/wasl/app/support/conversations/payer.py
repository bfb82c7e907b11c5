"""The payer's side of an act: by whose address, through which link. The page that asks has checked both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody who reads an invoice by a link of their own, or signed in. `email` is proven by one of both."""

    email: str
    channel: str = "portal"
