"""Many documents on all cores: results in input order, bounded memory, and a clean end on Ctrl-C.

Workers are spawned, never forked: the parent may have threads, and Typst must not be forked. Each loads one engine and takes batches;
at most a few batches wait at a time, so a folder of a million invoices needs no more memory than one of a thousand.
"""

from __future__ import annotations

import itertools
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from wasl.errors import EnvironmentFault, WaslError, Words
from wasl.rules.report.shown import FileReport, refused
from wasl.service.examine import examine
from wasl.service.intake import Item

if TYPE_CHECKING:
    from concurrent.futures import Future

ALONE_ITEMS = 48  # fewer are done before a second process has started (0.3 s)
ALONE_BYTES = 8_000_000
BATCH_ITEMS = 24
BATCH_BYTES = 2_000_000  # of items that travel as bytes
WAITING_BATCHES = 3  # a worker, so that none is idle while the parent writes


class Done(NamedTuple):
    """One item's outcome in few words, and what `render` made of its report."""

    name: str
    key: str  # of FileReport.key
    fatal: int
    warnings: int
    seconds: float
    body: Any


Render = Callable[[FileReport, str], Any]
"""(report, lang) -> what the parent wants of it; a function of a module, so that it can travel."""


class Order(NamedTuple):
    """What to do with every item."""

    profile: str
    lang: str
    render: Render


def as_it_is(report: FileReport, _lang: str) -> FileReport:
    """The render that renders nothing."""
    return report


def run(items: Iterable[Item], order: Order, *, jobs: int | None = None) -> Iterator[Done]:
    """The outcomes in the order of the items. One process for few items, else `jobs` (default: all cores)."""
    jobs = jobs or cores()
    rest = iter(items)
    if jobs > 1:
        first = _first_few(rest)
        if len(first) <= ALONE_ITEMS and sum(_weight(item) for item in first) < ALONE_BYTES:
            rest, jobs = iter(first), 1
        else:
            rest = itertools.chain(first, rest)
    if jobs == 1:
        for item in rest:
            yield one(item, order)
    else:
        yield from _spread(rest, order, jobs)


def cores() -> int:
    """How many processes may run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def one(item: Item, order: Order) -> Done:
    try:
        report = examine(item.read(), item.name, order.profile)
    except WaslError as error:
        if error.exit_code != 2:
            raise
        report = refused(item.name, error)
    return Done(item.name, report.key, report.count("fatal"), report.count("warning"), report.seconds, order.render(report, order.lang))


def _first_few(items: Iterator[Item]) -> list[Item]:
    """One more than is done alone, or fewer where they are large."""
    found: list[Item] = []
    weight = 0
    for item in items:
        found.append(item)
        weight += _weight(item)
        if len(found) > ALONE_ITEMS or (weight > ALONE_BYTES and len(found) > 1):
            break
    return found


def _weight(item: Item) -> int:
    if item.data is not None:
        return len(item.data)
    try:
        return os.stat(item.path).st_size if item.path else 0
    except (OSError, ValueError):
        return 0


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += len(item.data or b"")
        if len(batch) >= BATCH_ITEMS or weight >= BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _spread(items: Iterator[Item], order: Order, jobs: int) -> Iterator[Done]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(order.profile,))
    waiting: deque[Future[list[Done]]] = deque()
    try:
        for batch in _batches(items):
            waiting.append(pool.submit(_batch, batch, order))
            if len(waiting) >= jobs * WAITING_BATCHES:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        why = Words("a process that was checking files was stopped from outside, perhaps for lack of memory; use --jobs 1",
                    "أُوقفت من الخارج عملية كانت تفحص الملفات، وربما ضاقت الذاكرة؛ استعمل --jobs 1")  # fmt: skip
        raise EnvironmentFault(reason=why) from None
    except BaseException:  # Ctrl-C, or an error of the caller: nobody waits for what is left
        _kill(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _kill(pool: Any) -> None:
    processes = getattr(pool, "_processes", None) or {}
    for process in list(processes.values()):
        process.terminate()


def _start(profile: str) -> None:
    """A worker's beginning: Ctrl-C is the parent's business, and the profile is known before the first file."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from wasl.rules import profiles

    profiles.get(profile)


def _batch(items: list[Item], order: Order) -> list[Done]:
    return [one(item, order) for item in items]
