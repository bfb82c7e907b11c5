"""The structured reference of an invoice (ISO 11649): its number without signs where that is plain and nobody else's, so that a
person recognises it; else a short digest of its series and its counter. Either leads back to this one invoice.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from wasl.app.payments.matching.numbers import stripped
from wasl.app.sql import run
from wasl.invoice.creditor_reference import BODY_CHARS_MAX, make

DIGEST_CHARS = 6  # of a series, 30 bits: an organisation has a handful
_PLAIN = re.compile(rf"[A-Z0-9]{{4,{BODY_CHARS_MAX}}}\Z")
_OTHERS = """
SELECT 1 FROM invoicing_invoice WHERE organisation_id = %s AND kind = 'invoice' AND translate(upper(number), '-/.', '') = %s AND id <> %s LIMIT 1
"""


def reference_of(invoice: Any) -> str:
    """"RF18INV2026004217" for an issued row."""
    plain = stripped(invoice.number)
    if _PLAIN.match(plain) and not run(_OTHERS, (invoice.organisation_id, plain, invoice.pk)):
        return make(plain)
    return make(f"{series_code(invoice.series_id)}{invoice.counter}")


def series_code(series_id: Any) -> str:
    """Six letters and digits that stand for a series: Z first, so that no number of ours is taken for one."""
    digest = base64.b32encode(hashlib.sha256(series_id.bytes).digest()).decode()
    return f"Z{digest[: DIGEST_CHARS - 1]}"
