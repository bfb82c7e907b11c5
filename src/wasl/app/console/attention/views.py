"""What needs attention: the list, the acts on a row, and from when on something counts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app import clock
from wasl.app.console.access import member, owner, show
from wasl.app.console.attention.page import first_day, shown
from wasl.app.console.invoices import Chip, page_number
from wasl.app.delivery.send import deliver
from wasl.app.errors import NotFound
from wasl.app.invoicing.find import find_invoice
from wasl.app.invoicing.prepare import local_date
from wasl.app.support.attention import act as acts
from wasl.app.support.attention import names, queries
from wasl.app.support.attention.settings import LIMITS, save, settings_of
from wasl.app.support.models import Attention
from wasl.app.ui import format, numbers
from wasl.app.ui.counting import count
from wasl.app.ui.i18n import current
from wasl.app.ui.jinja import query
from wasl.errors import WaslError

HIDE_DAYS_MAX = 365
SHOW = ("open", "hidden", "done")
MORNING = time(8)  # when something hidden until a day comes back


@require_safe
@member
def listing(request: Any) -> HttpResponse:
    wanted = request.GET.get("show", "open")
    wanted = wanted if wanted in SHOW else "open"
    kind = request.GET.get("kind", "")
    kind = kind if kind in Attention.KINDS and wanted == "open" else ""
    page = page_number(request)
    rows, has_next = queries.attention(request.org, show=wanted, kind=kind, page=page)
    today = local_date(request.org, clock.now())
    items = [shown(request.org, row) for row in rows]
    return show(
        request, "console/attention/list.html", "attention", rows=items, has_next=has_next, page=page, wanted=wanted,
        filters=filters(request, wanted, kind), first_day=first_day(today), has_filters=bool(kind), is_owner=request.role == "owner",
    )  # fmt: skip


def filters(request: Any, wanted: str, kind: str) -> list[Chip]:
    """All, each kind that has something with its count, then what was hidden and done."""

    def chip(label: str, on: bool, **change: str | None) -> Chip:
        return Chip(label, query(request, page=None, lang=None, **{"show": None, "kind": None, **change}), on)

    found = queries.counts(request.org)
    most = queries.COUNT_MAX
    kinds = [
        chip(f"{names.name(each)} {count(most - 1) + '+' if number >= most else count(number)}", kind == each, kind=each)
        for each, number in found.items()
    ]
    rest = [chip(_("Hidden"), wanted == "hidden", show="hidden"), chip(_("Done"), wanted == "done", show="done")]
    return [chip(_("All"), wanted == "open" and not kind), *kinds, *rest]


@require_POST
@member
def act(request: Any, attention_id: UUID) -> HttpResponse:
    """One act on one row; back to the list where it stood."""
    row = Attention.objects.for_org(request.org).filter(pk=attention_id).first()
    if row is None:
        raise Http404
    try:
        messages.success(request, do(request, row, request.POST.get("act", "")))
    except NotFound:
        raise Http404 from None
    except WaslError as error:
        messages.error(request, error.message(current()))
    back = redirect("console-attention", slug=request.org.slug)
    kept = {name: request.GET[name] for name in ("kind", "show") if request.GET.get(name) in (*Attention.KINDS, *SHOW)}
    if kept:
        back["Location"] += "?" + "&".join(f"{name}={value}" for name, value in kept.items())
    return back


def do(request: Any, row: Attention, wanted: str) -> str:
    """Do it; what happened, in a sentence."""
    place = (request.org.pk, row.pk)
    if wanted == "done":
        acts.done(*place, actor=request.actor)
        return _("Done. It stands under Done, in case you want it back.")
    if wanted == "hide":
        until = hidden_until(request)
        acts.hide(*place, until=until, actor=request.actor)
        day = format.day(until.astimezone(ZoneInfo(request.org.time_zone)).date(), request.org.country)
        return _("Hidden until %(date)s.") % {"date": format.isolate(day)}
    if wanted == "back":
        acts.bring_back(*place, actor=request.actor)
        return _("It is back in the list.")
    if wanted == "try":
        acts.try_now(*place, actor=request.actor)
        return _("The mail is tried again within seconds.")
    if wanted == "send":
        return send(request, row)
    if wanted == "ask":
        return ask_bank(request, row)
    raise Http404


def hidden_until(request: Any) -> datetime:
    """The morning of the day that was chosen, tomorrow at the earliest."""
    zone = ZoneInfo(request.org.time_zone)
    today = local_date(request.org, clock.now())
    wanted = numbers.day(request.POST.get("until", "")) or first_day(today)
    day = min(max(wanted, first_day(today)), today + timedelta(days=HIDE_DAYS_MAX))
    return datetime.combine(day, MORNING, tzinfo=zone)


def send(request: Any, row: Attention) -> str:
    """The document's mail once more, to the customer or to the address typed. Two presses in one minute are one mail."""
    invoice = find_invoice(request.org, row.invoice_id)
    address = request.POST.get("recipient", "").strip()
    minute = int(clock.now().timestamp() // 60)
    delivery = deliver(invoice, recipient=address, key=f"send {invoice.pk} {address.lower()} {minute}", actor=f"person:{request.user.pk}")
    return _("A mail to %(address)s is waiting to be sent.") % {"address": format.isolate(delivery.recipient)}


def ask_bank(request: Any, row: Attention) -> str:
    from wasl.app.payments.pay import refresh
    from wasl.app.support.attention.sweep import sweep

    refresh(find_invoice(request.org, row.invoice_id))
    sweep()
    is_open = Attention.objects.for_org(request.org).filter(pk=row.pk, closed_at=None).exists()
    return _("The bank has not decided yet.") if is_open else _("The bank has answered: the payment no longer hangs.")


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def settings(request: Any) -> HttpResponse:
    """From when on something needs attention, and the daily mail."""
    row = settings_of(request.org)
    typed = {name: request.POST.get(name, str(getattr(row, name))) for name in LIMITS}
    has_mail = bool(request.POST.get("has_mail")) if request.method == "POST" else row.has_mail
    problems: dict[str, list[str]] = {}
    if request.method == "POST":
        values = {name: whole(text) for name, text in typed.items()}
        for name, (least, most) in LIMITS.items():
            if values[name] is None or not least <= values[name] <= most:
                problems[name] = [_("Write a whole number from %(least)s to %(most)s.") % {"least": count(least), "most": count(most)}]
        if not problems:
            save(request.org, values | {"has_mail": has_mail}, actor=request.actor)
            messages.success(request, _("Saved."))
            return redirect("console-attention-settings", slug=request.org.slug)
    summary = [(name, text) for name, texts in problems.items() for text in texts]
    context = {"typed": typed, "has_mail": has_mail, "problems": problems, "summary_items": summary, "email": request.org.email}
    return show(request, "console/attention/settings.html", "attention", status=422 if problems else 200, **context)


def whole(text: str) -> int | None:
    """A whole number in any digits; None for anything else."""
    try:
        found = numbers.number(text)
    except WaslError:
        return None
    return int(found) if found is not None and found == found.to_integral_value() and abs(found) < 1_000_000 else None
