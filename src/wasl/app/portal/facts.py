"""What services know of an invoice beyond its own text, and the small parts that the payer's page is made of. No database here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from wasl.app.portal.details import Row

ZERO = Decimal(0)


@dataclass(frozen=True)
class Related:
    """A credit note on this invoice, or the invoice that a note corrects."""

    number: str
    date: date
    amount: Decimal
    label: str = ""
    href: str = ""  # where this reader may open it too


@dataclass(frozen=True)
class Payment:
    at: date
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True)
class Facts:
    """What the services know beyond the document's own text. Amounts are in the document's currency."""

    today: date
    paid: Decimal = ZERO
    credited: Decimal = ZERO
    payments: tuple[Payment, ...] = ()
    paid_on: date | None = None
    related: tuple[Related, ...] = ()
    is_private: bool = False
    is_payable: bool = False
    country: str | None = None
    refunds_due: Decimal = ZERO  # owed to the payer
    returned: Decimal = ZERO  # given back, or on its way
    forgiven: Decimal = ZERO  # a discount for paying early, or written off
    given_up: Decimal = ZERO  # of what was forgiven: written off
    due: date | None = None  # the day from which it counts as late
    granted: date | None = None  # the same where it is later than the document's own
    for_seller: bool = False
    disputed: Decimal = ZERO  # of what was paid: contested at the payer's bank
    may_not_pay: bool = False  # a seat that only looks
    clock_differs: bool = False  # another day on the reader's wall than on the seller's


@dataclass(frozen=True)
class FileLink:
    label: str
    href: str
    icon: str
    note: str = ""


@dataclass(frozen=True)
class TrustItem:
    text: str | Markup
    holds: bool | None  # None: still on its way


@dataclass(frozen=True)
class Extra:
    label: str
    amount: Decimal
    percentage: Decimal | None = None


@dataclass(frozen=True)
class PageLine:
    name: str
    description: str | None
    quantity: Decimal | None
    unit: str | None
    price: Decimal | None
    amount: Decimal
    tax_label: str
    extras: tuple[Extra, ...] = ()
    facts: tuple[Row, ...] = ()
    note: str = ""
    ask_url: str = ""
    at: int = 1  # its place in the document
