"""The jobs of this floor. Each app keeps its own in its `tasks` module, which procrastinate finds."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from wasl.app.logs import log

STALLED_SECONDS = 120  # a worker that has not shown itself for so long is dead


@app.periodic(cron="* * * * *")
@app.task(name="jobs.sweep_stalled", queueing_lock="jobs.sweep_stalled", pass_context=True)
async def sweep_stalled(context: JobContext, timestamp: int) -> int:
    """Give the jobs of dead workers to living ones: procrastinate leaves them `doing` for ever."""
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        await manager.retry_job(job)
    if stalled:
        log.warning("jobs.stalled", count=len(stalled))
    return len(stalled)
