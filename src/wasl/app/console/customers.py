"""Customers: the buyers an organisation bills. Changing one changes no document that was issued."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wasl.app.console.access import get_or_404, member, show
from wasl.app.console.forms import RecordForm
from wasl.app.console.requests import asked_of
from wasl.app.folding import fold
from wasl.app.invoicing.customers import add_customer, archive, change_customer
from wasl.app.invoicing.models import Customer
from wasl.app.invoicing.requests import open_requests
from wasl.app.ui import numbers
from wasl.app.ui.i18n import current
from wasl.app.ui.jinja import query
from wasl.errors import WaslError
from wasl.invoice.codes import COUNTRIES, country_name

PAGE_ROWS = 50
TEXT_MAX = 100
DAYS_MAX = 365


class BadCountry(WaslError):
    code, term = "WASL-CUST-01", "BT-55"
    en = "Choose the country from the list."
    ar = "اختر الدولة من القائمة."


class BadEmail(WaslError):
    code, term = "WASL-CUST-02", "BT-58"
    en = "“{text}” is not an e-mail address. Write it as name@example.com."
    ar = "«{text}» ليس عنوان بريد. اكتبه هكذا: name@example.com."


class BadDays(WaslError):
    code, term = "WASL-CUST-03", "BT-9"
    en = "Write a whole number of days from 0 to {limit}."
    ar = "اكتب عدد الأيام رقمًا صحيحًا من 0 إلى {limit}."


def country(text: str) -> str:
    if text not in COUNTRIES:
        raise BadCountry
    return text


def email(text: str) -> str:
    address = text.strip()
    try:
        validate_email(address) if address else None
    except ValidationError:
        raise BadEmail(text=address[:60]) from None
    return address


def days(text: str) -> int:
    typed = numbers.ascii_digits(text.strip()) or "30"
    if not typed.isdigit() or len(typed) > 9 or int(typed) > DAYS_MAX:
        raise BadDays(limit=DAYS_MAX)
    return int(typed)


def words(limit: int) -> Any:
    return lambda text: numbers.line(text, limit) or ""


READERS = {
    "name": words(200), "vat_identifier": words(40), "legal_registration": words(60), "contact_name": words(200), "email": email,
    "phone": words(40), "line_1": words(200), "line_2": words(200), "city": words(100), "post_code": words(20), "subdivision": words(100),
    "country": country, "language": lambda text: "en" if text == "en" else "ar", "payment_days": days,
}  # fmt: skip


def found_customers(org: Any, text: str) -> Any:
    """The customers in use whose names hold `text`, however either is written, by name; a query set."""
    return Customer.objects.for_org(org).filter(archived_at=None, name_folded__contains=fold(text)).order_by("name", "id")


@require_safe
@member
def customers(request: Any) -> HttpResponse:
    from wasl.app.console.invoices import page_number

    text = request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_MAX]
    page = page_number(request)
    found = found_customers(request.org, text)
    rows = list(found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS + 1])
    waiting = len(open_requests(request.org))
    return show(
        request, "console/customers.html", "customers", rows=rows[:PAGE_ROWS], has_next=len(rows) > PAGE_ROWS, page=page, q=text, waiting=waiting
    )


@require_http_methods(["GET", "POST"])
@member
def edit(request: Any, customer_id: UUID | None = None) -> HttpResponse:
    row = get_or_404(Customer.objects.for_org(request.org).filter(pk=customer_id).first()) if customer_id else None
    form = RecordForm(READERS, required=("name", "country"))
    if request.method == "GET":
        form.typed = {name: str(getattr(row, name)) for name in READERS} if row else {"country": request.org.country, "payment_days": "30"}
        return page_of(request, form, row)
    if row is not None and request.POST.get("act") == "archive":
        archive(row, actor=request.actor)
        messages.success(request, _("The customer is off the list; issued invoices stay as they are."))
        return redirect("console-customers", slug=request.org.slug)
    values = form.read(request.POST)
    if form.problems:
        return page_of(request, form, row, status=422)
    try:
        saved = (
            change_customer(request.org, row.pk, actor=request.actor, **values) if row else add_customer(request.org, actor=request.actor, **values)
        )
    except WaslError as error:
        form.problems["name"] = [error.message(current())]
        return page_of(request, form, row, status=422)
    messages.success(request, _("The customer is saved."))
    if row is None and request.GET.get("then") == "invoice":
        return redirect(f"/console/{request.org.slug}/new" + query(request, then=None, customer=saved.pk))
    return redirect("console-customers", slug=request.org.slug)


def page_of(request: Any, form: RecordForm, row: Customer | None, status: int = 200) -> HttpResponse:
    lang = current()
    countries = sorted(((code, country_name(code, lang)) for code in COUNTRIES), key=lambda pair: pair[1])
    asked = asked_of(request.org, row.pk) if row else []
    choices = [("", _("Choose a country")), *countries]
    return show(request, "console/customer.html", "customers", status=status, form=form, row=row, countries=choices, asked=asked)
