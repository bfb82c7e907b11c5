"""Movements: what waits for a person, what was decided; accept with one press, split, set aside, take back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wasl.app.console.access import member, show
from wasl.app.console.invoices import Chip, page_number
from wasl.app.console.payments.payouts import alike
from wasl.app.console.statements_in import queries, words
from wasl.app.errors import NotFound
from wasl.app.payments.matching.match import match_again
from wasl.app.payments.statements import accept as acts
from wasl.app.payments.statements.errors import LineTaken, LineUnknown, NothingChosen
from wasl.app.payments.statements.models import StatementFile, StatementLine
from wasl.app.payments.statements.returned import came_back
from wasl.app.ui import numbers
from wasl.app.ui.counting import count, ngettext
from wasl.app.ui.i18n import current
from wasl.app.ui.jinja import query
from wasl.errors import WaslError
from wasl.invoice.money import from_minor, minor_units, to_minor

TEXT_MAX = 100
AGAIN_MAX = 5_000


@require_safe
@member
def listing(request: Any) -> HttpResponse:
    wanted = request.GET.get("show", "open")
    wanted = wanted if wanted in queries.STATES else "open"
    text = request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_MAX]
    file = chosen_file(request)
    page, only = page_number(request), file.pk if file else None
    rows, has_next = queries.movements(request.org, show=wanted, file=only, text=text, units=_units(text, request.org), page=page)
    found = queries.counts(request.org, only)
    items: list[Any] = [(row, words.state(row), [(way, words.reason(way, row)) for way in row.suggestions if way.is_current]) for row in rows]
    return show(
        request, "console/statements_in/list.html", "bank", items=items, has_next=has_next, page=page, wanted=wanted, q=text, file=file,
        tabs=tabs(request, wanted, found), counts=found, likely=len(queries.likely(request.org, only)) if wanted == "open" else 0,
        is_empty=not found, return_reason=words.return_reason, kind=words.kind(file.kind) if file else "",
        payouts=alike(request.org, [row for row in rows if row.state in StatementLine.WAITING]),
    )  # fmt: skip


def chosen_file(request: Any) -> StatementFile | None:
    """The file in the address; one that is not ours is not there."""
    text = request.GET.get("file", "")
    try:
        wanted = UUID(text) if text else None
    except ValueError:
        raise Http404 from None
    if wanted is None:
        return None
    row = StatementFile.objects.for_org(request.org).defer("data").filter(pk=wanted).first()
    if row is None:
        raise Http404
    return row


def _units(text: str, org: Any) -> int | None:
    """What was typed as an amount, in the currency of the house."""
    try:
        found = numbers.number(text) if text else None
    except WaslError:
        return None
    return to_minor(found, org.currency) if found is not None and abs(found) < 10**12 else None


def tabs(request: Any, wanted: str, found: dict[str, int]) -> list[Chip]:
    labels = {"open": _("To decide"), "matched": _("Matched"), "other": _("Not invoices"), "out": _("Money out")}
    sums = {name: sum(found.get(state, 0) for state in states) for name, states in queries.STATES.items()}
    return [
        Chip(f"{label} {count(sums[name])}", query(request, show=None if name == "open" else name, page=None, lang=None), wanted == name)
        for name, label in labels.items()
    ]


def _back(request: Any) -> HttpResponse:
    """To the list where it stood."""
    back = redirect("console-bank", slug=request.org.slug)
    kept = {name: request.GET[name] for name in ("file", "show", "page") if request.GET.get(name)}
    safe = {name: value for name, value in kept.items() if value.replace("-", "").isalnum() and len(value) < 40}
    if safe:
        back["Location"] += "?" + "&".join(f"{name}={value}" for name, value in safe.items())
    return back


@require_POST
@member
def act(request: Any, line_id: UUID) -> HttpResponse:
    """One act on one movement."""
    try:
        messages.success(request, do(request, line_id, request.POST.get("act", "")))
    except (LineUnknown, NotFound):
        raise Http404 from None
    except WaslError as error:
        messages.error(request, error.message(current()))
    return _back(request)


def do(request: Any, line_id: UUID, wanted: str) -> str:
    """Do it; what happened, in a sentence."""
    org, actor = request.org, request.actor
    if wanted == "accept":
        rank = request.POST.get("rank", "1")
        shares = acts.suggested_shares(org, line_id, int(rank) if rank in ("1", "2", "3") else 1)
        if not shares:
            acts.find_line(org, line_id)
            raise LineTaken
        acts.accept(org, line_id, shares, actor=actor)
        return _("Accepted and booked. It can be taken back under Matched.")
    if wanted == "ignore":
        acts.ignore(org, line_id, note=request.POST.get("note", ""), actor=actor)
        return _("Set aside as no payment of an invoice. It can be taken back.")
    if wanted == "book":
        acts.book_unmatched(org, line_id, actor=actor)
        return _("Booked. It stands under unmatched money until you say whose it is.")
    if wanted == "undo":
        acts.undo(org, line_id, actor=actor)
        return _("Taken back; the movement waits to be decided again.")
    if wanted == "returned":
        try:
            receipt_id = UUID(request.POST.get("receipt", ""))
        except ValueError:
            raise Http404 from None
        came_back(org, line_id, receipt_id, actor=actor)
        return _("The payment is taken back, and its invoice is owed again. It can be undone under Matched.")
    if wanted == "apart":
        acts.apart(org, line_id, actor=actor)
        return _("It counts as a payment of its own.")
    raise Http404


@require_POST
@member
def likely(request: Any) -> HttpResponse:
    """Accept the strong suggestions, each on its own: one that was decided meanwhile is passed over."""
    file = chosen_file(request)
    done = 0
    for line_id in queries.likely(request.org, file.pk if file else None):
        try:
            acts.accept(request.org, line_id, acts.suggested_shares(request.org, line_id, 1), actor=request.actor)
            done += 1
        except WaslError:
            continue
    messages.success(request, ngettext("%(num)d movement accepted and booked.", "%(num)d movements accepted and booked.", done))
    return _back(request)


@require_POST
@member
def again(request: Any) -> HttpResponse:
    """Look for invoices again: new ones were issued, or names were learned."""
    waiting = StatementLine.objects.for_org(request.org).filter(state__in=(StatementLine.SUGGESTED, StatementLine.UNMATCHED))
    match_again(request.org.pk, list(waiting.order_by("-booked").values_list("pk", flat=True)[:AGAIN_MAX]))
    messages.success(request, _("Looked again, against what is open now."))
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def split(request: Any, line_id: UUID) -> HttpResponse:
    """Choose the invoices oneself, and how much each gets."""
    rows, _more = queries.movements(request.org, line=line_id)
    if not rows or rows[0].state not in StatementLine.WAITING:
        raise Http404
    movement = rows[0]
    text = request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_MAX]
    problem = ""
    if request.method == "POST":
        try:
            acts.accept(request.org, line_id, chosen(request, movement), actor=request.actor)
            messages.success(request, _("Accepted and booked. It can be taken back under Matched."))
            return redirect("console-bank", slug=request.org.slug)
        except (LineUnknown, NotFound):
            raise Http404 from None
        except WaslError as error:
            problem = error.message(current())
    return show(
        request, "console/statements_in/split.html", "bank", status=422 if problem else 200, movement=movement, state=words.state(movement),
        choices=queries.choices(request.org, movement, text), q=text, problem=problem, typed=request.POST, shares=_first_shares(movement),
        here=reverse("console-bank-split", args=[request.org.slug, line_id]),
    )  # fmt: skip


def _first_shares(movement: queries.Movement) -> dict[str, str]:
    """What the best suggestion would book, written into its fields."""
    if not movement.suggestions:
        return {}
    places = minor_units(movement.currency)
    return {str(part.invoice_id): f"{from_minor(part.amount, movement.currency):.{places}f}" for part in movement.suggestions[0].parts}


def chosen(request: Any, movement: queries.Movement) -> dict[UUID, int]:
    """{invoice: minor units} of the fields that were filled in. Raises NothingChosen, NotANumber."""
    shares: dict[UUID, int] = {}
    for name, typed in request.POST.items():
        if not name.startswith("part-") or not typed.strip():
            continue
        try:
            invoice_id = UUID(name.removeprefix("part-"))
        except ValueError:
            continue
        value = numbers.number(typed)
        if value is None or value <= 0 or value != round(value, minor_units(movement.currency)) or value > 10**12:
            raise NothingChosen
        shares[invoice_id] = to_minor(value, movement.currency)
    if not shares:
        raise NothingChosen
    return shares
