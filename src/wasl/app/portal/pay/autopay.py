"""Automatic payment on the due date: agreed with one seller, announced before each charge, cancelled in one press until then."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from markupsafe import Markup

from wasl.app.errors import NotFound
from wasl.app.invoicing.models import Invoice
from wasl.app.payments import autopay, saved
from wasl.app.payments.autopay import NOTICE_DAYS_MAX, NOTICE_DAYS_MIN
from wasl.app.payments.models import Mandate, PlannedCharge
from wasl.app.payments.terms import settings_of
from wasl.app.portal.access import missed
from wasl.app.portal.door import by_inbox
from wasl.app.portal.inbox.queries import seller_named
from wasl.app.portal.pay.saved import SavedWay
from wasl.app.tenancy.models import Organisation
from wasl.app.tenancy.payers import Inbox
from wasl.app.ui import numbers
from wasl.app.ui.counting import ngettext
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many
from wasl.app.ui.macros import day, money
from wasl.errors import WaslError
from wasl.invoice.money import from_minor, to_minor

ACTS = Limit(count=30, seconds=300)
NOTICES = (1, 2, 3, 5, 7, 14)  # offered; all lie between NOTICE_DAYS_MIN and NOTICE_DAYS_MAX


@dataclass(frozen=True)
class Plan:
    """One invoice that will be paid by itself."""

    of: PlannedCharge

    @property
    def words(self) -> Markup:
        values = {"date": day(self.of.charge_on, self.of.organisation.country), "amount": self.amount}
        return Markup(_("On %(date)s we will charge %(amount)s by itself, unless you cancel.")) % values  # noqa: S704

    @property
    def amount(self) -> Markup:
        return money(from_minor(self.of.amount, self.of.currency), self.of.currency)

    @property
    def url(self) -> str:
        """The invoice itself, in the inbox that agreed."""
        return reverse("inbox-payer", args=[self.of.organisation_id, self.of.invoice_id])

    @property
    def can_cancel(self) -> bool:
        return self.of.state in (PlannedCharge.PLANNED, PlannedCharge.NOTICED)


def plans(inbox: Inbox, org: Any = None) -> list[Plan]:
    return [Plan(each) for each in autopay.planned_of(inbox.payer, org)]


@dataclass(frozen=True)
class Agreement:
    """What the inbox agreed with one seller."""

    of: Mandate

    @property
    def method(self) -> SavedWay:
        return SavedWay(self.of.method)

    @property
    def words(self) -> list[str | Markup]:
        """Plainly: what is charged, when it is announced, up to how much."""
        said: list[str | Markup] = [_("Each invoice of this seller is paid on its due date, by itself.")]
        said.append(ngettext(
            "We tell you %(num)d day before, and you can cancel until then.", "We tell you %(num)d days before, and you can cancel until then.",
            self.of.notice_days,
        ))  # fmt: skip
        if self.of.limit:
            limit = money(from_minor(self.of.limit, self.of.currency), self.of.currency)
            said.append(Markup(_("Never more than %(limit)s for one invoice: a larger one waits for you.")) % {"limit": limit})  # noqa: S704
        return said


def agreements(inbox: Inbox) -> list[Agreement]:
    """With every seller."""
    live = Mandate._base_manager.filter(payer_id=inbox.payer.pk, ended_at=None).select_related("method", "organisation", "method__organisation")
    return [Agreement(each) for each in live.order_by("agreed_at")]


@dataclass(frozen=True)
class AutopayPage:
    inbox: Inbox
    org: Organisation
    typed: dict[str, str]
    problem: str = ""

    @property
    def agreement(self) -> Agreement | None:
        found = autopay.mandate_of(self.inbox.payer, self.org)
        return Agreement(found) if found else None

    @property
    def methods(self) -> list[SavedWay]:
        return [SavedWay(each) for each in saved.methods_of(self.inbox.payer, self.org)]

    @property
    def plans(self) -> list[Plan]:
        return plans(self.inbox, self.org)

    @property
    def is_offered(self) -> bool:
        return settings_of(self.org).allows_autopay

    @property
    def seller(self) -> str:
        return self.org.name_in(current())

    @property
    def notices(self) -> list[tuple[str, str]]:
        days = [each for each in NOTICES if NOTICE_DAYS_MIN <= each <= NOTICE_DAYS_MAX]
        return [(str(each), ngettext("%(num)d day before", "%(num)d days before", each)) for each in days]

    def value(self, name: str) -> Any:
        """What a field holds: as typed, else as agreed, else as we would have it."""
        if name in self.typed:
            return self.typed[name]
        now = self.agreement.of if self.agreement else None
        if name == "method":
            return f"saved:{now.method_id}" if now else (self.methods[0].key if self.methods else "")
        if name == "notice":
            return str(now.notice_days if now else 3)
        return str(from_minor(now.limit, now.currency)) if now and now.limit else ""


def seller_of(inbox: Inbox, org_id: UUID) -> Organisation | None:
    """A seller that has something in this inbox; another one's name is nobody's business (T66)."""
    if not seller_named(inbox.payer, org_id) and not Invoice.objects.for_payer(inbox.payer).filter(organisation_id=org_id).exists():
        return None
    return Organisation.objects.filter(pk=org_id).first()


@require_http_methods(["GET", "HEAD", "POST"])
@by_inbox("pay")
def setup(request: HttpRequest, inbox: Inbox, org_id: UUID) -> HttpResponse:
    """`/inbox/autopay/<seller>`: agree, change, end."""
    org = seller_of(inbox, org_id)
    if org is None:
        return missed(request)
    if request.method != "POST":
        return _show(request, AutopayPage(inbox, org, {}))
    if not ACTS.spend(str(inbox.person.pk)):
        return too_many(request, ACTS.seconds)
    if request.POST.get("do") == "end":
        found = autopay.mandate_of(inbox.payer, org)
        if found is not None:
            autopay.end(found)
            messages.success(request, _("Automatic payment has ended. What was planned is cancelled."))
        return redirect("inbox-autopay", org.pk)
    typed = {name: request.POST.get(name, "").strip()[:60] for name in ("method", "notice", "limit")}
    try:
        _agree(inbox, org, typed)
    except NotFound:
        return missed(request)
    except WaslError as error:
        return _show(request, AutopayPage(inbox, org, typed, error.message(current())), status=422)
    messages.success(request, _("Agreed. We tell you before each payment."))
    return redirect("inbox-autopay", org.pk)


def _agree(inbox: Inbox, org: Organisation, typed: dict[str, str]) -> None:
    try:
        method = saved.method_of(inbox.payer, UUID(typed["method"].removeprefix("saved:")))
    except ValueError:
        raise NotFound(what="payment method") from None
    limit: Decimal | None = numbers.number(typed["limit"])
    days = int(typed["notice"]) if typed["notice"].isascii() and typed["notice"].isdigit() else 0
    units = None if limit is None else to_minor(limit, org.currency)
    autopay.agree(inbox.payer, org, method, notice_days=days, limit=units, by=f"person:{inbox.person.pk}")


def _show(request: HttpRequest, page: AutopayPage, *, status: int = 200) -> HttpResponse:
    return render(request, "portal/pay/autopay.html", {"page": page, "place": "preferences"}, status=status)


@require_POST
@by_inbox("pay")
def cancel(request: HttpRequest, inbox: Inbox, charge_id: UUID) -> HttpResponse:
    """This one is not paid by itself. Another inbox's plan is one that never was (T53)."""
    if not ACTS.spend(str(inbox.person.pk)):
        return too_many(request, ACTS.seconds)
    try:
        charge = autopay.cancel(inbox.payer, charge_id)
    except NotFound:
        return missed(request)
    except WaslError as error:
        messages.error(request, error.message(current()))
    else:
        messages.success(request, _("Cancelled. This invoice waits for you to pay it."))
        return redirect("inbox-autopay", charge.organisation_id)
    return redirect("inbox-methods")


