"""The mails of the account, sent by the worker. What names somebody travels through the queue sealed (T117)."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from wasl.app.jobs.retry import QUICK
from wasl.app.sql import run
from wasl.app.tenancy import keys
from wasl.app.tenancy.models_payers import PayerAddress

_AAD, _PURPOSE = b"portal.notice", "payer-notice"
_TIDY = """
DELETE FROM procrastinate_jobs WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND task_name LIKE 'portal.mail%%'
AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = procrastinate_jobs.id AND e.at > now() - interval '1 day') RETURNING id
"""


@app.task(name="portal.mail_code", retry=QUICK)
def mail_code(code_id: str) -> None:
    """Mail a code, or say that there is nothing here, or do nothing: see `mails.send_code`."""
    from wasl.app.portal.account.mails import send_code

    send_code(code_id)


@app.task(name="portal.mail_notice", retry=QUICK)
def mail_notice(sealed: str) -> None:
    """One notice about the safety of an account, to one address."""
    import orjson

    from wasl.app.portal.account.mails import send_notice

    send_notice(**orjson.loads(keys.master().unwrap(base64.b64decode(sealed), aad=_AAD, purpose=_PURPOSE, name="notice")))


@app.task(name="portal.mail_invite", retry=QUICK)
def mail_invite(invite_id: str, language: str) -> None:
    """An invitation into a shared inbox, unless it was withdrawn meanwhile."""
    from wasl.app.portal.account.mails import send_invite

    send_invite(UUID(invite_id), language)


@app.task(name="portal.mail_request", retry=QUICK)
def mail_request(org_id: str, request_id: str) -> None:
    """Tell a seller that a customer asked for something."""
    from wasl.app.portal.account.mails import send_request

    send_request(UUID(org_id), UUID(request_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="portal.tidy_accounts", queueing_lock="portal.tidy_accounts")
def tidy(timestamp: int) -> int:
    """Addresses whose time is over leave; old codes and the queue's memory of mails are dropped."""
    from wasl.app.tenancy.payers_addresses import drop_due
    from wasl.app.tenancy.payers_codes import forget_old

    return drop_due() + forget_old() + len(run(_TIDY))


def tell(person: Any, kind: str, **facts: str) -> None:
    """Queue a notice to every proven address of a person: a thief who reads one does not read them all."""
    emails = set(PayerAddress.objects.filter(person=person).values_list("email", flat=True)) | {person.email}
    for email in sorted(emails):
        tell_address(email, person, kind, **facts)


def tell_address(to: str, person: Any, kind: str, **facts: str) -> None:
    """Queue a notice to one address, in the person's language."""
    import orjson

    body = orjson.dumps({"to": to, "language": person.language or "ar", "kind": kind, "facts": facts})
    mail_notice.defer(sealed=base64.b64encode(keys.master().wrap(body, aad=_AAD, purpose=_PURPOSE)).decode())
