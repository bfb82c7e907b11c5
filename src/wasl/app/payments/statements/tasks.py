"""The queued job of an import. Lost with its worker, the beat `statements.resume` goes on where it stopped."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from wasl.app.jobs.retry import QUICK


@app.task(name="statements.import", retry=QUICK)
def import_file(org_id: str, file_id: str) -> None:
    from wasl.app.payments.statements.advance import advance

    advance(UUID(org_id), UUID(file_id))
