"""Handing over what is due, whatever table it waits in: claimed, asked, composed once, tried, and its state never better than what is known.

A lane is one table of mails with the columns of a Delivery. What one mail does can neither stop nor slow the others (T91).
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from wasl.app import clock
from wasl.app.delivery import smtp
from wasl.app.delivery.models import Delivery
from wasl.app.delivery.outgoing import Verdict
from wasl.app.jobs import registry
from wasl.app.proofs.prove import ProofPending

log = structlog.get_logger(__name__)
LEASE_SECONDS = 180  # longer than the slowest try; a worker that dies loses its claim then
BACK_OFF_MINUTES = (1, 5, 15, 60, 180, 360, 720)
GIVE_UP_DAYS = 5  # RFC 5321, 4.5.4.1
UNKNOWN_MINUTES = 10  # time for a report to tell what became of it, before the same bytes go again
HANDS, ALONE_MAX = 3, 5
ROUND_SECONDS = 4.0  # after that the worker's other beats have their turn
NEVER = timedelta(days=36500)


@dataclass(frozen=True)
class Claim:
    """One mail that this process may try now. `org_id` is None where it belongs to no single seller."""

    org_id: UUID | None
    id: UUID
    was_in_flight: bool  # a try before this one never came to its end


class Lane(Protocol):
    """A table of mails."""

    def claim(self, only: UUID | None) -> Claim | None:
        """Take the next one that is due, for LEASE_SECONDS."""
        ...

    def load(self, claim: Claim, *, lock: bool = False) -> Any: ...

    def recipient(self, row: Any) -> str: ...

    def ask(self, row: Any) -> Verdict: ...

    def kept(self, row: Any) -> bytes | None:
        """The bytes that were first tried."""
        ...

    def compose_once(self, row: Any) -> bytes:
        """Make the bytes and keep them before they are tried."""
        ...

    def told(self, row: Any, data: dict[str, Any]) -> None:
        """The row's state is new: write its event, in this transaction."""
        ...


_lanes: list[Lane] = []


def lane(added: Lane) -> None:
    _lanes.append(added)


def send_due(limit: int = 200, seconds: float = ROUND_SECONDS, hands: int | None = None) -> int:
    """Try what is due, of all lanes and organisations; how many were handed over. Safe beside other workers.

    A worker's own process takes a crowd with several hands, each over one connection of its own: a mail mostly waits, for
    the disk and for the next hop. Everybody else has one.
    """
    ends = time.monotonic() + seconds
    handed, more = _round(min(limit, ALONE_MAX), ends)
    count, rest = hands or (HANDS if registry.is_worker() else 1), limit - ALONE_MAX
    if not more or rest <= 0:
        return handed
    if count == 1:
        return handed + _round(rest, ends)[0]
    with ThreadPoolExecutor(count, thread_name_prefix="wasl-mail") as pool:
        return handed + sum(pool.map(lambda _: _round_of_thread(-(-rest // count), ends), range(count)))


def _round_of_thread(limit: int, ends: float) -> int:
    try:
        return _round(limit, ends)[0]
    finally:
        connection.close()


def _round(limit: int, ends: float) -> tuple[int, bool]:
    """(how many were handed over, whether more may be due)."""
    handed, empty = 0, set[int]()
    with smtp.Session(settings.CONFIG.smtp_url) as session:
        for turn in range(limit):
            order = _lanes[turn % len(_lanes) :] + _lanes[: turn % len(_lanes)]
            found = next((pair for each in order if (pair := _claimed(each, empty)) is not None), None)
            if found is None:
                return handed, False
            if time.monotonic() > ends:
                _give_back(*found)
                return handed, False
            handed += try_claimed(*found, session)
    return handed, True


def _claimed(each: Lane, empty: set[int]) -> tuple[Lane, Claim] | None:
    """The next mail of a lane; one that had none is not asked again in the same round."""
    if id(each) in empty:
        return None
    if (claim := each.claim(None)) is None:
        empty.add(id(each))
        return None
    return each, claim


def send_one(each: Lane, row_id: UUID) -> bool:
    """Try one now if it is due, without waiting for the worker; whether it was handed over."""
    claim = each.claim(row_id)
    if claim is None:
        return False
    with smtp.Session(settings.CONFIG.smtp_url) as session:
        return try_claimed(each, claim, session)


def try_claimed(each: Lane, claim: Claim, session: smtp.Session) -> bool:
    """One mail that cannot be made must not stop the others (T91): it is deferred, and given up in the end."""
    try:
        return _try(each, claim, session)
    except ProofPending:
        _look_again(each, claim, clock.now() + timedelta(seconds=1))
    except Exception as error:  # whatever it was, the row says so and its turn comes again
        log.exception("mail not sent", mail=str(claim.id))
        _finish(each, claim, smtp.Attempt(smtp.DEFERRED, f"{type(error).__name__}"))
    return False


def _try(each: Lane, claim: Claim, session: smtp.Session) -> bool:
    row = each.load(claim)
    data = each.kept(row) if row.attempts or claim.was_in_flight else None  # nothing is made before the first try
    if claim.was_in_flight and data is not None and row.state != Delivery.UNKNOWN:
        _finish(each, claim, smtp.Attempt(smtp.UNKNOWN, "the try before this one was cut short"), again=True)
        row = each.load(claim)
    verdict = each.ask(row)
    if verdict.drop:
        _drop(each, claim, verdict.drop)
        return False
    if verdict.later is not None:
        _look_again(each, claim, verdict.later)
        return False
    if data is None:
        with transaction.atomic():  # its links and its bytes: one wait for the disk
            data = each.compose_once(row)
    attempt = session.hand_over(data, sender=row.return_path, recipient=each.recipient(row))
    _finish(each, claim, attempt)
    return attempt.result == smtp.HANDED_OVER


def _give_back(each: Lane, claim: Claim) -> None:
    """Its turn had come, and the round was over: nothing was tried. What was in doubt before stays in doubt."""
    if claim.was_in_flight:
        return  # the lease ends by itself, and the next claim still knows
    _look_again(each, claim, clock.now())


@transaction.atomic
def _look_again(each: Lane, claim: Claim, at: Any) -> None:
    """Nothing was tried: the same again at `at`."""
    row = each.load(claim, lock=True)
    row.next_attempt_at, row.in_flight = at, False
    row.save(update_fields=["next_attempt_at", "in_flight"])


@transaction.atomic
def _drop(each: Lane, claim: Claim, reason: str) -> None:
    """It is not wanted any more. One that may have arrived stays unknown, and is not tried again."""
    row = each.load(claim, lock=True)
    row.in_flight = False
    if row.state == Delivery.UNKNOWN:
        row.next_attempt_at = clock.now() + NEVER
    elif row.state in Delivery.WAITING:
        row.state, row.state_at, row.reply = Delivery.DROPPED, clock.now(), reason
    row.save()
    if row.state == Delivery.DROPPED:
        each.told(row, {"reason": reason})


@transaction.atomic
def _finish(each: Lane, claim: Claim, attempt: smtp.Attempt, *, again: bool = False) -> None:
    """Write how a try ended, and its event. A report that was faster than us is not overwritten."""
    row = each.load(claim, lock=True)
    row.in_flight = again
    before = row.state
    if row.state in Delivery.WAITING:
        row.attempts += 1
        row.reply, row.state_at = attempt.reply, clock.now()
        row.state = _next_state(row, attempt.result)
        if not again:
            row.next_attempt_at = row.state_at + _pause(row)
    row.save()
    if before in Delivery.WAITING and (row.state != before or row.state == Delivery.HANDED_OVER):
        each.told(row, {"attempts": row.attempts})


def _next_state(row: Any, result: str) -> str:
    if result == smtp.HANDED_OVER:
        return Delivery.HANDED_OVER
    is_old = row.state_at - row.queued_at > timedelta(days=GIVE_UP_DAYS)
    if result == smtp.REFUSED:
        # 5xx to a repetition says nothing about the copy that may have arrived before
        return Delivery.UNKNOWN if row.state == Delivery.UNKNOWN and not is_old else Delivery.BOUNCED
    if is_old:
        return Delivery.BOUNCED if row.state != Delivery.UNKNOWN else Delivery.UNKNOWN
    return Delivery.UNKNOWN if Delivery.UNKNOWN in (result, row.state) else Delivery.DEFERRED


def _pause(row: Any) -> timedelta:
    if row.state == Delivery.UNKNOWN:
        old = row.state_at - row.queued_at > timedelta(days=GIVE_UP_DAYS)
        return NEVER if old else timedelta(minutes=UNKNOWN_MINUTES * min(row.attempts, 36))
    return timedelta(minutes=BACK_OFF_MINUTES[min(row.attempts, len(BACK_OFF_MINUTES)) - 1])
