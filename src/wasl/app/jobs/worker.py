"""`wasl worker`: the log, deliveries, inbound mail, payments' polling, and every queued job, in one process.

Beats run in a thread of their own with their own database connection, one for each lane; queued jobs run in procrastinate's loop. A beat
that fails is logged and tried again at its next turn: one poisoned message must not stop the log (T91).
"""

from __future__ import annotations

import signal
import threading
import time

from django.db import close_old_connections, connection
from procrastinate import App
from procrastinate.contrib.django import procrastinate_app

from wasl.app.http import is_environment
from wasl.app.jobs import registry
from wasl.app.jobs.registry import Registered, beats
from wasl.app.logs import log

REST_SECONDS = 0.2
BACK_OFF_SECONDS_MAX = 30.0
JOBS_AT_ONCE = 4


def run(once: bool = False) -> None:
    """Work until SIGINT or SIGTERM; with `once`, do what is due now and return."""
    if once:
        drain()
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        if threading.current_thread() is threading.main_thread():
            signal.signal(number, lambda *_: stop.set())
    lanes = sorted({each.lane for each in beats()})
    threads = [threading.Thread(target=_beat_loop, args=(stop, lane), name=f"wasl-beats-{lane or 'main'}") for lane in lanes]
    threads.append(threading.Thread(target=_job_loop, args=(stop,), name="wasl-jobs"))
    with registry.as_worker():
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join(timeout=20)


def drain(rounds: int = 20) -> int:
    """Every beat and every waiting job, again and again until nothing is left or `rounds` are over; how much was done."""
    done = 0
    for _ in range(rounds):
        worked = sum(_once(each) for each in beats()) + run_waiting_jobs()
        done += worked
        if not worked:
            break
    return done


def run_waiting_jobs() -> int:
    """Run the queued jobs that are due, in this process; how many there were."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(status="todo").exclude(scheduled_at__gt=_database_now()).count()
    if waiting:
        with _worker_app().open() as ready:
            ready.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)
    return waiting


def _worker_app() -> App:
    """The same tasks on a connection pool of the worker's own.

    Not `replace_connector`: that would also take Django's connection away from services that enqueue a job inside their
    own transaction while they run in this process.
    """
    current = procrastinate_app.current_app
    own = type(current)(connector=current.connector.get_worker_connector(), worker_defaults=current.worker_defaults)
    own.tasks, own.periodic_registry = current.tasks, current.periodic_registry
    return own


def _database_now() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def _once(each: Registered) -> int:
    try:
        result = each.run()
    except Exception as error:  # noqa: BLE001 - one beat's failure must not end the others
        log.error("beat.failed", beat=each.name, fault=type(error).__name__, exc_info=True)
        if is_environment(error):
            connection.close()
        return 0
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def _beat_loop(stop: threading.Event, lane: str = "") -> None:
    due: dict[str, float] = {}
    mine = [each for each in beats() if each.lane == lane]
    rest = min([REST_SECONDS, *(each.every for each in mine)])
    while not stop.is_set():
        close_old_connections()
        now = time.monotonic()
        for each in mine:
            if stop.is_set():
                break
            if due.get(each.name, 0.0) <= now:
                _once(each)
                due[each.name] = time.monotonic() + each.every
        stop.wait(rest)
    connection.close()


def _job_loop(stop: threading.Event) -> None:
    """Procrastinate's own loop, ended by cancelling its task; a lost database is waited for, ever longer."""
    import asyncio

    async def work() -> None:
        pause = 1.0
        while not stop.is_set():
            try:
                async with _worker_app().open_async() as ready:
                    task = asyncio.create_task(ready.run_worker_async(install_signal_handlers=False, concurrency=JOBS_AT_ONCE))
                    while not stop.is_set() and not task.done():
                        await asyncio.sleep(REST_SECONDS)
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                    pause = 1.0
            except Exception as error:  # noqa: BLE001 - the database may be restarting
                log.error("jobs.lost", fault=type(error).__name__)
            if not stop.is_set():
                await asyncio.sleep(pause)
                pause = min(pause * 2, BACK_OFF_SECONDS_MAX)

    asyncio.run(work())
