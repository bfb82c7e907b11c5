"""The limit above which a refund needs two people is to be raised, or has changed: a mail to every owner and the organisation's address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from wasl.app.events.record import Recorded
from wasl.app.invoicing.account_changes import contacts
from wasl.app.payments.terms import LIMIT_ASKED, LIMIT_CHANGED
from wasl.app.sql import run
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import format
from wasl.invoice.display import isolate
from wasl.invoice.money import from_minor


def tell(event: Recorded) -> None:
    """In the transaction of a step: queue its mails."""
    from wasl.app.portal.tasks import mail_limit_change

    mail_limit_change.defer(org_id=str(event.organisation_id), step=event.type, said=dict(event.data))


def send(org_id: UUID, step: str, said: dict[str, Any]) -> int:
    """The mails of one step; how many. Who did it gets one, too: it may have been somebody else in their name."""
    from wasl.app.portal.account.mails import post

    org = Organisation.objects.get(pk=org_id)
    addresses = contacts(org)
    for address in addresses:
        post(address, org.default_language, lambda: _letter(org, step, said))
    return len(addresses)


def _letter(org: Organisation, step: str, said: dict[str, Any]) -> tuple[str, str]:
    facts = {
        "who": isolate(_who(said["by"])), "seller": isolate(org.name), "was": isolate(_figure(org, said["was"])),
        "wanted": isolate(_figure(org, said["wanted"])), "when": "",
    }  # fmt: skip
    if said["counts_at"]:
        at = datetime.fromisoformat(said["counts_at"])
        facts["when"] = isolate(f"{format.day(format.local_day(at, org.time_zone), org.country)} {format.clock(at, org.time_zone)}")
    if step == LIMIT_ASKED:
        subject = _("Somebody asks to raise the limit for refunds of %(seller)s") % facts
        body = _("%(who)s asks that refunds of %(seller)s need a second person only above: %(wanted)s. Until now: %(was)s.") % facts
        if said["counts_at"]:
            then = _("It counts from %(when)s on. If you know nothing of this, sign in and stop it under “Limit for refunds”.") % facts
        else:
            then = _("It counts when another owner approves it, under “Limit for refunds”. If you know nothing of this, stop it there.")
        return subject, f"{body}\n\n{then}"
    if step == LIMIT_CHANGED:
        subject = _("The limit for refunds of %(seller)s has changed") % facts
        return subject, _("From now on refunds of %(seller)s need a second person above: %(wanted)s. Until now: %(was)s. By: %(who)s.") % facts
    subject = _("The limit for refunds of %(seller)s stays as it is") % facts
    return subject, _("%(who)s stopped the change. Refunds of %(seller)s need a second person above: %(was)s.") % facts


def _who(label: str) -> str:
    if not label.startswith("person:"):
        return label
    rows = run("SELECT coalesce(nullif(name, ''), email) FROM tenancy_person WHERE id = %s", (label.removeprefix("person:"),))
    return rows[0][0] if rows else ""


def _figure(org: Organisation, units: int | None) -> str:
    return _("no limit") if units is None else format.money(from_minor(units, org.currency), org.currency)
