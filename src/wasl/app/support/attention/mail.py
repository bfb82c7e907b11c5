"""One mail a day to a seller for whom something needs attention: counts and a link, nobody's name and no amount.

A day is claimed before its mail is sent and given back where sending fails, so a crash between both costs one mail and
never makes two.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from wasl.app import clock
from wasl.app.delivery.address import checked_address, header_text
from wasl.app.ids import uuid7
from wasl.app.sql import run
from wasl.app.support.attention import names, queries
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import format
from wasl.app.ui.counting import count
from wasl.errors import WaslError

log = structlog.get_logger(__name__)

_DUE = """
SELECT o.id FROM tenancy_organisation o LEFT JOIN support_attentionsetting s ON s.organisation_id = o.id
WHERE o.email <> '' AND coalesce(s.has_mail, true)
  AND extract(hour FROM %(now)s::timestamptz AT TIME ZONE o.time_zone) >= coalesce(s.mail_hour, 8)
  AND coalesce(s.mailed_on, '-infinity') < (%(now)s::timestamptz AT TIME ZONE o.time_zone)::date
  AND EXISTS (SELECT 1 FROM support_attention a WHERE a.organisation_id = o.id AND a.closed_at IS NULL AND a.due_at <= %(now)s)
LIMIT 200
"""
_CLAIM = """
INSERT INTO support_attentionsetting AS s
    (organisation_id, id, unopened_days, question_hours, deferred_hours, pending_minutes, has_mail, mail_hour, mailed_on)
VALUES (%(org)s, %(id)s, 3, 24, 6, 60, true, 8, %(day)s)
ON CONFLICT (organisation_id) DO UPDATE SET mailed_on = excluded.mailed_on
WHERE s.mailed_on IS NULL OR s.mailed_on < excluded.mailed_on RETURNING 1
"""
_GIVE_BACK = "UPDATE support_attentionsetting SET mailed_on = NULL WHERE organisation_id = %s AND mailed_on = %s"


def send_daily() -> int:
    """Mail every seller whose hour has come; how many mails left."""
    return sum(_send(org_id) for (org_id,) in run(_DUE, {"now": clock.now()}))


def _send(org_id: UUID) -> bool:
    org = Organisation.objects.get(pk=org_id)
    day = clock.now().astimezone(ZoneInfo(org.time_zone)).date()
    if not run(_CLAIM, {"org": org_id, "id": uuid7(), "day": day}):
        return False  # another worker was faster
    try:
        message = compose(org, queries.counts(org), day)
        message.send()
    except (OSError, WaslError) as error:
        log.warning("attention mail not sent", org=str(org_id), fault=type(error).__name__)
        run(_GIVE_BACK, (org_id, day))
        return False
    return True


def compose(org: Any, counts: dict[str, int], day: date) -> EmailMessage:
    """Plain text in the seller's own language."""
    with override(org.default_language):
        total = sum(counts.values())
        lines = [f"- {names.counted(kind, number)}" for kind, number in counts.items()]
        url = f"{settings.CONFIG.origin.rstrip('/')}/console/{org.slug}/attention"
        body = "\n".join([
            _("This needs a look at %(seller)s:") % {"seller": format.isolate(org.name_in(org.default_language))},
            "", *lines, "", _("Open the list:"), url, "",
            _("You get this once a day, and only when there is something. Change it here: %(url)s") % {"url": f"{url}/settings"},
        ])  # fmt: skip
        subject = header_text(_("Needs attention: %(count)s · %(date)s") % {"count": count(total), "date": format.day(day, org.country)}, "subject")
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": org.default_language}
        return EmailMessage(subject, body, settings.CONFIG.mail_from, [checked_address(org.email)], headers=headers)
