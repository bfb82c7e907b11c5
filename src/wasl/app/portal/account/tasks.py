"""The mails of the account, sent by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from wasl.app.jobs.retry import QUICK


@app.task(name="portal.mail_code", retry=QUICK)
def mail_code(code_id: str) -> None:
    """Mail a code, or say that there is nothing here, or do nothing: see `mails.send_code`."""
    from wasl.app.portal.account.mails import send_code

    send_code(code_id)
