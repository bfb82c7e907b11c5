"""The worker's round: beats, queued jobs, dead workers' jobs, and messages that poison."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from wasl.app import clock, fsck
from wasl.app.events.models import Outbox
from wasl.app.events.record import record
from wasl.app.jobs import registry, worker
from wasl.app.proofs.prove import proof_for


@pytest.mark.django_db
def test_t91_a_poisoned_event_is_parked_and_the_rest_flows(org, issued):
    with transaction.atomic():
        poison = record("paid", org=org, invoice=issued, at=clock.now(), amount=2**53, currency="EUR")
        record("delivered", org=org, invoice=issued, at=clock.now(), data={"channel": "email"})
    worker.drain(rounds=3)
    assert proof_for(issued)
    parked = Outbox.objects.for_org(org).get()
    assert (parked.pk, "number is too large" in parked.parked) == (poison.id, True)
    assert {problem.invariant for problem in fsck.run()} >= {"parked"}
    worker.drain(rounds=3)
    assert Outbox.objects.for_org(org).count() == 1, "it is not tried for ever"


@pytest.mark.django_db
def test_t91_a_beat_that_fails_does_not_stop_the_others(monkeypatch):
    ran = []
    monkeypatch.setattr(registry, "_beats", {})
    registry.beat("a.bad", lambda: 1 / 0, every=0, order=1)
    registry.beat("b.good", lambda: ran.append(1), every=0, order=2)
    worker.drain(rounds=2)
    assert ran


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_only_if_its_transaction_commits():
    from procrastinate.contrib.django.models import ProcrastinateJob

    from wasl.app.jobs.tasks import sweep_stalled

    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        sweep_stalled.defer(timestamp=1)
        raise Undo
    assert ProcrastinateJob.objects.count() == 0
    with transaction.atomic():
        sweep_stalled.defer(timestamp=1)
    assert worker.run_waiting_jobs() >= 1
    assert "succeeded" in set(ProcrastinateJob.objects.values_list("status", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_dead_workers_job_goes_to_a_living_one():
    from procrastinate.contrib.django.models import ProcrastinateJob

    from wasl.app.jobs.tasks import sweep_stalled

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id")
        dead = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) VALUES ('default', 'jobs.none', '{}', 'doing', %s) RETURNING id",
            [dead],
        )
        stuck = cursor.fetchone()[0]
    sweep_stalled.defer(timestamp=1)
    worker.run_waiting_jobs()
    assert ProcrastinateJob.objects.get(pk=stuck).status != "doing"


@pytest.mark.django_db(transaction=True)
def test_the_loops_work_and_end_when_told(org, make_invoice, actor):
    from wasl.app.invoicing.find import find_invoice
    from wasl.app.invoicing.issue import issue
    from wasl.app.proofs.prove import is_proven

    stop = threading.Event()
    threads = [threading.Thread(target=loop, args=(stop,)) for loop in (worker._beat_loop, worker._job_loop)]
    for thread in threads:
        thread.start()
    try:
        answer = issue(org, make_invoice(), actor=actor)
        until = time.monotonic() + 30
        while not is_proven(org.pk, answer.invoice_id) and time.monotonic() < until:
            time.sleep(0.1)
        assert is_proven(org.pk, answer.invoice_id)
        assert proof_for(find_invoice(org, answer.invoice_id))
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
