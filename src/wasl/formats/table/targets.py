"""Where a column can go: every business term that a cell can hold, with its place in the model and the kind of its value.

Beside the terms of EN 16931 there are two checks that Saudi sheets know: KSA-11 (VAT of the line) and KSA-12 (line with
VAT). Amounts that `totals()` computes are compared with it, never taken. `BT-160/2` means the second of several.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, NamedTuple, cast, get_args, get_origin, get_type_hints

from wasl.invoice.model import Invoice, Term
from wasl.invoice.terms import TERMS

Kind = Literal["text", "amount", "percent", "date", "category", "unit", "type", "currency", "country"]

# Compared with what `totals()` computes
COMPARED = frozenset({"BT-106", "BT-107", "BT-108", "BT-109", "BT-110", "BT-112", "BT-115", "BT-131", "KSA-11", "KSA-12"})
_LABELS = {"KSA-11": ("مبلغ ضريبة البند", "VAT of the line"), "KSA-12": ("البند شاملًا الضريبة", "line with VAT")}
_PERCENT = frozenset({"BT-94", "BT-96", "BT-101", "BT-103", "BT-138", "BT-143", "BT-152"})
_SPECIAL: dict[str, Kind] = {
    "BT-3": "type",
    "BT-5": "currency",
    "BT-6": "currency",
    "BT-95": "category",
    "BT-102": "category",
    "BT-151": "category",
    "BT-130": "unit",
    "BT-150": "unit",
    **dict.fromkeys(("BT-40", "BT-55", "BT-69", "BT-80", "BT-159"), "country"),
}
# A file inside a cell, and the breakdown that the lines decide, are no columns.
_LEFT_OUT = frozenset({"BT-125", "BT-125-1", "BT-125-2", "BT-116", "BT-117", "BT-118", "BT-119"})
_NAME = re.compile(r"(BT-[0-9]{1,3}(?:-[0-9])?|KSA-1[12])(?:/([1-9]))?\Z")


class Step(NamedTuple):
    """One step into the model; `at` is the place in a list, None for a single group or value."""

    name: str
    at: int | None


class Target(NamedTuple):
    """One term as the goal of a column. `on_line`: it belongs to a line, so it may differ from row to row."""

    term: str  # as the mapping writes it: "BT-160/2"
    base: str  # "BT-160"
    steps: tuple[Step, ...]
    kind: Kind
    on_line: bool

    @property
    def computed(self) -> bool:
        return self.base in COMPARED

    def label(self, lang: str) -> str:
        return label(self.base, lang)


def label(term: str, lang: str) -> str:
    """What people call the term."""
    if term in _LABELS:
        return _LABELS[term][lang != "ar"]
    return TERMS[term].label(lang) if term in TERMS else term


@cache
def target(name: str) -> Target | None:
    """The goal that `name` means; None where there is none."""
    match = _NAME.match(name)
    if match is None or match[1] in _LEFT_OUT:
        return None
    base, number = match[1], int(match[2] or 1)
    if base in _LABELS:
        return Target(name, base, (), "amount", True)
    info = TERMS.get(base)
    if info is None or not info.path or info.is_group:
        return None
    steps = _steps(info.path, number - 1)
    if number > 1 and all(each.at is None for each in steps):
        return None
    on_line = info.path.startswith(("lines[].", "tax_breakdown[]."))
    return Target(name, base, steps, _kind(base, info.path), on_line) if steps else None


@cache
def all_targets() -> tuple[Target, ...]:
    """Every term that can be a column, in the order of the model's table."""
    found = [target(name) for name in (*TERMS, *_LABELS)]
    return tuple(each for each in found if each is not None)


def _steps(path: str, at: int) -> tuple[Step, ...]:
    """The steps below the invoice, or below the line; only the innermost list has a number other than 0."""
    parts = path.split(".")
    if parts[0] in ("lines[]", "tax_breakdown[]"):
        parts = parts[1:]
    lists = [place for place, part in enumerate(parts) if part.endswith("[]")]
    return tuple(
        Step(part.removesuffix("[]"), (at if place == lists[-1] else 0) if part.endswith("[]") else None) for place, part in enumerate(parts)
    )


def _kind(base: str, path: str) -> Kind:
    if base in _SPECIAL:
        return _SPECIAL[base]
    if base in _PERCENT:
        return "percent"
    kind: type[Any] = Invoice
    for part in path.split("."):
        kind = fields(kind)[part.removesuffix("[]")]
    return "amount" if kind is Decimal else "date" if kind is date else "text"


@cache
def fields(kind: type[Term]) -> dict[str, type[Any]]:
    """Field name -> its type, without None and without the tuple around a list."""
    found: dict[str, type[Any]] = {}
    for name, hint in get_type_hints(kind).items():
        inner = [each for each in get_args(hint) if each is not type(None) and each is not Ellipsis]
        found[name] = cast(type[Any], inner[0] if inner else hint)
    return found


@cache
def lists(kind: type[Term]) -> frozenset[str]:
    """The fields of a group that are lists."""
    return frozenset(name for name, hint in get_type_hints(kind).items() if get_origin(hint) is tuple)
