"""Items: what an organisation sells. Each fills a line of the composer; changing one changes no invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.compose import choices
from wasl.app.console.compose.form import tax_key, tax_of
from wasl.app.console.customers import words
from wasl.app.console.forms import RecordForm
from wasl.app.invoicing.customers import add_item, archive, change_item
from wasl.app.invoicing.models import Item
from wasl.app.ui import numbers
from wasl.app.ui.i18n import current
from wasl.errors import WaslError
from wasl.invoice.codes import VAT_CATEGORIES

PAGE_ROWS = 50
RATE_MAX = 100

class BadTax(WaslError):
    code, term = "WASL-ITEM-01", "BT-151"
    en = "Choose the VAT of the item from the list."
    ar = "اختر ضريبة الصنف من القائمة."


def tax(text: str) -> tuple[str | None, Decimal | None]:
    category, rate = tax_of(text)
    if (category is not None and category not in VAT_CATEGORIES) or not 0 <= (rate or 0) <= RATE_MAX:
        raise BadTax
    return category, rate


READERS = {
    "name_ar": words(200), "name_en": words(200), "description": lambda text: numbers.paragraph(text) or "", "seller_identifier": words(60),
    "unit": lambda text: words(10)(text) or "C62", "price": lambda text: numbers.number(text) or Decimal(0), "tax": tax,
}  # fmt: skip


@require_safe
@member
def items(request: Any) -> HttpResponse:
    from wasl.app.console.invoices import page_number

    page = page_number(request)
    rows = list(
        Item.objects.for_org(request.org).filter(archived_at=None).order_by("name_ar", "name_en", "id")[(page - 1) * PAGE_ROWS : page * PAGE_ROWS + 1]
    )
    labels = dict(choices.taxes(request.org))
    shown = [(row, labels.get(tax_key(row.tax_category, row.tax_rate), row.tax_category)) for row in rows[:PAGE_ROWS]]
    return show(request, "console/items.html", "items", rows=shown, has_next=len(rows) > PAGE_ROWS, page=page)


@require_http_methods(["GET", "POST"])
@member
def edit(request: Any, item_id: UUID | None = None) -> HttpResponse:
    row = get_or_404(Item.objects.for_org(request.org).filter(pk=item_id).first()) if item_id else None
    form = RecordForm(READERS)
    if request.method == "GET":
        form.typed = typed(row) if row else {"unit": "C62"}
        return page_of(request, form, row)
    if row is not None and request.POST.get("act") == "archive":
        archive(row, actor=request.actor)
        messages.success(request, _("The item is off the list."))
        return redirect("console-items", slug=request.org.slug)
    values = form.read(request.POST)
    if not (form["name_ar"].strip() or form["name_en"].strip()):
        form.problems.setdefault("name_ar", []).append(_("Write the name in one of the two languages."))
    if form.problems:
        return page_of(request, form, row, status=422)
    values["tax_category"], values["tax_rate"] = values.pop("tax")
    values["tax_category"] = values["tax_category"] or "S"
    try:
        change_item(request.org, row.pk, actor=request.actor, **values) if row else add_item(request.org, actor=request.actor, **values)
    except WaslError as error:
        form.problems["name_ar"] = [error.message(current())]
        return page_of(request, form, row, status=422)
    messages.success(request, _("The item is saved."))
    return redirect("console-items", slug=request.org.slug)


def typed(row: Item) -> dict[str, str]:
    return {
        "name_ar": row.name_ar, "name_en": row.name_en, "description": row.description, "seller_identifier": row.seller_identifier,
        "unit": row.unit, "price": f"{row.price.normalize():f}", "tax": tax_key(row.tax_category, row.tax_rate),
    }  # fmt: skip


def page_of(request: Any, form: RecordForm, row: Item | None, status: int = 200) -> HttpResponse:
    units = choices.units({form["unit"]} if form["unit"] else set())
    return show(request, "console/item.html", "items", status=status, form=form, row=row, units=units, taxes=choices.taxes(request.org))
