"""The invariants of the books and of the log: what is wrong, and where. Each floor registers its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken invariant at one place."""

    invariant: str
    where: str
    en: str
    ar: str


Check = Callable[[], Iterable[Problem]]
_checks: dict[str, Check] = {}


def invariant(name: str) -> Callable[[Check], Check]:
    """Register a function that yields the problems of one invariant."""

    def register(check: Check) -> Check:
        _checks[name] = check
        return check

    return register


def names() -> list[str]:
    return list(_checks)


def run(only: Iterable[str] | None = None) -> list[Problem]:
    """Every invariant, or those named; an empty list is what a healthy installation gives."""
    wanted = list(_checks) if only is None else list(only)
    return [problem for name in wanted for problem in _checks[name]()]


def found(invariant_name: str, rows: Iterable[tuple[str, str, str]]) -> Iterator[Problem]:
    """Problems from (where, English, Arabic)."""
    for where, en, ar in rows:
        yield Problem(invariant_name, where, en, ar)
