"""The import itself, in steps that each stand in one transaction with the mark of how far it came: check, store, match, apply.

Killed anywhere, it goes on from the mark. One worker at a time holds a file, by a lock that PostgreSQL frees when that
worker dies; movements are kept once by their identity, and money is booked once by the key of its movement.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.payments.matching.match import match_file
from wasl.app.payments.matching.names import fold
from wasl.app.payments.matching.numbers import Shape, numbers_in, shapes
from wasl.app.payments.statements.models import StatementFile, StatementLine
from wasl.app.payments.statements.take_in import columns_of, source_of
from wasl.app.sql import copy, run
from wasl.errors import UnreadableInput
from wasl.formats import statements
from wasl.formats.statements import Foot, Head, Line

log = structlog.get_logger(__name__)

STORE_LINES = 5_000  # in one transaction
MATCH_LINES = 100_000
SURE_LINES = 500  # looked up at a time; each is booked in its own transaction
STALE_SECONDS = 20  # without a step for so long: its worker is dead
RESUMED_AT_ONCE = 3


def advance(org_id: UUID, file_id: UUID) -> bool:
    """Carry a file to its end; False if another worker holds it. Safe to call again at any time."""
    with _held(file_id) as is_ours:
        if not is_ours:
            return False
        file = StatementFile.objects.for_org(org_id).filter(pk=file_id).first()
        steps = {
            StatementFile.CHECKING: _check, StatementFile.STORING: _store, StatementFile.MATCHING: _match, StatementFile.APPLYING: _apply,
        }  # fmt: skip
        while file is not None and file.state in steps:
            steps[file.state](file)
        return True


def resume() -> int:
    """Files that no worker has moved for a while, taken up again; how many."""
    before = clock.now() - timedelta(seconds=STALE_SECONDS)
    rows = run(
        "SELECT organisation_id, id FROM statements_statementfile WHERE state IN ('checking', 'storing', 'matching', 'applying') AND moved_at < %s"
        " ORDER BY moved_at LIMIT %s",
        (before, RESUMED_AT_ONCE),
    )
    return sum(advance(org_id, file_id) for org_id, file_id in rows)


@contextlib.contextmanager
def _held(file_id: UUID) -> Iterator[bool]:
    """A lock of this connection, so that it goes when the worker goes."""
    key = int.from_bytes(file_id.bytes[-8:], "big", signed=True)
    is_ours = bool(run("SELECT pg_try_advisory_lock(%s)", (key,))[0][0])
    try:
        yield is_ours
    finally:
        if is_ours:
            run("SELECT pg_advisory_unlock(%s)", (key,))


def _moved(file: StatementFile, **fields: Any) -> None:
    fields["moved_at"] = clock.now()
    for name, value in fields.items():
        setattr(file, name, value)
    file.save(update_fields=list(fields))


def _check(file: StatementFile) -> None:
    """Read it to the end before a single movement counts: all sums of all its statements."""
    proven: list[bool] = []
    total = 0
    first: Head | None = None
    days: list[Any] = []
    try:
        for part in statements.stream(source_of(file), columns=columns_of(file)):
            if isinstance(part, Line):
                total += 1
                days = [min(days[0], part.booked), max(days[1], part.booked)] if days else [part.booked, part.booked]
            elif isinstance(part, Foot):
                proven.append(part.is_checked)
            else:
                first = first or part
    except UnreadableInput as error:
        trouble = {"code": error.code, "en": error.message("en"), "ar": error.message("ar")}
        _moved(file, state=StatementFile.REFUSED, trouble=trouble, data=None, done_at=clock.now())
        return
    _moved(
        file, state=StatementFile.STORING, total=total, is_proven=bool(proven) and all(proven), account=first.account if first else "",
        currency=first.currency if first else "", first_day=days[0] if days else None, last_day=days[1] if days else None,
    )  # fmt: skip


def _store(file: StatementFile) -> None:
    """Keep what is new, chunk by chunk; what an earlier file already brought is passed over."""
    known = _shapes(file.organisation_id)
    parts = _with_heads(file)
    for _ in islice(parts, file.position):  # done before the worker died
        pass
    while chunk := list(islice(parts, STORE_LINES)):
        with transaction.atomic():
            fresh = _keep(file, chunk, known)
            _moved(file, position=file.position + len(chunk), fresh=file.fresh + fresh)
    _moved(file, state=StatementFile.MATCHING, position=0, data=None)


def _with_heads(file: StatementFile) -> Iterator[tuple[Head, int, Line]]:
    head: Head | None = None
    at = 0
    for part in statements.stream(source_of(file), columns=columns_of(file)):
        if isinstance(part, Head):
            head = part
        elif isinstance(part, Line) and head is not None:
            at += 1
            yield head, at, part


def _shapes(org_id: UUID) -> tuple[Shape, ...]:
    rows = run("SELECT DISTINCT pattern FROM invoicing_series WHERE organisation_id = %s AND kind = 'invoice'", (org_id,))
    return shapes(row[0] for row in rows)


_COLUMNS = {
    "organisation_id": "uuid", "id": "uuid", "file_id": "uuid", "account": "text", "currency": "text", "identity": "bytea", "kind": "text",
    "place": "int4", "booked": "date", "value": "date", "amount": "int8", "name": "text", "name_key": "text", "payer_account": "text",
    "reference": "text", "text": "text", "numbers": "text[]", "state": "text", "is_reversal": "bool",
}  # fmt: skip
_LIST = ", ".join(f'"{name}"' for name in _COLUMNS)
# An equal movement from a file of another kind looks different to us: a person says whether it is the same one
_INSERT = f"""
INSERT INTO statements_statementline ({_LIST}, by_machine, undone, note)
SELECT {_LIST.replace('"state"', '''CASE WHEN "state" IN ('new', 'return') AND EXISTS (
    SELECT FROM statements_statementline o WHERE o.organisation_id = c.organisation_id AND o.account = c.account AND o.booked = c.booked
      AND o.amount = c.amount AND o.currency = c.currency AND o.kind <> c.kind) THEN 'twin' ELSE "state" END''')}, false, 0, '' FROM coming c
ON CONFLICT (organisation_id, account, currency, identity) DO NOTHING RETURNING id
"""


def _keep(file: StatementFile, chunk: list[tuple[Head, int, Line]], known: tuple[Shape, ...]) -> int:
    """Store the movements of one chunk that are not stored yet; how many."""
    rows: list[tuple[Any, ...]] = []
    for head, place, line in chunk:
        came = line.amount > 0
        texts = (*line.references, line.text, line.name)
        state = StatementLine.NEW if came else StatementLine.RETURN if line.is_reversal else StatementLine.OUTGOING
        rows.append(
            (file.organisation_id, uuid7(), file.pk, head.account, head.currency, bytes.fromhex(line.identity), file.kind,
             place, line.booked, line.value, line.amount, line.name, fold(line.name), line.account,
             " ".join(line.references)[:2000], line.text, [] if state == StatementLine.OUTGOING else numbers_in(texts, known),
             state, line.is_reversal)
        )  # fmt: skip
    # In one order, so that two imports of overlapping files never wait for each other in a circle
    rows.sort(key=lambda row: (row[3], row[4], row[5]))
    run(f"CREATE TEMP TABLE coming ON COMMIT DROP AS SELECT {_LIST} FROM statements_statementline WITH NO DATA", planned=True)
    copy("coming", {f'"{name}"': kind for name, kind in _COLUMNS.items()}, rows)
    fresh = len(run(_INSERT, planned=True))
    run("DROP TABLE coming", planned=True)
    return fresh


def _match(file: StatementFile) -> None:
    whole = file.total or 0
    while file.position < whole:
        until = min(file.position + MATCH_LINES, whole)
        with transaction.atomic():
            match_file(file.organisation_id, file.pk, after=file.position, until=until)
            _moved(file, position=until)
    _moved(file, state=StatementFile.APPLYING, position=0)


_SURE = """
SELECT l.id, l.place, s.invoice_id, l.amount FROM statements_statementline l
JOIN statements_suggestion s ON s.organisation_id = l.organisation_id AND s.line_id = l.id AND s.rank = 1 AND s.score = 100
WHERE l.organisation_id = %s AND l.file_id = %s AND l.place > %s AND l.state = 'suggested' AND l.undone = 0
  AND NOT l.is_reversal ORDER BY l.place LIMIT %s
"""


def _apply(file: StatementFile) -> None:
    """Book what is sure: the reference, the exact amount and the currency agree. Everything else waits for a person.

    What the bank takes back is looked at last: the payment may have come in this very file.
    """
    from wasl.app.payments.statements.accept import accept_sure
    from wasl.app.payments.statements.returned import tell_returns

    while rows := run(_SURE, (file.organisation_id, file.pk, file.position, SURE_LINES)):
        for line_id, place, invoice_id, amount in rows:
            with transaction.atomic():
                accept_sure(file.organisation_id, line_id, invoice_id, amount)
                _moved(file, position=place)
    with transaction.atomic():
        tell_returns(file)
        _moved(file, state=StatementFile.DONE, position=file.total or 0, done_at=clock.now())
