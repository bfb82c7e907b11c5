"""What the payer already has or agreed with this seller: credit, instalments, a discount for paying early, a planned payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from wasl.app import clock
from wasl.app.payments.autopay import charge_of
from wasl.app.payments.credit import balance_of
from wasl.app.payments.early import due_now, early_discount
from wasl.app.payments.plans import Part, plan_of
from wasl.app.portal.viewer import Viewer
from wasl.app.ui.macros import day, money
from wasl.invoice.money import from_minor


@dataclass(frozen=True)
class Instalment:
    """One part of a plan as the page shows it."""

    due_on: date
    amount: Decimal
    left: Decimal
    is_next: bool
    is_deposit: bool

    @property
    def is_paid(self) -> bool:
        return self.left <= 0


@dataclass(frozen=True)
class Funds:
    """Asked of the books when first wanted."""

    viewer: Viewer

    @property
    def row(self) -> Any:
        return self.viewer.row

    def _money(self, units: int) -> Markup:
        return money(from_minor(units, self.row.currency), self.row.currency)

    @cached_property
    def left(self) -> int:
        return 0 if self.row.is_credit_note else max(self.viewer.standing.balance, 0)

    # -- a discount for paying early ---------------------------------------------------------------------------------------

    @cached_property
    def _due_now(self) -> tuple[int, int]:
        return due_now(self.row, clock.now()) if self.left else (0, 0)

    @property
    def settles(self) -> int:
        """What settles the invoice today, in minor units."""
        return self._due_now[0]

    @property
    def discount_line(self) -> str | Markup:
        """Before it applies and while it does: Pay takes it off by itself."""
        forgiven = self._due_now[1]
        offered = early_discount(self.row) if forgiven else None
        if offered is None:
            return ""
        values = {"off": self._money(forgiven), "date": day(offered.until, self.viewer.org.country), "amount": self._money(self.settles)}
        return Markup(_("Pay by %(date)s and %(off)s is taken off: you pay %(amount)s.")) % values  # noqa: S704

    # -- instalments -------------------------------------------------------------------------------------------------------

    @cached_property
    def _parts(self) -> list[Part]:
        return plan_of(self.row) if self.left else []

    @property
    def instalments(self) -> list[Instalment]:
        following = next((part for part in self._parts if part.left > 0), None)
        currency = self.row.currency
        return [
            Instalment(part.due_on, from_minor(part.amount, currency), from_minor(part.left, currency), part is following, part.is_deposit)
            for part in self._parts
        ]

    @property
    def next_part(self) -> int:
        """What of the next instalment is left, in minor units; 0 without a plan, and where it is all that is left."""
        found = next((part.left for part in self._parts if part.left > 0), 0)
        return found if found < self.left else 0

    # -- credit ------------------------------------------------------------------------------------------------------------

    @cached_property
    def credit(self) -> int:
        """What the customer has with this seller in this currency: said to whom the document was sent to, and to nobody else."""
        if not self.viewer.is_private or self.row.customer_id is None:
            return 0
        return max(balance_of(self.viewer.org, self.row.customer_id, self.row.currency), 0)

    @property
    def usable(self) -> int:
        return min(self.credit, self.left)

    @property
    def credit_line(self) -> str | Markup:
        if not self.credit:
            return ""
        return Markup(_("You have a credit of %(amount)s with this seller.")) % {"amount": self._money(self.credit)}  # noqa: S704

    @property
    def use_label(self) -> Markup:
        return Markup(_("Use %(amount)s of your credit")) % {"amount": self._money(self.usable)}  # noqa: S704

    # -- automatic payment -------------------------------------------------------------------------------------------------

    @cached_property
    def charge(self) -> Any:
        """The automatic payment of this invoice that is planned, where this reader may know of it: the inbox that agreed to it."""
        if self.viewer.inbox is None or not self.left:
            return None
        found = charge_of(self.row)
        return found if found is not None and found.mandate.payer_id == self.viewer.inbox.payer.pk else None

    @property
    def autopay_line(self) -> str | Markup:
        if self.charge is None:
            return ""
        values = {"date": day(self.charge.charge_on, self.viewer.org.country), "amount": self._money(self.charge.amount)}
        return Markup(_("On %(date)s we will charge %(amount)s by itself, unless you cancel.")) % values  # noqa: S704
