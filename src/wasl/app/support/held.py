"""What an open objection holds up elsewhere: an invoice that somebody objects to is not paid by itself."""

from __future__ import annotations

from typing import Any

from wasl.app.sql import run

_DISPUTED = """
SELECT 1 FROM support_conversation WHERE organisation_id = %s AND invoice_id = %s AND kind = 'dispute' AND state IN ('open', 'answered') LIMIT 1
"""


def is_disputed(invoice: Any) -> bool:
    """Whether an objection to an issued row is neither settled nor taken back."""
    return bool(run(_DISPUTED, (invoice.organisation_id, invoice.pk)))
