"""Closing a day: a person saw its figures and says so. What moves the day afterwards is shown as a difference; closing again is another row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments.days import SUMS
from wasl.app.payments.models import DayClosing
from wasl.app.sql import run
from wasl.app.tenancy.actor import Actor, require
from wasl.app.tenancy.audit import audit

Figures = dict[str, dict[str, int]]
NOTE_CHARS_MAX = 300


class DayToCome(Refused):
    code = "WASL-PAY-84"
    en = "That day has not come yet."
    ar = "لم يأتِ هذا اليوم بعد."


class DayMoved(Refused):
    code, status = "WASL-PAY-85", 409
    en = "The day moved while you looked at it. Look at the figures once more, then close it."
    ar = "تحرّك اليوم وأنت تنظر فيه. راجع الأرقام مرة أخرى ثم أقفله."


@dataclass(frozen=True)
class Difference:
    """What an account holds more (or less, below zero) than when the day was closed, in minor units."""

    currency: str
    account: str
    amount: int


_BALANCES = f"""
SELECT d.day, s.currency, s.account, sum(s.debit - s.credit)::bigint FROM unnest(%(days)s::date[]) AS d (day) JOIN {SUMS} s ON s.day <= d.day
GROUP BY 1, 2, 3
"""


def balances(org: Any, days: Iterable[date]) -> dict[date, Figures]:
    """What the accounts held at the end of each of these days; accounts at zero are left out."""
    wanted = list(days)
    found: dict[date, Figures] = {day: {} for day in wanted}
    for day, currency, account, amount in run(_BALANCES, {"org": org.pk, "days": wanted}):
        if amount:
            found[day].setdefault(currency, {})[account] = amount
    return found


@transaction.atomic
def close_day(org: Any, day: date, *, actor: Actor, seen: str = "", note: str = "") -> DayClosing:
    """Close a day of the seller's calendar, up to today. `seen` is the fingerprint of the figures that the person looked at.

    Raises DayToCome, DayMoved.
    """
    require(org.pk, actor)
    if day > local_date(org, clock.now()):
        raise DayToCome
    figures = balances(org, [day])[day]
    if seen and seen != fingerprint(figures):
        raise DayMoved
    row = DayClosing(organisation_id=org.pk, day=day, closed_by=actor.label, figures=figures, note=" ".join(note.split())[:NOTE_CHARS_MAX])
    row.save(force_insert=True)
    audit(org.pk, actor, "day.close", "day", row.pk, {"day": day.isoformat()})
    return row


def fingerprint(figures: Mapping[str, Mapping[str, int]]) -> str:
    """The same for equal figures, short enough for a form."""
    import hashlib

    text = ";".join(f"{currency}:{account}:{amount}" for currency, held in sorted(figures.items()) for account, amount in sorted(held.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def closings(org: Any, days: Iterable[date]) -> dict[date, list[DayClosing]]:
    """Who closed these days, the newest first."""
    found: dict[date, list[DayClosing]] = {}
    for row in DayClosing.objects.for_org(org).filter(day__in=list(days)).order_by("-closed_at", "-id"):
        found.setdefault(row.day, []).append(row)
    return found


def differences(closed: DayClosing, now: Figures) -> list[Difference]:
    """In what a day differs from what it was when somebody closed it."""
    keys = sorted({(currency, account) for figures in (closed.figures, now) for currency, held in figures.items() for account in held})
    found = [Difference(c, a, now.get(c, {}).get(a, 0) - closed.figures.get(c, {}).get(a, 0)) for c, a in keys]
    return [each for each in found if each.amount]
