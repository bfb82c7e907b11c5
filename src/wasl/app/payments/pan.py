"""No card number is kept here: `masked(text)` for every text that a person may type one into (T82).

Called where texts are stored: conversations (`support.conversations.store`), the composer's notes, reasons of refunds, and
every line of the log. A new text that people write in calls it too; `tests/app/payments/test_no_card_data.py` names them.
"""

from __future__ import annotations

from wasl.app.pan import holds_card, masked

__all__ = ["holds_card", "masked"]
