"""From what was typed to what is looked up: numbers, amounts, dates, states, phrases and words, in Arabic or English.

Words are joined by "and". Each becomes a term: the lexemes under which it stands in the index (`lexemes`), the best first.
A word for a time or a state ("last month", «متأخرة») is also still a word: a row counts where either fits, so an item
called "Open Office" is found. Everything reaches the database as parameters, every lexeme quoted (T43).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wasl.app.archive import plurals, sayings
from wasl.app.archive.lexemes import EDGES, amount_lexeme, compact
from wasl.app.archive.normalise import fold, forms, is_arabic, words
from wasl.app.archive.sayings import Span
from wasl.invoice.numerals import NotANumber, ascii_digits, parse_decimal

CHARS_MAX, TERMS_MAX = 200, 12
SAYING_WORDS_MAX = 4  # "23 كانون الأول 2026"
_QUOTED = re.compile(r'"([^"]{1,200})"|«([^»]{1,200})»|“([^”]{1,200})”')
_SEPARATED = re.compile(r"[0-9]+(?:[-/.][0-9]+){1,2}\Z")
_MONEY = re.compile(r"[-+]?[0-9][0-9.,'٬٫]*\Z")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+\Z")
_SIGNS = "$€£¥﷼"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must fit. `exact` and `more` are pieces of a tsquery, alternatives of each other; `more` ranks lower."""

    kind: str  # word, phrase, number, amount, dates, state
    text: str
    exact: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()  # folded words to mark in what is shown
    spans: tuple[Span, ...] = ()
    state: str = ""
    amount: Decimal | None = None

    @property
    def literal(self) -> str:
        """The term as words alone; a word that stands there as a beginning too is not looked up twice."""
        pieces = (*self.exact, *self.more)
        return any_of(*(piece for piece in pieces if f"{piece}:*" not in pieces))


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    terms: tuple[Term, ...] = ()

    @property
    def words(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.kind == "word")


def parse(text: str, *, today: date) -> Query:
    """Any text in, a query out; never raises. What holds no letter and no figure gives a query without terms."""
    shown = " ".join("".join(char if char.isprintable() else " " for char in text).split())[:CHARS_MAX]
    terms: list[Term] = []
    at = 0
    for found in _QUOTED.finditer(shown):
        terms += _unquoted(shown[at : found.start()], today)
        terms += _phrase(found[1] or found[2] or found[3] or "")
        at = found.end()
    terms += _unquoted(shown[at:], today)
    return Query(shown, tuple(terms[:TERMS_MAX]))


def lexeme(text: str, prefix: bool = False) -> str:
    """A lexeme as a piece of a tsquery: quoted, whatever it holds."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'" + (":*" if prefix else "")


def any_of(*pieces: str) -> str:
    kept = list(dict.fromkeys(piece for piece in pieces if piece))
    return f"({' | '.join(kept)})" if kept else ""


def all_of(*pieces: str) -> str:
    return " & ".join(piece for piece in pieces if piece)


def _unquoted(text: str, today: date) -> list[Term]:
    chunks = text.split()
    terms: list[Term] = []
    at = 0
    while at < len(chunks):
        for size in range(min(SAYING_WORDS_MAX, len(chunks) - at), 0, -1):
            if (term := _saying(chunks[at : at + size], today)) is not None:
                terms.append(term)
                at += size
                break
        else:
            terms += _chunk(chunks[at], today)
            at += 1
    return terms


def _saying(chunks: list[str], today: date) -> Term | None:
    """A date or a state in words, if these chunks together are one."""
    folded = tuple(word.folded for chunk in chunks for word in words(chunk))
    shown, joined = " ".join(chunks), " ".join(folded)
    if not folded or (len(folded) == 1 and folded[0].isdigit()):
        return None
    literal = _adjacent(folded)
    if state := sayings.STATES.get(joined):
        return Term("state", shown, exact=(literal,), state=state, forms=folded)
    if found := sayings.spans(folded, today):
        return Term("dates", shown, exact=(literal,), spans=found, forms=folded)
    return None


def _chunk(chunk: str, today: date) -> list[Term]:
    """One run without spaces."""
    folded = tuple(word.folded for word in words(chunk))
    if not folded:
        return []
    if any(char.isdigit() for char in fold(chunk)):
        return [_figures(chunk, folded)]
    if len(folded) > 1:
        return [Term("phrase", chunk, exact=(_adjacent(folded),), forms=folded)]
    return [word_term(chunk, folded[0])]


def _figures(chunk: str, folded: tuple[str, ...]) -> Term:
    """A number of a document, an amount, a date in figures; often one of several, then all are sought."""
    plain = ascii_digits(chunk).strip(_SIGNS + ".,;:")
    span = sayings.numeric(tuple(re.split(r"[-/.]", plain))) if _SEPARATED.match(plain) else None
    amount = _amount(plain)
    exact = [lexeme(f"#{compact(chunk)}"), _adjacent(folded)]
    if _THOUSANDS.match(plain):  # "1.250" is two numbers, by where one writes
        exact.append(lexeme(amount_lexeme(Decimal(plain.replace(".", "")))))
    if amount is not None:
        exact += [lexeme(amount_lexeme(amount)), lexeme(f"={int(abs(amount))}") if amount == int(amount) else ""]
    year = lexeme(f"/{folded[0]}") if len(folded) == 1 and folded[0].isascii() and len(folded[0]) == 4 and folded[0].startswith("20") else ""
    kind = "dates" if span else "amount" if amount is not None and not plain.isdigit() else "number"
    return Term(
        kind, chunk, exact=tuple(piece for piece in exact if piece), more=(year,) if year else (), forms=folded,
        spans=(span,) if span else (), amount=amount,
    )  # fmt: skip


def _amount(plain: str) -> Decimal | None:
    if not _MONEY.match(plain):
        return None
    try:
        return parse_decimal(plain)
    except NotANumber:
        pass
    if plain.count(",") == 1 and "." not in plain.rpartition(",")[2]:  # 1.250,50 and 12,5: the comma of half the world
        try:
            return parse_decimal(plain.replace(".", "").replace(",", "."))
        except NotANumber:
            return None
    return None


def _phrase(text: str) -> list[Term]:
    folded = tuple(word.folded for word in words(text))
    return [Term("phrase", text.strip(), exact=(_adjacent(folded),), forms=folded)] if folded else []


def _adjacent(folded: tuple[str, ...]) -> str:
    pieces = [lexeme(word) for word in folded[:10]]
    return pieces[0] if len(pieces) == 1 else f"({' <-> '.join(pieces)})"


def word_term(shown: str, folded: str, *, others: tuple[str, ...] = ()) -> Term:
    """A word with its variants; `others` are further spellings that count as the word itself."""
    found = forms(folded)
    more = [lexeme(f"_{folded}")]
    for bare in found.bare:
        more += [lexeme(bare), lexeme(f"_{bare}")]
    more += [lexeme(found.stem), lexeme(f"~{found.stem}")]
    numbers = plurals.others(folded) if is_arabic(folded) else ()
    for other in numbers:
        more += [lexeme(other), lexeme(f"_{other}")]
    if not is_arabic(folded):
        more.append(lexeme(f"#{folded}"))
    if len(folded) in EDGES:
        more.append(lexeme(f"^{folded}"))
    elif len(folded) > max(EDGES):
        more += [lexeme(folded, prefix=True), lexeme(f"_{folded}", prefix=True)]
    return Term("word", shown, exact=(lexeme(folded), *map(lexeme, others)), more=tuple(dict.fromkeys(more)), forms=(folded, *others, *numbers))
