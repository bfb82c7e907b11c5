"""An invoice in which every business term has a value of its own, and where that value may be looked for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from wasl.invoice.dates import format_date
from wasl.invoice.model import Invoice, Term
from wasl.invoice.numerals import grouped
from wasl.invoice.terms import TERMS

PATHS = {info.path: info.id for info in TERMS.values() if info.path and not info.is_group}
# Letters only: figures among them change places when a page of right-to-left text is read back
_LETTERS = str.maketrans("0123456789-", "ABCDEFGHIJK")
CSV = b"a;b\n1;2\n"


def number_of(term: str) -> int:
    """BT-29-1 -> 29001: different for every term."""
    main, _, part = term.removeprefix("BT-").partition("-")
    return int(main) * 1000 + int(part or 0)


def mark(term: str, kind: type) -> Any:
    """The value of a term: text that says its number, an amount, a rate or a day that no other term has."""
    if kind is str:
        return "X" + term.removeprefix("BT-").translate(_LETTERS) + "Z"
    if kind is Decimal:
        return Decimal(number_of(term)) + Decimal("0.37")
    if kind is date:
        return date(2000, 1, 1) + timedelta(days=number_of(term) // 1000 * 397)  # each in a year of its own
    return CSV


def filled(kind: Any = Invoice, path: str = "") -> Any:
    """An instance with one of every group and a mark in every term; what is no term of the core stays empty."""
    values: dict[str, Any] = {}
    for name, hint in get_type_hints(kind).items():
        place = f"{path}.{name}" if path else name
        options = [a for a in get_args(hint) if a not in (type(None), Ellipsis)]
        inner = options[0] if options else hint
        many = getattr(hint, "__origin__", None) is tuple
        if many:
            place += "[]"
        if isinstance(inner, type) and issubclass(inner, Term):
            made = filled(inner, place)
            values[name] = (made,) if many else made
        elif place in PATHS:
            values[name] = mark(PATHS[place], inner)
    return kind(**values)


def wanted() -> dict[str, tuple[str, ...]]:
    """Term -> the texts of which one must be found; every term but those of the attached file's bytes."""
    found: dict[str, tuple[str, ...]] = {}
    for path, term in PATHS.items():
        value = _at(filled(), path)
        if isinstance(value, str):
            found[term] = (value,)
        elif isinstance(value, Decimal):
            found[term] = (grouped(value, 2),)
        elif isinstance(value, date):
            found[term] = (format_date(value, "en"), format_date(value, "ar"))
        else:
            found[term] = (f"{len(CSV)} B", f"B {len(CSV)}")  # read back from either side
    return found


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = getattr(value, name.removesuffix("[]"))
        if name.endswith("[]"):
            value = value[0]
    return value


def missing(text: str, leaves: tuple[str, ...] = ()) -> list[str]:
    """Terms of which nothing is found in the text; both are compared without white space and invisible characters."""
    flat = squeezed(text)
    return sorted(t for t, texts in wanted().items() if t not in leaves and not any(squeezed(each) in flat for each in texts))


def squeezed(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c not in "\u200b\ufffe\u00ad\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u0002")
