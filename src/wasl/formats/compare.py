"""Two invoices compared term by term: what differs, where, and what each of them says.

One answer to three questions: what a conversion lost, what a profile has no place for, and whether two files that came in one
PDF are the same invoice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import cast

import msgspec

from wasl.formats.lexical import plain
from wasl.invoice.model import Invoice, Term
from wasl.invoice.terms import TermInfo, by_path

SHOWN_CHARS_MAX = 200
_INDEX = re.compile(r"\[\d+\]")


class Difference(msgspec.Struct, frozen=True):
    """One term: `path` in the model ("lines[0].price.net"), its values in both invoices, None where one has nothing."""

    path: str
    left: object
    right: object

    @property
    def term(self) -> TermInfo | None:
        """The business term; for a whole group, its BG."""
        paths = by_path()
        path = _INDEX.sub("[]", self.path)
        return paths.get(path) or paths.get(path.removesuffix(".value"))


def differences(left: Invoice, right: Invoice) -> list[Difference]:
    """Every term that differs, in the order of the model; empty where the invoices are equal."""
    return [] if left == right else list(_differences(left, right, ""))


def shown(value: object) -> str:
    """A value as text, cut to a readable length; bytes by their number."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if value is None or isinstance(value, (Term, tuple)):
        return ""
    text = str(value)
    return text if len(text) <= SHOWN_CHARS_MAX else f"{text[:SHOWN_CHARS_MAX]}…"


def _differences(left: object, right: object, path: str) -> Iterator[Difference]:
    if left == right:
        return
    sample = right if left is None else left
    if isinstance(sample, Term) and (left is None or right is None or type(left) is type(right)):
        yield from _of_group(cast("Term | None", left), cast("Term | None", right), path)
    elif isinstance(sample, tuple):
        yield from _of_list(cast(tuple[object, ...], left or ()), cast(tuple[object, ...], right or ()), path)
    else:
        yield Difference(path, left, right)


def _of_group(left: Term | None, right: Term | None, path: str) -> Iterator[Difference]:
    """The terms of a group; the group itself where it holds nothing."""
    sample = cast(Term, right if left is None else left)
    found = False
    for name in sample.__struct_fields__:
        one, other = (None if group is None else getattr(group, name) for group in (left, right))
        for each in _differences(one or None if isinstance(one, tuple) else one, other, f"{path}.{name}" if path else name):
            found = True
            yield each
    if not found:
        yield Difference(path, left, right)


def _of_list(left: tuple[object, ...], right: tuple[object, ...], path: str) -> Iterator[Difference]:
    for at in range(max(len(left), len(right))):
        one, other = (each[at] if at < len(each) else None for each in (left, right))
        yield from _differences(one, other, f"{path}[{at}]")
