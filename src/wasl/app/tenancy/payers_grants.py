"""The road from an address to a seller's rows, as this floor sees it: invoicing, which has the rows, lays it at start."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Road(Protocol):
    """What `invoicing.claims` gives."""

    def grant_address(self, payer_id: UUID, email: str) -> int: ...

    def take_back(self, payer_id: UUID, email: str) -> None: ...

    def grant_all_of(self, source_id: UUID, payer_id: UUID) -> None: ...

    def forget(self, payer_id: UUID) -> None: ...


_road: list[Road] = []


def lay(road: Road) -> None:
    _road[:] = [road]


def road() -> Road:
    return _road[0]
