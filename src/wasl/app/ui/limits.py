"""How often one visitor may try: a fixed window in this process's memory, per route and address (T56, T63).

Each web process counts for itself, so the true limit is this many times the number of processes. That is enough against
guessing 256-bit tokens and against floods of forms; sign-in has django-axes and argon2 on top.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

VISITORS_MAX = 20_000  # the oldest are forgotten: memory stays bounded under a flood from many addresses


_limits: weakref.WeakSet[Limit] = weakref.WeakSet()


@dataclass(eq=False)
class Limit:
    """`count` tries in `seconds`."""

    count: int
    seconds: int
    now: Callable[[], float] = time.monotonic
    _windows: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        _limits.add(self)

    def spend(self, visitor: str) -> bool:
        """Count one try; False once the window is used up."""
        with self._lock:
            began, used = self._windows.pop(visitor, (self.now(), 0))
            if self.now() - began >= self.seconds:
                began, used = self.now(), 0
            self._windows[visitor] = (began, used + 1)
            while len(self._windows) > VISITORS_MAX:
                self._windows.popitem(last=False)
            return used < self.count

    def clear(self) -> None:
        with self._lock:
            self._windows.clear()


def forget_all() -> None:
    """Every limit starts afresh: one test's visitor is not the next one's."""
    for limit in _limits:
        limit.clear()


def visitor(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "")


def too_many(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(seconds)
    return response
