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


def earliest(org: Any, ahead: int = 0) -> datetime:
    """When one more mail of the seller may leave, `ahead` others being queued in the same breath; raises MailQuota.

    The first DAY_MAILS_MAX of the last 24 hours leave at once, the next ones a day later, and so on.
    """
    org_id: UUID = getattr(org, "pk", org)
    now = clock.now()
    if now - run(_SINCE, (org_id,))[0][0] >= timedelta(days=NEW_DAYS):
        return now
    booked = run(_BOOKED, (org_id, now - timedelta(days=1)))[0][0]  # of a new seller there are never many
    days = (booked + ahead) // DAY_MAILS_MAX
    if days > WAIT_DAYS_MAX:
        raise MailQuota(count=DAY_MAILS_MAX)
    return now + timedelta(days=days)
