"""`/console/<organisation>/reminders`: when, in what tone and in what words a seller reminds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.forms import RecordForm
from wasl.app.console.notices.sample import shown
from wasl.app.errors import Refused
from wasl.app.invoicing.models import Invoice
from wasl.app.notices import kinds
from wasl.app.notices.due_dates import move_due_date
from wasl.app.notices.schedule import TONES, SellerSchedule, save_schedule, schedule_of
from wasl.app.notices.templating import VARIABLES, save_text, texts_of
from wasl.app.ui import format, numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError


class BadDays(Refused):
    code = "WASL-NOTICE-08"
    en = "“{text}” are no days. Write whole numbers such as 7, 3, 0."
    ar = "«{text}» ليست أيامًا. اكتب أعدادًا صحيحة مثل 7، 3، 0."


class BadHour(Refused):
    code = "WASL-NOTICE-09"
    en = "“{text}” is no hour. Write it as 09:00."
    ar = "«{text}» ليست ساعة. اكتبها هكذا: 09:00."


@dataclass(frozen=True)
class Chip:
    label: str
    href: str
    on: bool


def days(text: str) -> tuple[int, ...]:
    """ "7, 3، 0" in any digits: days without a sign, each once."""
    parts = [numbers.ascii_digits(part.strip()) for part in text.replace("،", ",").split(",")]
    if any(part and not (part.isascii() and part.isdigit() and len(part) <= 3) for part in parts):
        raise BadDays(text=text[:40])
    return tuple(sorted({int(part) for part in parts if part}))


def hour(text: str) -> time:
    typed = numbers.ascii_digits(text.strip())
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise BadHour(text=text[:20]) from None


READERS = {
    "before": days, "after": days, "hour": hour, "tone": lambda text: text if text in TONES else "neutral", "enabled": lambda text: text == "1",
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@member
def schedule(request: Any) -> HttpResponse:
    form, now = RecordForm(READERS), schedule_of(request.org)
    if request.method == "GET":
        form.typed = {
            "before": ", ".join(str(-step) for step in now.steps if step <= 0), "after": ", ".join(str(step) for step in now.steps if step > 0),
            "hour": now.hour.strftime("%H:%M"), "tone": now.tone, "enabled": "1" if now.enabled else "",
        }  # fmt: skip
        return _page(request, form)
    values = form.read(request.POST)
    if not form.problems:
        steps = tuple(sorted({*(-each for each in values["before"]), *(each for each in values["after"] if each)}))
        try:
            save_schedule(request.org, SellerSchedule(steps, values["hour"], values["tone"], values["enabled"]), actor=request.actor)
        except WaslError as error:
            form.problems["before"] = [error.message(current())]
    if form.problems:
        return _page(request, form, status=422)
    messages.success(request, _("The schedule is saved. Every open invoice follows it from now on."))
    return redirect("console-reminders", slug=request.org.slug)


def _page(request: Any, form: RecordForm, status: int = 200, **words_given: Any) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds.REMINDERS else kinds.DUE_SOON
    language = "en" if request.GET.get("in", current()) == "en" else "ar"
    own = texts_of(request.org)
    subject, body = words_given.get("typed") or own.get((kind, language), ("", ""))
    return show(
        request, "console/reminders.html", "reminders", status=status, form=form, kind=kind, language=language, subject=subject, body=body,
        problem=words_given.get("problem", ""), is_own=(kind, language) in own, sample=shown(request.org, kind, language, (subject, body)),
        tones=[("gentle", _("Gentle")), ("neutral", pgettext("tone of reminders", "Neutral")), ("firm", _("Firm"))],
        kind_chips=[Chip(kinds.label(each), _here(request, each, language), each == kind) for each in kinds.REMINDERS],
        language_chips=[Chip(name, _here(request, kind, each), each == language) for each, name in (("ar", "العربية"), ("en", "English"))],
        variables=" ".join("{" + name + "}" for name in VARIABLES),
    )  # fmt: skip


def _here(request: Any, kind: str, language: str) -> str:
    return f"{reverse('console-reminders', args=[request.org.slug])}?kind={kind}&in={language}#words"


@require_POST
@member
def words(request: Any) -> HttpResponse:
    """Keep the seller's words for one kind in one language; `act=reset` goes back to ours."""
    kind, language = request.POST.get("kind", ""), request.POST.get("language", "")
    is_reset = request.POST.get("act") == "reset"
    subject, body = ("", "") if is_reset else (request.POST.get("subject", ""), request.POST.get("body", ""))
    request.GET = request.GET.copy()
    request.GET["kind"], request.GET["in"] = kind, language
    try:
        save_text(request.org, kind, language, subject, body, actor=request.actor)
    except WaslError as error:
        get_or_404(kind in kinds.REMINDERS or None)
        form, now = RecordForm(READERS), schedule_of(request.org)
        form.typed = {"before": ", ".join(str(-s) for s in now.steps if s <= 0), "after": ", ".join(str(s) for s in now.steps if s > 0),
                      "hour": now.hour.strftime("%H:%M"), "tone": now.tone, "enabled": "1" if now.enabled else ""}  # fmt: skip
        return _page(request, form, status=422, typed=(subject, body), problem=error.message(current()))
    messages.success(request, _("Our words are back.") if not (subject.strip() or body.strip()) else _("Your words are saved."))
    return redirect(_here(request, kind, language))


@require_POST
@member
def more_time(request: Any, invoice_id: UUID) -> HttpResponse:
    """A later due date for one invoice."""
    row = get_or_404(Invoice.objects.for_org(request.org).filter(pk=invoice_id).first())
    try:
        due = move_due_date(request.org, row, _day(request.POST.get("due", "")), actor=request.actor)
    except WaslError as error:
        messages.error(request, error.message(current()))
    else:
        shown_day = format.day_and_weekday(due, request.org.country)
        said = _("The customer has until %(date)s and reads so on the invoice. Reminders, lists and sums go by that day.")
        messages.success(request, said % {"date": shown_day})
    return redirect("console-invoice", slug=request.org.slug, invoice_id=row.pk)


def _day(text: str) -> date:
    from wasl.app.notices.errors import DueDateNotLater

    try:
        return date.fromisoformat(numbers.ascii_digits(text.strip()))
    except ValueError:
        raise DueDateNotLater(before="—") from None
