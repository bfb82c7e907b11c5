"""Giving a credit note from the console: one call to the service that knows the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def give(request: Any, row: Any, amount: Decimal | None, reason: str, key: str) -> Any:
    """Issue a credit note on the whole invoice, or on `amount` of it (VAT included). Raises what the service refuses.

    `key` came with the form: the same form sent twice is one credit note.
    """
    from wasl.app.invoicing.credit import credit

    return credit(request.org, row, amount=amount, reason=reason, key=key, actor=request.actor)
