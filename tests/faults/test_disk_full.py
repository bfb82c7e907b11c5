"""T87: no room at each write; a 503 or exit 5, and nothing half-done."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection

from wasl.app import fsck
from wasl.app.http import is_environment
from wasl.app.invoicing.errors import Unconfirmed
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.models import Invoice, Series

pytestmark = [pytest.mark.faults, pytest.mark.ci, pytest.mark.django_db(transaction=True)]


@contextlib.contextmanager
def no_room_at(n: int) -> Iterator[list[int]]:
    """The n-th statement of ours finds the disk full, as PostgreSQL says it (SQLSTATE 53100)."""
    seen = [0]
    original = psycopg.Cursor.execute

    def execute(self, *args, **kwargs):
        seen[0] += 1
        if seen[0] == n:
            raise psycopg.errors.DiskFull("could not extend file: No space left on device")
        return original(self, *args, **kwargs)

    psycopg.Cursor.execute = execute
    try:
        yield seen
    finally:
        psycopg.Cursor.execute = original


def test_t87_no_room_at_each_statement_of_an_issue_leaves_nothing_half_done(org, make_invoice, actor):
    unconfirmed = []
    for n in range(1, 60):
        with no_room_at(n):
            try:
                issue(org, make_invoice(), key=f"k{n}", actor=actor)
                lived = True
            except Unconfirmed as error:  # after the commit, before the disk: told as what it is, and safe to repeat
                assert error.params["number"] == Invoice.objects.for_org(org).get().number
                unconfirmed.append(n)
                break
            except OperationalError as error:
                assert is_environment(error), "told as the machine's fault: 503, exit 5"
                lived = False
        assert lived is False
        assert Invoice.objects.for_org(org).count() == 0
        assert Series.objects.for_org(org).get(kind="invoice").next_number == 1
        assert fsck.run() == []
    assert unconfirmed, "the last statement is the wait for the disk"
    assert n > 8
    again = issue(org, make_invoice(), key=f"k{n}", actor=actor)
    assert [again.number] == list(Invoice.objects.for_org(org).values_list("number", flat=True))
    assert fsck.run() == []


def test_t87_no_room_in_the_second_store_signs_nothing_and_the_next_round_goes_on(org, issued, monkeypatch):
    from wasl.app.proofs.models import Checkpoint
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_all
    from wasl.seal import atomic

    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    sequence_all()
    with monkeypatch.context() as broken:
        broken.setattr(atomic, "write", full)
        with pytest.raises(OSError, match="No space"):
            publish_once()
    assert not Checkpoint.objects.exists()
    assert publish_once() is not None
    assert fsck.run() == []


def test_a_connection_cut_in_the_middle_is_told_as_a_fault_and_the_next_issue_goes_on(org, make_invoice, actor):
    """PostgreSQL's backend dies while it holds the series."""
    from wasl.app.invoicing import issue as module

    original = module._in_order

    def cut(*args):
        with psycopg.connect(**connection.get_connection_params() | {"autocommit": True, "cursor_factory": psycopg.Cursor, "context": None}) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (connection.connection.info.backend_pid,))
        return original(*args)

    module._in_order = cut
    try:
        with pytest.raises(OperationalError) as fault:
            issue(org, make_invoice(), actor=actor)
    finally:
        module._in_order = original
    assert is_environment(fault.value)
    connection.close()
    assert issue(org, make_invoice(), actor=actor).number.endswith("000001")
