"""The kinds of mail: each with who composes it, whether it is still wanted, and how its states are told. Higher floors register theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Asked before each try. `drop`: why it is not wanted any more; `later`: it may go then; neither: it goes."""

    drop: str = ""
    later: datetime | None = None


GO = Verdict()


@dataclass(frozen=True)
class Kind:
    """`compose` makes the bytes, once; `events` says which event tells of a state ("" or none: no event does)."""

    name: str
    compose: Callable[..., bytes]
    events: Mapping[str, str] = field(default_factory=dict)
    ask: Callable[[Any], Verdict] = lambda _delivery: GO
    on_state: Callable[[Any], None] = lambda _delivery: None  # in the transaction that writes the state


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_of(delivery: Any) -> Kind:
    return _kinds[delivery.kind]
