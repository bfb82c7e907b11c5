"""What the pay page shows: how much is left, how much to pay now, and the ways to pay it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app.notices.preferences import preferences_of
from wasl.app.payments.terms import settings_of
from wasl.app.portal.offers import Offer, offers
from wasl.app.portal.pay.amount import NEXT, PART, WHOLE, Limits
from wasl.app.portal.pay.frame import Head
from wasl.app.portal.pay.funds import Funds
from wasl.app.portal.pay.prefer import may_prefer
from wasl.app.portal.pay.saved import SavedWay, saved_ways
from wasl.app.portal.pay.start import can_save
from wasl.app.portal.pay.ways import Way, at_once, ways_of
from wasl.app.portal.viewer import Viewer
from wasl.app.ui import format
from wasl.app.ui.macros import full_day, money
from wasl.invoice.money import from_minor
from wasl.invoice.payment_terms import payment_terms


@dataclass(frozen=True)
class PayPage(Head):
    """One invoice's. `typed` is what the form held when it was refused, `problems` what is wrong with it: (field, sentence)."""

    typed: dict[str, str] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    notice: str = ""

    @cached_property
    def ways(self) -> list[Way]:
        return viewer_ways(self.viewer)

    @property
    def way(self) -> str:
        """The way that is chosen when the page opens."""
        keys = [way.key for way in (*self.saved, *self.ways)]
        return self.typed["way"] if self.typed.get("way") in keys else keys[0] if keys else ""

    @property
    def left(self) -> Decimal:
        return from_minor(max(self.viewer.standing.balance, 0), self.currency)

    @property
    def is_open(self) -> bool:
        return self.left > 0 and not self.viewer.row.is_credit_note and not self.viewer.is_damaged

    @property
    def pay_url(self) -> str:
        return self.viewer.url("payer-pay")

    @cached_property
    def funds(self) -> Funds:
        return Funds(self.viewer)

    @property
    def pays(self) -> Decimal:
        """What settles it today."""
        return from_minor(self.funds.settles, self.currency)

    @property
    def next_part(self) -> Decimal:
        return from_minor(self.funds.next_part, self.currency)

    @property
    def asks_how_much(self) -> bool:
        return self.may_part or bool(self.funds.next_part)

    @property
    def pay_label(self) -> Markup:
        return Markup(_("Pay %(amount)s")) % {"amount": money(self.pays, self.currency)}  # noqa: S704

    @cached_property
    def saved(self) -> list[SavedWay]:
        """What the reader's inbox keeps with this seller."""
        return saved_ways(self.viewer)

    @cached_property
    def can_save(self) -> bool:
        """An inbox keeps a method for whoever may pay in it; a link keeps nothing: it is passed on."""
        return self.viewer.inbox is not None and self.viewer.can_pay and can_save(self.viewer.org, self.ways)

    @property
    def credit_url(self) -> str:
        return self.viewer.url("payer-pay-credit")

    @property
    def autopay_url(self) -> str:
        """Where automatic payment with this seller is set up or ended."""
        return reverse("inbox-autopay", args=[self.viewer.org.pk]) if self.viewer.inbox is not None and self.viewer.can_pay else ""

    @property
    def may_prefer(self) -> bool:
        return may_prefer(self.viewer)

    @property
    def limits(self) -> Limits:
        return Limits(self.currency, max(self.viewer.standing.balance, 0))

    @property
    def may_part(self) -> bool:
        return allows_part(self.viewer.org) and self.limits.is_possible

    @property
    def much(self) -> str:
        return self.typed.get("much") or (PART if self.typed.get("amount") else NEXT if self.funds.next_part else WHOLE)

    @property
    def part_hint(self) -> str | Markup:
        low, high = (money(from_minor(units, self.currency), self.currency) for units in (self.limits.low, self.limits.high))
        return Markup(_("From %(low)s to %(high)s.")) % {"low": low, "high": high}  # noqa: S704

    @property
    def due_line(self) -> str | Markup:
        due = self.viewer.due
        if due is None:
            return ""
        sentence = _("The seller gives you until %(date)s") if self.viewer.granted else _("Due %(date)s")
        said = Markup(sentence) % {"date": full_day(due, self.viewer.org.country)}  # noqa: S704  the sentence is ours
        return said + " · " + format.due_in(due, self.viewer.today)

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Discount and late fee as the document's own terms say (decision 0023)."""
        document, standing = self.viewer.document, self.viewer.standing
        if document is None:
            return ()
        return offers(
            payment_terms(document), currency=self.currency, country=self.viewer.org.country, today=self.viewer.today,
            total=standing.amount(standing.total), is_untouched=not (standing.received or standing.credited),
        )  # fmt: skip


def allows_part(org: Any) -> bool:
    """Whether this seller takes a part at a time."""
    return settings_of(org).allows_part_payment


def viewer_ways(viewer: Viewer) -> list[Way]:
    """The ways to pay this invoice, the reader's own first. Who came by the printed code has no preference here."""
    return ways_of(viewer.org, viewer.row.currency, preferred=preferred_of(viewer), takes_transfer=takes_transfer(viewer))


def preferred_of(viewer: Viewer) -> str:
    return preferences_of(viewer.email).pay_way if viewer.email else ""


def takes_transfer(viewer: Viewer) -> bool:
    """Whether there is a page that says how to pay to the seller's own account."""
    from wasl.app.portal.build import optional

    return bool(viewer.is_private and optional(viewer, "payer-transfer") and viewer.row.account_version_id)


def quick_way(viewer: Viewer) -> Way | None:
    """Where the Pay button of the invoice page leads at once."""
    return at_once(viewer_ways(viewer))
