"""`/console/<organisation>/desk/hours`: when the team is there, which days not, what number to call, and whether it calls back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wasl.app import clock
from wasl.app.console.access import owner, show
from wasl.app.invoicing.prepare import local_date
from wasl.app.support.callback.setting import offer_calls
from wasl.app.support.desk.turns import share_out
from wasl.app.support.errors import BadHours
from wasl.app.support.hours import opening, say
from wasl.app.support.hours.hotline import HOTLINES_MAX, add_hotline, lines, remove_hotline
from wasl.app.support.hours.settings import Week, change_hours, close_days, closed_days, open_days, settings_of, week_of
from wasl.app.ui import numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.codes import country_name

PARTS = ("hours", "closed", "open", "hotline", "no-hotline", "calls", "turns")


@dataclass
class Typed:
    """What one of the page's forms held, with what is wrong with it."""

    part: str = ""
    values: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def errors(self, part: str) -> list[str]:
        return [self.problem] if self.problem and self.part == part else []


def minutes(text: str) -> int | None:
    """ "09:30" in any digits as minutes of the day, "24:00" its end; None for an empty field. Raises BadHours."""
    typed = numbers.ascii_digits(text.strip())
    if not typed:
        return None
    hour, _colon, rest = typed.partition(":")
    if not (hour.isdigit() and (rest or "0").isdigit() and len(hour) <= 2 and len(rest) <= 2):
        raise BadHours
    found = int(hour) * 60 + int(rest or 0)
    if int(rest or 0) > 59 or found > 24 * 60:
        raise BadHours
    return found


def week_typed(data: Any) -> Week:
    """Two spans a day, each empty or whole. Raises BadHours."""
    week: Week = {}
    for day in range(7):
        for number in (1, 2):
            opens, closes = (minutes(data.get(f"{end}-{day}-{number}", "")) for end in ("from", "until"))
            if (opens is None) != (closes is None):
                raise BadHours
            if opens is not None and closes is not None:
                week.setdefault(day, []).append((opens, closes))
    return week


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def page(request: Any) -> HttpResponse:
    typed = Typed()
    if request.method == "POST":
        typed = Typed(request.POST.get("part", ""), {key: value[:200] for key, value in request.POST.items()})
        if typed.part not in PARTS:
            raise Http404
        try:
            messages.success(request, change(request, typed))
            return redirect("console-hours", slug=request.org.slug)
        except WaslError as error:
            typed.problem = error.message(current())
    return show(request, "console/desk/hours.html", "questions", status=422 if typed.problem else 200, **context(request, typed))


def change(request: Any, typed: Typed) -> str:
    """Do what the sent form asks; what happened, in a sentence. Raises the refusal that goes beside the form."""
    org, actor, data = request.org, request.actor, request.POST
    if typed.part == "hours":
        change_hours(org, week=week_typed(data), keeps_holidays=data.get("holidays") == "1", actor=actor)
        return _("The hours are kept.")
    if typed.part == "closed":
        first = numbers.day(data.get("first", ""))
        if first is None:
            raise BadHours
        close_days(org, first=first, last=numbers.day(data.get("last", "")) or first, name=numbers.line(data.get("name", ""), 80) or "", actor=actor)
        return _("You are closed on these days.")
    if typed.part == "open":
        open_days(org, _uuid(data.get("row", "")), actor=actor)
        return _("You are open on these days as usual.")
    if typed.part == "hotline":
        opens, closes = minutes(data.get("opens", "")), minutes(data.get("closes", ""))
        add_hotline(org, number=data.get("number", ""), languages=data.getlist("languages"), opens=opens, closes=closes, actor=actor)
        return _("The number is on your invoices' pages.")
    if typed.part == "no-hotline":
        remove_hotline(org, _uuid(data.get("row", "")), actor=actor)
        return _("The number is no longer shown.")
    if typed.part == "calls":
        at_once = numbers.ascii_digits(data.get("at_once", "").strip())
        number = int(at_once) if at_once.isascii() and at_once.isdigit() and len(at_once) < 4 else 1
        offer_calls(org, on=data.get("takes_calls") == "1", at_once=number, actor=actor)
        return _("Kept.")
    share_out(org, on=data.get("shares_out") == "1", actor=actor)
    return _("Kept.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def context(request: Any, typed: Typed) -> dict[str, Any]:
    org = request.org
    setting = settings_of(org)
    week = week_of(setting)
    is_typed = typed.part == "hours"
    days = [
        (day, say.day_name(day), [_span(typed, day, number) if is_typed else _kept(week, day, number) for number in (1, 2)])
        for day in say.days_in_order(org.country)
    ]
    return {
        "typed": typed, "setting": setting, "days": days, "has_hours": bool(week), "now": say.sentence(org, opening(org)),
        "holidays": typed.get("holidays") == "1" if is_typed else setting.keeps_holidays, "country": country_name(org.country, current()),
        "closed": closed_days(org, local_date(org, clock.now())), "hotlines": lines(org), "can_add": len(lines(org)) < HOTLINES_MAX,
    }  # fmt: skip


def _span(typed: Typed, day: int, number: int) -> tuple[str, str]:
    return typed.get(f"from-{day}-{number}"), typed.get(f"until-{day}-{number}")


def _kept(week: Week, day: int, number: int) -> tuple[str, str]:
    spans = week.get(day, [])
    return (_time(spans[number - 1][0]), _time(spans[number - 1][1])) if len(spans) >= number else ("", "")


def _time(value: int) -> str:
    return f"{value // 60:02d}:{value % 60:02d}"
