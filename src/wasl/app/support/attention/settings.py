"""From when on something needs attention, as a seller wants it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from wasl.app.errors import Refused
from wasl.app.sql import run
from wasl.app.support.models import AttentionSetting
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

# Least and most of each number: a setting outside is a slip
LIMITS = {"unopened_days": (1, 60), "question_hours": (1, 240), "deferred_hours": (1, 96), "pending_minutes": (10, 2880), "mail_hour": (0, 23)}


class BadAttentionSetting(Refused):
    code = "WASL-ASK-11"
    en = "Write a whole number from {least} to {most}."
    ar = "اكتب عددًا صحيحًا من {least} إلى {most}."


def settings_of(org: Any) -> AttentionSetting:
    return AttentionSetting.objects.for_org(org).first() or AttentionSetting(organisation_id=org.pk)


# Rows that nobody hid follow the new number of days
_REPLAN = """
UPDATE support_attention SET due_at = since + make_interval(days => %s)
WHERE organisation_id = %s AND kind = 'unopened' AND closed_at IS NULL AND NOT is_hidden
"""


@transaction.atomic
def save(org: Any, values: dict[str, Any], *, actor: Actor) -> AttentionSetting:
    """Keep the numbers of LIMITS and `has_mail`; owners only. Raises BadAttentionSetting."""
    require(org.pk, actor, owner=True)
    for name, (least, most) in LIMITS.items():
        if not isinstance(values.get(name), int) or not least <= values[name] <= most:
            raise BadAttentionSetting(least=least, most=most)
    kept = {name: values[name] for name in LIMITS} | {"has_mail": bool(values.get("has_mail"))}
    row, _is_new = AttentionSetting.objects.for_org(org).update_or_create(organisation_id=org.pk, defaults=kept)
    run(_REPLAN, (row.unopened_days, org.pk))
    audit(org.pk, actor, "attention.settings", "organisation", org.pk, kept)
    return row
