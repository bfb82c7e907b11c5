"""The composer: writing an invoice with the totals and the official rules beside it.

`/new` and `/drafts/<id>` are the page and, by POST, what its buttons do; `/check` and `/row` are the two fragments that
htmx takes while somebody types. Each works through the same form and the same macros.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wasl.app.console.access import member, show
from wasl.app.console.compose import choices, desk, reasons
from wasl.app.console.compose.check import check as checked
from wasl.app.console.compose.desk import Composing
from wasl.app.console.compose.form import ComposerForm, Row, from_post
from wasl.app.invoicing.errors import IssueRefused
from wasl.app.ui.i18n import current
from wasl.errors import WaslError


@require_http_methods(["GET", "POST"])
@member
def compose(request: Any, draft_id: UUID | None = None) -> HttpResponse:
    try:
        work = desk.open_work(request, draft_id)
    except WaslError as error:
        messages.error(request, error.message(current()))
        return redirect("console-drafts", slug=request.org.slug)
    if request.method == "GET":
        return page(request, work)
    act = request.POST.get("act", "save")
    if act == "issue":
        return issue(request, work)
    if act == "preview":
        return preview(request, work)
    if act == "save":
        return save(request, work)
    return change_rows(request, work, act)


def page(request: Any, work: Composing, *, refused: WaslError | None = None, status: int = 200) -> HttpResponse:
    form = work.form
    result = checked(request.org, form, work.invoice())
    form_errors = [(name, text) for name, texts in form.problems.items() for text in texts]
    if refused is not None and not isinstance(refused, IssueRefused):
        form_errors.append((None, refused.message(current())))
    return show(
        request, "console/compose.html", "drafts", status=status, form=form, checked=result, amounts=result.amounts,
        currency=work.currency, heading=_("Draft invoice") if work.draft else _("New invoice"), version=work.version,
        form_errors=form_errors, check_url=reverse("console-check", args=[request.org.slug]),
        row_url=reverse("console-row", args=[request.org.slug]), today=desk.today(request.org), **menus(request, form),
    )  # fmt: skip


def menus(request: Any, form: ComposerForm) -> dict[str, Any]:
    return {
        "customers": choices.customers(request.org), "items": choices.items(request.org), "taxes": choices.taxes(request.org),
        "units": choices.units({row["unit"] for row in form.rows if row["unit"]}), **reason_menus(request.org, form),
    }  # fmt: skip


def reason_menus(org: Any, form: ComposerForm) -> dict[str, Any]:
    categories = reasons.asking(org, form)
    return {"categories": categories, "codes": {category: reasons.codes(org, category) for category, _label in categories}}


def change_rows(request: Any, work: Composing, act: str) -> HttpResponse:
    """Add, remove and take an item without script: the page again, nothing lost."""
    if act == "add-item":
        work.form.rows = [row for row in work.form.rows if not row.is_blank]
        work.form.add_row(choices.item_row(request.org, request.POST.get("item", "")))
    elif act == "add":
        work.form.add_row(desk.blank(request.org))
    elif act.startswith("remove-") and act[7:].isascii() and act[7:].isdigit() and len(act) < 16:
        work.form.remove_row(int(act[7:]))
    return page(request, work)


def save(request: Any, work: Composing) -> HttpResponse:
    if work.form.problems or not work.read():
        return page(request, work, status=422)
    try:
        draft = desk.keep(request, work)
    except WaslError as error:
        return page(request, work, refused=error, status=getattr(error, "status", 422))
    messages.success(request, _("The draft is saved."))
    return redirect("console-draft", slug=request.org.slug, draft_id=draft.pk)


def issue(request: Any, work: Composing) -> HttpResponse:
    """Save, then issue: a refusal leaves the draft as it was typed. The draft itself makes a second press harmless."""
    if not work.read() or not work.form["customer"]:
        if not work.form["customer"]:
            work.form.problems.setdefault("customer", []).append(_("Choose the customer first."))
        return page(request, work, status=422)
    try:
        issued = desk.issue(request, work)
    except WaslError as error:
        return page(request, work, refused=error, status=getattr(error, "status", 422))
    messages.success(request, _("Invoice %(number)s is issued and on its way to the customer.") % {"number": issued.number})
    return redirect("console-invoice", slug=request.org.slug, invoice_id=issued.invoice_id)


def preview(request: Any, work: Composing) -> HttpResponse:
    """The PDF as it would be, marked as a draft by its missing number; nothing is kept."""
    if not work.read():
        return page(request, work, status=422)
    try:
        data = desk.preview(request.org, work)
    except WaslError as error:
        return page(request, work, refused=error, status=getattr(error, "status", 422))
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="preview.pdf"'
    return response


@require_POST
@member
def check(request: Any) -> HttpResponse:
    """The side column and every line's amount, for what is typed right now. Writes nothing."""
    work = desk.typed_work(request)
    result = checked(request.org, work.form, work.invoice())
    context = {"checked": result, "form": work.form, "amounts": result.amounts, "currency": work.currency, **reason_menus(request.org, work.form)}
    return render(request, "console/check.html", context)


@require_POST
@member
def row(request: Any) -> HttpResponse:
    """One more line for the form, blank or from the catalogue."""
    form = from_post(request.POST)
    typed = choices.item_row(request.org, request.POST.get("item", "")) if request.POST.get("act") == "add-item" else desk.blank(request.org)
    key = max((found.key for found in form.rows), default=-1) + 1
    context = {"row": Row(key, typed), "form": form, "amount": None, "currency": request.org.currency, **menus(request, form)}
    return render(request, "console/row.html", context)
