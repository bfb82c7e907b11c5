"""The queued jobs of the payer's pages; procrastinate looks for them here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from wasl.app.jobs.retry import PATIENT
from wasl.app.portal.account import tasks as account

__all__ = ["account", "mail_account_change", "mail_limit_change"]


@app.task(name="portal.mail_account_change", retry=PATIENT)
def mail_account_change(org_id: str, change_id: str, step: str) -> None:
    """Tell everybody concerned of one step of a change of account."""
    from wasl.app.portal.account_changed import send

    send(UUID(org_id), UUID(change_id), step)


@app.task(name="portal.mail_limit_change", retry=PATIENT)
def mail_limit_change(org_id: str, step: str, said: dict[str, Any]) -> None:
    """Tell the owners of one step of a change of the limit for refunds."""
    from wasl.app.portal.limit_changed import send

    send(UUID(org_id), step, said)
