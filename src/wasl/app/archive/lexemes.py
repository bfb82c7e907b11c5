"""What stands in the index for one document, as the text of a tsvector.

A word stands as itself with its place and the weight of its field (A names and numbers, B lines, C notes). Everything
else begins with a sign that no word has, and has no place, so that it ranks below:
`_` without attached letters, `~` stem, `^` first three or four letters, `#` a number or the beginning of one of its
parts, `!` a word or form of an internal note, which only the seller's people look for, `=` an amount, `/` year and month of
issue, `/d` month of the due date, `:` state and kind, `@o` and `@p` who may see it (docs/decisions/0026).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from wasl.app.archive.normalise import fold, forms, words

WORDS_MAX = 4_000  # of one document: beyond that nobody looks for one by a word; keeps the vector far below PostgreSQL's 1 MB
EDGES = (3, 4)  # beginnings kept as lexemes of their own; longer ones are few enough to be looked up as prefixes
ASIDE = "!"  # before every word of an internal note
NUMBER_EDGE_MIN, NUMBER_CHARS_MAX = 3, 24
_FIELD_GAP = 16  # places between fields: a phrase never runs from one into the next
_PLACE_MAX = 16_383  # PostgreSQL's own limit

# What a currency is called by those who type it beside an amount
CURRENCY_WORDS = {
    "SAR": ("sar", "ريال", "riyal"), "AED": ("aed", "درهم", "dirham"), "JOD": ("jod", "دينار", "dinar"), "EGP": ("egp", "جنيه", "pound"),
    "KWD": ("kwd", "دينار", "dinar"), "BHD": ("bhd", "دينار", "dinar"), "QAR": ("qar", "ريال", "riyal"), "OMR": ("omr", "ريال", "riyal"),
    "USD": ("usd", "دولار", "dollar"), "EUR": ("eur", "يورو", "euro"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texts:
    """What of a document is searched, as written."""

    number: str
    issue_date: date
    due_date: date | None = None
    is_note: bool = False
    currency: str = ""
    names: tuple[str, ...] = ()  # seller and buyer, in each language
    references: tuple[str, ...] = ()  # order and contract numbers, tax numbers
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()  # questions and answers
    asides: tuple[str, ...] = ()  # internal notes
    totals: tuple[Decimal, ...] = ()
    amounts: tuple[Decimal, ...] = ()  # of the lines


@dataclass(slots=True)
class _Vector:
    placed: dict[str, list[str]] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    place: int = 1
    count: int = 0

    def text(self, text: str, weight: str) -> None:
        for word in words(text):
            if self.count >= WORDS_MAX:
                return
            self.count += 1
            places = self.placed.setdefault(word.folded, [])
            if len(places) < 16:
                places.append(f"{min(self.place, _PLACE_MAX)}{weight}")
            self.place += 1
            self.plain.update(variants(word.folded))
        self.place += _FIELD_GAP

    def aside(self, text: str) -> None:
        """Words that stand apart: without a place, so that they are nobody's spelling, and under a sign of their own."""
        for word in words(text):
            if self.count >= WORDS_MAX:
                return
            self.count += 1
            self.plain.update(f"{ASIDE}{form}" for form in (word.folded, *variants(word.folded)))

    def marked(self, lexeme: str, weight: str = "A") -> None:
        self.placed.setdefault(lexeme, [f"1{weight}"])

    def render(self) -> str:
        placed = [f"'{lexeme}':{','.join(places)}" for lexeme, places in self.placed.items()]
        return " ".join(placed + [f"'{lexeme}'" for lexeme in self.plain if lexeme not in self.placed])


@lru_cache(maxsize=65_536)
def variants(word: str) -> tuple[str, ...]:
    """The lexemes of a folded word beside itself."""
    exact, bare, stem = forms(word)
    found = [f"_{form}" for form in bare]
    if stem not in (exact, *bare) or bare:
        found.append(f"~{stem}")
    for form in (exact, *bare):
        found += [f"^{form[:size]}" for size in EDGES if len(form) > size]
    return tuple(dict.fromkeys(found))


def vector(texts: Texts, org_id: UUID, payers: Iterable[UUID] = ()) -> str:
    """The document as the text form of a tsvector. Signs and folded words only, so nothing in it needs escaping."""
    made = _Vector()
    for lexeme in number_lexemes(texts.number):
        made.plain.add(lexeme)
    made.marked(f"#{compact(texts.number)}")
    for weight, group in (("A", (texts.number, *texts.names)), ("B", texts.lines), ("C", (*texts.references, *texts.notes, *texts.said))):
        for text in group:
            made.text(text, weight)
    for text in texts.asides:
        made.aside(text)
    for reference in texts.references:
        made.plain.update(number_lexemes(reference))
    for total in texts.totals:
        made.marked(amount_lexeme(total))
        made.plain.add(f"={int(abs(total))}")
    made.plain.update(amount_lexeme(amount) for amount in texts.amounts)
    made.plain.update(CURRENCY_WORDS.get(texts.currency, (texts.currency.lower(),) if texts.currency else ()))
    on = texts.issue_date
    made.plain |= {f"/{on.year}", f"/{on.year}{on.month:02}", org_lexeme(org_id), *map(payer_lexeme, payers)}
    if texts.due_date is not None:
        made.plain.add(f"/d{texts.due_date.year}{texts.due_date.month:02}")
    if texts.is_note:
        made.plain.add(":note")
    return made.render()


def compact(number: str) -> str:
    """A number as it is compared: folded, letters and digits only."""
    return "".join(char for char in fold(number) if char.isalnum())[:NUMBER_CHARS_MAX]


@lru_cache(maxsize=1024)
def number_lexemes(number: str) -> tuple[str, ...]:
    """Every beginning of a number from each of its parts on, with and without leading zeros: "INV-2026-004217" is found by
    "inv2026", "2026-0042", "004217" and "4217"."""
    parts = [word.folded for word in words(number)]
    found: set[str] = set()
    for at in range(len(parts)):
        tail = "".join(parts[at:])[:NUMBER_CHARS_MAX]
        for text in (tail, tail.lstrip("0"), parts[at][:NUMBER_CHARS_MAX], parts[at][:NUMBER_CHARS_MAX].lstrip("0")):
            if text:
                found.add(f"#{text}")
                found.update(f"#{text[:size]}" for size in range(NUMBER_EDGE_MIN, len(text)))
    return tuple(found)


def amount_lexeme(amount: Decimal) -> str:
    """"=1250.5": without sign and needless zeros, whatever the currency."""
    text = f"{abs(amount):f}"
    return "=" + (text.rstrip("0").rstrip(".") if "." in text else text)


def org_lexeme(org_id: UUID) -> str:
    return f"@o{org_id.hex[16:]}"


def payer_lexeme(payer_id: UUID) -> str:
    return f"@p{payer_id.hex[16:]}"
