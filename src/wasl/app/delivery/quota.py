"""How much mail a new seller may send (T98): an installation's good name must not be spent by whoever signed up this morning.

What is over the day's share is not lost: it waits for the next days' shares. What would wait for longer than a week is refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wasl.app import clock
from wasl.app.delivery.errors import MailQuota
from wasl.app.sql import run

NEW_DAYS = 30
DAY_MAILS_MAX = 300  # of a new seller: more than most small businesses send in a month
WAIT_DAYS_MAX = 7

_SINCE = "SELECT created_at FROM tenancy_organisation WHERE id = %s"
_BOOKED = "SELECT count(*) FROM delivery_delivery WHERE organisation_id = %s AND queued_at > %s"


class Share:
    """One seller's share, asked once for any number of mails that are queued in one breath."""

    def __init__(self, org: Any) -> None:
        org_id: UUID = getattr(org, "pk", org)
        self.now = clock.now()
        self.is_new = self.now - run(_SINCE, (org_id,))[0][0] < timedelta(days=NEW_DAYS)
        # of a new seller there are never many
        self.booked = run(_BOOKED, (org_id, self.now - timedelta(days=1)))[0][0] if self.is_new else 0

    def take(self) -> datetime:
        """When one more mail may leave: the first DAY_MAILS_MAX of 24 hours at once, the next ones a day later. Raises MailQuota."""
        if not self.is_new:
            return self.now
        days = self.booked // DAY_MAILS_MAX
        if days > WAIT_DAYS_MAX:
            raise MailQuota(count=DAY_MAILS_MAX)
        self.booked += 1
        return self.now + timedelta(days=days)
