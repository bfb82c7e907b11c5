"""Who is in the generated installation, and how much each has: a plan that a seed decides, before a row is written."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import _world_words as vocabulary

DAYS = 730
BIG_EVERY, OTHER_EVERY, OTHERS = 10, 50, 200  # every tenth invoice lies in the one big inbox, every fiftieth in one of the others
BIG_EMAIL = "ap@horizon.example"
COUNTRIES = {  # currency, decimals, VAT rate, time zone, share
    "SA": ("SAR", 2, 15, "Asia/Riyadh", 60), "AE": ("AED", 2, 5, "Asia/Dubai", 15), "EG": ("EGP", 2, 14, "Africa/Cairo", 15),
    "JO": ("JOD", 3, 16, "Asia/Amman", 10),
}  # fmt: skip
PATTERNS = ("INV-{YYYY}-{000000}", "INV-{YYYY}-{000000}", "F-{00000}", "{YYYY}/{00000}", "SI{000000}")


@dataclass
class Customer:
    id: UUID
    name: str
    email: str


@dataclass
class Item:
    text: str
    price: int  # minor units


@dataclass(frozen=True)
class Account:
    """What an invoice pins of the seller's bank account; plain, because another process reads it before Django is there."""

    id: UUID
    version: int
    sha256: bytes


@dataclass
class Seller:
    """One seller: `count` invoices between `began` and `ended`. `is_real`: opened by the service, its newest documents are real."""

    at: int
    id: UUID
    count: int
    is_arabic: bool
    name_ar: str
    name_en: str
    country: str
    pattern: str
    series: UUID
    is_real: bool
    seed: int
    items: list[Item] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)

    @property
    def currency(self) -> str:
        return COUNTRIES[self.country][0]

    @property
    def decimals(self) -> int:
        return COUNTRIES[self.country][1]

    @property
    def rate(self) -> int:
        return COUNTRIES[self.country][2]


class Ids:
    """UUIDv7 with a time of our own and random bits of the seed: rows lie in the order of what they tell."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self._last = 0

    def at(self, moment: datetime) -> UUID:
        stamp = max(int(moment.timestamp() * 1000) << 12, self._last + 1)
        self._last = stamp
        return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | self.rng.getrandbits(62))


def sizes(invoices: int, sellers: int) -> list[int]:
    """Zipf sizes that add up to `invoices`, one at least for each."""
    weights = [1 / (rank + 1) for rank in range(sellers)]
    spare = invoices - sellers
    counts = [1 + int(spare * weight / sum(weights)) for weight in weights]
    counts[0] += invoices - sum(counts)
    return counts


def sellers(invoices: int, count: int, *, seed: int, began: datetime, real: int) -> list[Seller]:
    found = vocabulary.words(seed)
    rng, ids = random.Random(seed + 1), Ids(seed + 2)
    shares = [country for country, facts in COUNTRIES.items() for _ in range(facts[4])]
    planned: list[Seller] = []
    real_ones = set(range(min(real // 2, count))) | set(range(0, count, max(1, count // max(1, real // 2))))
    for at, number in enumerate(sizes(invoices, count)):
        is_arabic = rng.random() < 0.6
        opened = began + timedelta(seconds=at)
        seller = Seller(
            at, ids.at(opened), number, is_arabic, vocabulary.company(found, rng, True), vocabulary.company(found, rng, False), rng.choice(shares),
            rng.choice(PATTERNS), ids.at(opened), at in real_ones, seed * 1_000_003 + at,
        )  # fmt: skip
        planned.append(seller)
    return planned


def fill(seller: Seller, found: vocabulary.Words, began: datetime) -> None:
    """The catalogue and the customers of a seller. 60 % of the texts are Arabic."""
    rng, ids = random.Random(seller.seed), Ids(seller.seed + 7)
    scale = 10**seller.decimals
    for _ in range(max(6, min(600, seller.count // 12))):
        is_arabic = rng.random() < (0.9 if seller.is_arabic else 0.15)
        text = vocabulary.phrase(found, rng, is_arabic, rng.randint(2, 6))
        seller.items.append(Item(text, rng.choice((rng.randint(5, 500), rng.randint(500, 20_000))) * scale // rng.choice((1, 1, 1, 4))))
    seller.customers.append(Customer(ids.at(began), "مجموعة الأفق القابضة" if seller.is_arabic else "Horizon Holding", BIG_EMAIL))
    for at in range(max(2, min(4000, seller.count // 15))):
        is_arabic = rng.random() < (0.85 if seller.is_arabic else 0.2)
        seller.customers.append(Customer(ids.at(began), vocabulary.company(found, rng, is_arabic), f"c{at}@s{seller.at}.example"))
