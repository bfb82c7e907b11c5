"""The team is reminded of calls that are due: one mail for all that begin within minutes, each call once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from wasl.app import clock, live
from wasl.app.delivery.address import checked_address, header_text
from wasl.app.sql import run
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import format
from wasl.app.ui.counting import ngettext
from wasl.errors import WaslError

log = structlog.get_logger(__name__)
BEFORE = timedelta(minutes=10)

# Claimed before its mail is sent, given back where sending fails: a crash between costs one mail and never makes two
_CLAIM = """
UPDATE support_callback SET reminded_at = %(now)s
WHERE (organisation_id, id) IN (
    SELECT organisation_id, id FROM support_callback
    WHERE state = 'open' AND reminded_at IS NULL AND slot_from <= %(soon)s ORDER BY slot_from LIMIT 200 FOR UPDATE SKIP LOCKED)
RETURNING organisation_id, id, slot_from
"""
_GIVE_BACK = "UPDATE support_callback SET reminded_at = NULL WHERE organisation_id = %s AND id = ANY(%s)"


def remind_due() -> int:
    """How many sellers were reminded."""
    now = clock.now()
    by_org: dict[UUID, list[tuple[UUID, Any]]] = {}
    for org_id, call_id, slot in run(_CLAIM, {"now": now, "soon": now + BEFORE}):
        by_org.setdefault(org_id, []).append((call_id, slot))
    for org_id in by_org:
        live.tell(live.topics.desk(org_id), "call")
    return sum(_send(Organisation.objects.get(pk=org_id), calls) for org_id, calls in by_org.items())


def _send(org: Any, calls: list[tuple[UUID, Any]]) -> bool:
    if not org.email:
        return False
    try:
        compose(org, len(calls), min(slot for _call, slot in calls)).send()
    except (OSError, WaslError) as error:
        log.warning("call reminder not sent", org=str(org.pk), fault=type(error).__name__)
        run(_GIVE_BACK, (org.pk, [call for call, _slot in calls]))
        return False
    return True


def compose(org: Any, count: int, slot: Any) -> EmailMessage:
    """Plain text in the seller's language: how many and when; no name and no number."""
    with override(org.default_language):
        lead = ngettext("%(num)d customer waits for a call", "%(num)d customers wait for a call", count) % {"num": count}
        url = f"{settings.CONFIG.origin.rstrip('/')}/console/{org.slug}/desk/calls"
        when = _("from %(time)s") % {"time": format.isolate(format.clock(slot, org.time_zone))}
        subject = header_text(f"{lead}, {_('from %(time)s') % {'time': format.clock(slot, org.time_zone)}}", "subject")
        body = "\n".join([f"{lead} {when}.", "", _("Open the list:"), url])
        fields = {"Auto-Submitted": "auto-generated", "Content-Language": org.default_language}
        return EmailMessage(subject, body, settings.CONFIG.mail_from, [checked_address(org.email)], headers=fields)
