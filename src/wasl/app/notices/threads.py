"""What a notice carries of a conversation: the words it tells of, the address that answers reach, and its place in the thread.

A higher floor knows conversations and registers how they are found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Carried:
    """`text` as it was said, by the person `by`; `reply_to` "" where answers by mail are not taken. References are oldest first."""

    text: str = ""
    by: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    is_read: bool = False  # the recipient has seen it on the page already
    not_before: datetime | None = None  # they are there at this moment: the page may be enough


NOTHING = Carried()
Finder = Callable[[Any, Any], Carried | None]
_finders: list[Finder] = []


def carry(find: Finder) -> None:
    """Let `find(delivery, notice)` say what a notice carries; None where it tells of no conversation."""
    if find not in _finders:
        _finders.append(find)


def carried_by(delivery: Any, notice: Any) -> Carried:
    return next((found for find in _finders if (found := find(delivery, notice)) is not None), NOTHING)
