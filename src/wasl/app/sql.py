"""Hand-written statements on Django's connection: bound on the server and prepared, so hot paths pay for no text.

Only constant SQL comes here; every value is a parameter.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Parameters = Sequence[Any] | Mapping[str, Any]
_pipeline: ContextVar[psycopg.Pipeline | None] = ContextVar("pipeline", default=None)


def run(sql: str, parameters: Parameters = (), *, binary: bool = False, planned: bool = False) -> list[tuple[Any, ...]]:
    """Execute one prepared statement in the current transaction; its rows, if it has any. Raises django.db errors.

    binary=True has the rows come in PostgreSQL's binary form: bytes and numbers then cost no text on either side.
    planned=True has it planned for these very values: where one value stands for ten rows and another for a hundred
    thousand, the one plan of a prepared statement is wrong for one of them (150 ms instead of 1).
    """
    db = connections[DEFAULT_DB_ALIAS]  # once: each look through the `connection` proxy costs a microsecond
    db.ensure_connection()
    began = time.perf_counter()
    with db.wrap_database_errors, psycopg.Cursor(db.connection) as cursor:
        cursor.execute(sql, parameters, prepare=not planned, binary=binary)  # type: ignore[arg-type]
        if (pipeline := _pipeline.get()) is not None:
            pipeline.sync()  # its answer is wanted now: everything queued before it is sent too
        rows = cursor.fetchall() if cursor.pgresult is not None and cursor.pgresult.nfields else []
    _log(db, sql, began)
    return rows


def send(sql: str, parameters: Parameters = ()) -> None:
    """Execute one prepared statement whose answer nobody needs; inside `pipelined()` it is only queued."""
    db = connections[DEFAULT_DB_ALIAS]
    db.ensure_connection()
    began = time.perf_counter()
    with db.wrap_database_errors:
        psycopg.Cursor(db.connection).execute(sql, parameters, prepare=True)  # type: ignore[arg-type]
    _log(db, sql, began)


@contextlib.contextmanager
def pipelined() -> Iterator[None]:
    """A transaction whose statements are sent without waiting for each answer: fewer journeys while a lock is held.

    BEGIN travels with its first statements and COMMIT with its last: Django and psycopg would ask for an answer to either.
    A fault shows at the next `run` or at the end. The ORM's `save` and `update` count rows as they go and must not be used inside.
    Inside somebody else's transaction nothing is queued and a savepoint is made: psycopg forgets prepared statements at
    ROLLBACK TO SAVEPOINT, and in a pipeline it does so too late.
    """
    db = connections[DEFAULT_DB_ALIAS]
    db.ensure_connection()
    if db.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        db.connection.autocommit = True  # for psycopg: BEGIN and COMMIT are said below; Django sets it back as it leaves
        with db.wrap_database_errors, db.connection.pipeline() as pipeline:
            token = _pipeline.set(pipeline)
            try:
                send("BEGIN")
                yield
                send("COMMIT")
            finally:
                _pipeline.reset(token)


def release_early() -> None:
    """At the start of a transaction: give its locks back at COMMIT, before the disk has it. `make_durable` must follow.

    A counter row would otherwise be held through each wait for the disk, one caller after the other. Nothing is
    risked: the write-ahead log is one sequence, so a power cut takes the newest commits only, never one in the middle,
    and nobody was told of them yet; whoever commits normally after reading such a row puts it on disk first.
    """
    send("SET LOCAL synchronous_commit = off")


def make_durable() -> None:
    """Wait until every commit of this database so far is on disk; callers that wait together share one flush."""
    if not connection.in_atomic_block:
        run("SELECT pg_logical_emit_message(true, 'wasl', '')")


def _log(db: BaseDatabaseWrapper, sql: str, began: float) -> None:
    if db.queries_logged:  # so that query-count tests see these statements too
        db.queries_log.append({"sql": sql, "time": f"{time.perf_counter() - began:.3f}"})


def copy(table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Many rows by binary COPY in the current transaction; `columns` names each column's type. 2.4 times faster than executemany."""
    if rows:
        with _copying(table, columns) as stream:
            stream.set_types(list(columns.values()))
            for row in rows:
                stream.write_row(row)


_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"


def copy_packed(table: str, columns: Iterable[str], rows: Sequence[bytes]) -> None:
    """The same for rows that the caller packed in the binary form of COPY: how many columns, then each value after its length."""
    if rows:
        with _copying(table, columns) as stream:
            stream.write(b"".join((_COPY_HEAD, *rows, _COPY_END)))


@contextlib.contextmanager
def _copying(table: str, columns: Iterable[str]) -> Iterator[psycopg.Copy]:
    db = connections[DEFAULT_DB_ALIAS]
    db.ensure_connection()
    began = time.perf_counter()
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    with (
        db.wrap_database_errors,
        psycopg.Cursor(db.connection) as cursor,
        cursor.copy(statement) as stream,  # type: ignore[arg-type]
    ):
        yield stream
    _log(db, statement, began)
