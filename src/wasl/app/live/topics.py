"""What can be listened to. A topic names one organisation's thing (or one payer's inbox); whoever holds it may hear all of it.

Payers listen to `thread` and `invoice` too: what only the seller's people may know (notes, assignments) goes to `desk`.
"""

from __future__ import annotations

import re
from uuid import UUID

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TOPIC = re.compile(rf"(?:invoice|thread):{_UUID}:{_UUID}|(?:desk|inbox):{_UUID}")


def invoice(org_id: UUID, invoice_id: UUID) -> str:
    """Money and state of one invoice."""
    return f"invoice:{org_id}:{invoice_id}"


def thread(org_id: UUID, conversation_id: UUID) -> str:
    """One conversation, as both sides may see it."""
    return f"thread:{org_id}:{conversation_id}"


def desk(org_id: UUID) -> str:
    """Everything the seller's people should hear of."""
    return f"desk:{org_id}"


def inbox(payer_id: UUID) -> str:
    """One payer's inbox."""
    return f"inbox:{payer_id}"
