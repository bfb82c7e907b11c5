"""What the worker does besides queued jobs: beats that higher floors register, since imports only go down."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Beat = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Registered:
    """A beat, how often it is due, and where it stands in the round (log first, then what follows it)."""

    name: str
    run: Beat
    every: float
    order: int
    lane: str = ""


_beats: dict[str, Registered] = {}
_worker = threading.Event()


@contextlib.contextmanager
def as_worker() -> Iterator[None]:
    """This process is a worker and nothing else meanwhile: its beats may have threads of their own."""
    _worker.set()
    try:
        yield
    finally:
        _worker.clear()


def is_worker() -> bool:
    return _worker.is_set()


def beat(name: str, run: Beat, *, every: float, order: int = 50, lane: str = "") -> None:
    """Let the worker call `run` about every `every` seconds. It returns how much it did; 0 or None means nothing was due.

    Beats of one `lane` share a thread and wait for each other; another lane is for what must not wait for the mail of the first.
    """
    _beats[name] = Registered(name, run, every, order, lane)


def beats() -> list[Registered]:
    return sorted(_beats.values(), key=lambda b: (b.order, b.name))
