"""Many callers at once: T83, T84."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from wasl.app import fsck
from wasl.app.invoicing.errors import KeyRunning
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.models import Invoice, Series

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 8


def _all_at_once(act, count):
    """`act(i)` in CALLERS threads, each with its own connection, all released together."""
    gate = threading.Barrier(CALLERS)

    def call(worker):
        gate.wait()
        try:
            return [act(i) for i in range(worker, count, CALLERS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(CALLERS) as pool:
        return [answer for answers in pool.map(call, range(CALLERS)) for answer in answers]


def test_t83_a_hundred_parallel_issues_give_1_to_100(org, make_invoice, actor):
    answers = _all_at_once(lambda i: issue(org, make_invoice(price=f"{i + 1}.00"), actor=actor), 100)
    assert sorted(int(answer.number[-6:]) for answer in answers) == list(range(1, 101))
    assert sorted(Invoice.objects.for_org(org).values_list("counter", flat=True)) == list(range(1, 101))
    assert Series.objects.for_org(org).get(kind="invoice").next_number == 101
    by_counter = list(Invoice.objects.for_org(org).order_by("counter").values_list("issued_at", flat=True))
    assert by_counter == sorted(by_counter), "time runs with the numbers"
    assert fsck.run(["numbers", "documents", "seals", "issued events", "acts"]) == []


def test_t84_the_same_key_in_parallel_gives_one_invoice_and_one_answer(org, make_invoice, actor):
    def once(_):
        try:
            return issue(org, make_invoice(), key="same", actor=actor).encode()
        except KeyRunning:
            return None

    answers = {answer for answer in _all_at_once(once, 40) if answer is not None}
    assert len(answers) == 1
    assert Invoice.objects.for_org(org).count() == 1
    assert issue(org, make_invoice(), key="same", actor=actor).encode() in answers


def test_a_failure_after_the_number_was_taken_gives_it_back(org, make_invoice, actor, monkeypatch):
    from wasl.app.invoicing import issue as module

    def fail(*_args, **_kwargs):
        raise RuntimeError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(module, "audit", fail)
        with pytest.raises(RuntimeError):
            issue(org, make_invoice(), actor=actor)
    assert not Invoice.objects.for_org(org).exists()
    assert issue(org, make_invoice(), actor=actor).number.endswith("000001")
