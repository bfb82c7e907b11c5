"""What happens in the demo's history: 60 invoices over three months, decided by a fixed seed, so every demo tells the same story."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from wasl.demo.people import SELLERS, SampleSeller

SEED = 16931
DAYS = 88  # the oldest document
INVOICES = 60
BEFORE = timedelta(hours=2)  # the sellers open so long before their first invoice

# What becomes of an invoice, and how many of each; the credited ones bring credit notes besides.
FATES = {
    "paid": 17,  # opened, paid some days later
    "paid_late": 5,
    "open": 9,  # issued lately, not due yet
    "overdue": 6,
    "credited_partly": 3,  # brings a credit note
    "credited": 2,  # brings a credit note
    "refunded": 1,
    "declined": 2,  # tried to pay; the bank refused the card
    "bounced": 1,
    "late_bounce": 1,
    "deferred": 1,
    "unknown": 1,
    "rejected": 1,
    "by_itself": 1,  # waits for its day: its customer pays automatically
    "by_card": 1,  # these at a gateway's page, in the last hours (paying.ACTS); the first one keeps its card
    "by_mada": 1,
    "by_stc_pay": 1,
    "by_apple_pay": 1,
    "by_tap": 1,
    "in_euro": 1,
    "disputed": 1,
    "taken_back": 1,
    "refused": 1,
}
# Whose they are, and for which customer: some ways to pay are one country's, and the first console that is opened shows every end
SANAD, JABAL, BELLIARD = SELLERS
CAST: dict[str, tuple[SampleSeller, int | None]] = {
    "by_itself": (SANAD, 0), "by_card": (SANAD, 0), "by_mada": (SANAD, None), "by_stc_pay": (SANAD, None), "by_apple_pay": (SANAD, None),
    "disputed": (SANAD, 1), "taken_back": (SANAD, 2), "declined": (SANAD, None), "by_tap": (JABAL, None), "refused": (JABAL, None),
    "in_euro": (BELLIARD, None),
}  # fmt: skip
MAIL_FAULTS = {"bounced": "bounce", "late_bounce": "latebounce", "deferred": "defer", "unknown": "dieafterdata", "rejected": "reject"}


@dataclass(frozen=True)
class PlannedLine:
    item: int  # index into the seller's items
    quantity: Decimal
    discount: Decimal  # per cent


@dataclass(frozen=True)
class Planned:
    """One invoice to come: whose, for whom, when, what, and what becomes of it."""

    seller: SampleSeller
    customer: int
    at: datetime
    lines: tuple[PlannedLine, ...]
    due_days: int
    fate: str


def plan(now: datetime) -> list[Planned]:
    """The invoices in the order of time. All lie before `now`, in office hours."""
    rng = random.Random(SEED)
    fates = [fate for fate, count in FATES.items() for _ in range(count)]
    assert len(fates) == INVOICES
    rng.shuffle(fates)
    return sorted((_one(rng, fate, now) for fate in fates), key=lambda one: one.at)


def _one(rng: random.Random, fate: str, now: datetime) -> Planned:
    seller = rng.choices(SELLERS, weights=(5, 3, 2))[0]
    due_days = rng.choice((14, 30, 30, 45))
    seller, customer = CAST.get(fate, (seller, None))
    if fate == "by_itself":
        due_days = 14
    youngest, oldest = {
        "open": (1, min(due_days - 2, 12)),
        "overdue": (due_days + 2, due_days + 25),
        "declined": (3, 9),
        "paid_late": (due_days + 12, DAYS),
        "by_itself": (6, 8),
    }.get(fate, (2, 11) if fate in CAST else (14, DAYS))
    if fate in ("deferred", "unknown"):  # states of the last minutes: the mail server's next answer ends them
        at = now - timedelta(minutes=rng.randint(2, 6))
        return Planned(seller, _customer(rng, seller), at, _lines(rng, seller), due_days, fate)
    day = (now - timedelta(days=rng.randint(youngest, oldest))).date()
    at = datetime(day.year, day.month, day.day, rng.randint(6, 12), rng.randint(0, 59), rng.randint(0, 59), tzinfo=UTC)
    chosen = _customer(rng, seller)
    return Planned(seller, chosen if customer is None else customer, at, _lines(rng, seller), due_days, fate)


def _customer(rng: random.Random, seller: SampleSeller) -> int:
    """The first customer, who deals with all three sellers, comes up most."""
    return rng.choices(range(len(seller.customers)), weights=[4, *[2] * (len(seller.customers) - 1)])[0]


def _lines(rng: random.Random, seller: SampleSeller) -> tuple[PlannedLine, ...]:
    usual = [index for index, item in enumerate(seller.items) if item.tax[0] != "G"]  # export goes only to customers abroad
    chosen = rng.sample(usual, rng.randint(1, min(4, len(usual))))
    return tuple(
        PlannedLine(index, Decimal(rng.choice((1, 2, 3, 5, 10, 11, 24))), Decimal(rng.choice((0, 0, 0, 5, 10)))) for index in sorted(chosen)
    )
