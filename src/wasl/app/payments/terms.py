"""How one organisation takes and returns money: its settings, read and changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.events.record import record
from wasl.app.payments.models import PaymentSetting
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit
from wasl.app.tenancy.models import Membership, Organisation
from wasl.invoice.money import from_minor, round_to, to_minor

LIMIT_WAITS = timedelta(hours=24)  # long enough for a stolen session to be found out by the mail
LIMIT_ASKED, LIMIT_CHANGED, LIMIT_STOPPED = "refund-limit-asked", "refund-limit-changed", "refund-limit-stopped"
LIMIT_STEPS = (LIMIT_ASKED, LIMIT_CHANGED, LIMIT_STOPPED)


class OwnLimit(Refused):
    code, status = "WASL-PAY-90", 403
    en = "You asked for this limit yourself. Another owner has to approve it."
    ar = "أنت من طلب هذا الحد. يعتمده مالك آخر."


class LimitMoved(Refused):
    code, status = "WASL-PAY-91", 409
    en = "This change of the limit is not waiting any more, or asks for another figure now. Look at it again."
    ar = "لم يعد تغيير الحد هذا منتظرًا، أو صار بمبلغ آخر. أعد النظر فيه."


def settings_of(org: Any) -> PaymentSetting:
    """The organisation's payment settings; the defaults where it chose nothing."""
    org_id: UUID = getattr(org, "pk", org)
    return PaymentSetting.objects.for_org(org_id).first() or PaymentSetting(organisation_id=org_id, id=org_id)


def approval_limit(org: Any, currency: str) -> int | None:
    """Above how much a refund needs a second person, in minor units of `currency`; None: never. The figure that the seller wrote counts
    in every currency: 500.00 is 500.000 dinars."""
    row = settings_of(org)
    if row.approval_above is None:
        return None
    house = Organisation.objects.values_list("currency", flat=True).get(pk=row.organisation_id)
    return to_minor(round_to(from_minor(row.approval_above, house), currency), currency)


@transaction.atomic
def change_settings(org: Any, *, actor: Actor, **wanted: Any) -> PaymentSetting:
    """Change some of the settings by name (models_terms.PaymentSetting); owners only.

    A higher `refund_approval_above`, or none, is only asked for: it counts when another owner approves it (`approve_limit`), or
    after LIMIT_WAITS where there is no other. A lower one counts at once. The owners are told by mail either way.
    """
    require(org.pk, actor, owner=True)
    row, _is_new = PaymentSetting.objects.for_org(org).select_for_update().get_or_create(organisation_id=org.pk, id=org.pk)
    for name, value in wanted.items():
        if name == "refund_approval_above":
            _set_limit(row, value, actor)
        else:
            setattr(row, name, value)
    row.changed_at = clock.now()
    row.save()
    audit(org.pk, actor, "payment.settings", "organisation", org.pk, {name: str(value) for name, value in wanted.items()})
    return row


def _set_limit(row: PaymentSetting, wanted: int | None, actor: Actor) -> None:
    """Lower: at once. Higher: asked for, unless a process of the installation itself does it."""
    now = row.approval_above
    is_higher = now is not None and (wanted is None or wanted > now)
    if not is_higher or actor.person_id is None:
        _count(row, wanted, actor)
        return
    others = Membership.objects.for_org(row.organisation_id).filter(role=Membership.OWNER).exclude(person_id=actor.person_id)
    row.refund_approval_above, row.limit_wanted, row.limit_asked_by = now, wanted, actor.label
    row.limit_counts_at = None if others.exists() else clock.now() + LIMIT_WAITS
    _step(row, LIMIT_ASKED, actor, now, wanted)


def _count(row: PaymentSetting, wanted: int | None, actor: Actor) -> None:
    """It counts from now on, and nothing waits any more."""
    before = row.approval_above
    row.refund_approval_above, row.limit_wanted, row.limit_asked_by, row.limit_counts_at = wanted, None, "", None
    if before != wanted:
        _step(row, LIMIT_CHANGED, actor, before, wanted)


def _step(row: PaymentSetting, step: str, actor: Actor, was: int | None, wanted: int | None) -> None:
    counts_at = row.limit_counts_at.isoformat() if row.limit_counts_at else ""
    record(step, org=row.organisation_id, at=clock.now(), data={"by": actor.label, "was": was, "wanted": wanted, "counts_at": counts_at})


def _waiting(org: Any, actor: Actor) -> PaymentSetting:
    require(org.pk, actor, owner=True)
    row = PaymentSetting.objects.for_org(org).select_for_update().filter(pk=org.pk).first()
    if row is None or not row.is_limit_waiting:
        raise LimitMoved
    return row


@transaction.atomic
def approve_limit(org: Any, *, seen: int | None, actor: Actor) -> PaymentSetting:
    """Another owner agrees to the higher limit that it has `seen`. Raises OwnLimit, LimitMoved."""
    row = _waiting(org, actor)
    if row.limit_asked_by == actor.label:
        raise OwnLimit
    if row.limit_wanted != seen:
        raise LimitMoved
    _count(row, row.limit_wanted, actor)
    row.save()
    audit(org.pk, actor, "payment.limit.approve", "organisation", org.pk, {"limit": str(seen)})
    return row


@transaction.atomic
def stop_limit(org: Any, *, actor: Actor) -> PaymentSetting:
    """Any owner, also who asked, before it counts. Raises LimitMoved."""
    row = _waiting(org, actor)
    wanted = row.limit_wanted
    row.limit_wanted, row.limit_asked_by, row.limit_counts_at = None, "", None
    _step(row, LIMIT_STOPPED, actor, row.refund_approval_above, wanted)
    row.save()
    audit(org.pk, actor, "payment.limit.stop", "organisation", org.pk, {"limit": str(wanted)})
    return row
