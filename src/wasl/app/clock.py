"""The one clock of the application: business time comes from here, so tests and the demo can move it.

`now()` is aware, in UTC and cut to milliseconds, the precision of the log. Identifiers and time-outs keep the machine's
own clock: they order work, they are not facts about an invoice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

Source = Callable[[], datetime]


def _machine() -> datetime:
    return datetime.now(UTC)


_source: Source = _machine


def now() -> datetime:
    """The present moment in UTC, in milliseconds."""
    moment = _source().astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def set_source(source: Source | None) -> None:
    """Inject a clock for this process; None puts the machine's clock back."""
    global _source
    _source = source or _machine


@contextlib.contextmanager
def frozen(moment: datetime) -> Iterator[Travel]:
    """A clock that stands still at `moment` until it is moved: `with frozen(t) as clock: clock.forward(days=1)`."""
    travel, before = Travel(moment), _source
    set_source(travel)
    try:
        yield travel
    finally:
        set_source(before)


class Travel:
    """A settable clock."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("an injected moment needs its time zone")
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **step: float) -> datetime:
        self.moment += timedelta(**step)
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment
