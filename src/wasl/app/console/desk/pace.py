"""`/console/<organisation>/desk/pace`: how long answers take, week by week, with what each figure counts beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from wasl.app.console.access import member, show
from wasl.app.support import words
from wasl.app.support.desk.pace import Week, weeks
from wasl.app.ui import macros
from wasl.app.ui.counting import count


@require_safe
@member
def listing(request: Any) -> HttpResponse:
    columns = [
        {"label": _("Week from")}, {"label": _("Asked"), "kind": "figure"}, {"label": _("Waiting still"), "kind": "figure"},
        {"label": _("First answer, median"), "kind": "figure"}, {"label": _("9 of 10 within"), "kind": "figure"},
        {"label": _("Solved"), "kind": "figure"}, {"label": _("Solved, median"), "kind": "figure"},
        {"label": _("9 of 10 solved within"), "kind": "figure"},
    ]  # fmt: skip
    rows = [{"cells": cells(request.org, week)} for week in weeks(request.org)]
    return show(request, "console/desk/pace.html", "questions", columns=columns, rows=rows)


def cells(org: Any, week: Week) -> list[Any]:
    return [
        macros.day(week.first, org.country), count(week.asked), count(week.waiting), span(week.answer_median), span(week.answer_p90),
        count(week.ended),
        span(week.end_median), span(week.end_p90),
    ]  # fmt: skip


def span(value: timedelta | None) -> Markup:
    return Markup('<span class="nowrap">{}</span>').format(words.lasted(value) if value is not None else "–")
