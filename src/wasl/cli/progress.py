"""A line that counts while many files are checked: on standard error, only where a person looks, and only after a second."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wasl.service.many import Done

PATIENCE_SECONDS = 1.0
REFRESH_SECONDS = 0.1


class Progress:
    """A context whose value is called with every file that is done. `shared`: the findings are written to the same terminal."""

    def __init__(self, *, shared: bool) -> None:
        self.shared = shared
        self.started = time.monotonic()
        self.shown = 0.0
        self.files = self.bad = 0
        self.live: Any = None

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: Done) -> None:
        self.files += 1
        self.bad += done.key in ("invalid", "unreadable")
        now = time.monotonic()
        if now - self.started < PATIENCE_SECONDS or self.files < 2 or now - self.shown < REFRESH_SECONDS:
            return
        self.shown = now
        if self.live is None:
            self._start()
        self.live.update(self._line(now), refresh=True)

    def _start(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self.live = Live(console=Console(stderr=True), transient=True, auto_refresh=False, redirect_stdout=self.shared, redirect_stderr=False)
        self.live.start()

    def _line(self, now: float) -> str:
        rate = self.files / max(now - self.started, 0.001)
        bad = f" · {self.bad:,} not valid" if self.bad else ""
        return f"{self.files:,} files · {rate:,.0f}/s{bad}"

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.live is not None:
            self.live.stop()
