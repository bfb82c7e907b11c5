"""The archive application: keeps a search row of what is issued, and forgets it with what is erased."""

from __future__ import annotations

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "wasl.app.archive"
    label = "archive"

    def ready(self) -> None:
        from wasl.app.archive import invariants
        from wasl.app.archive.index import queue_issued
        from wasl.app.archive.keep import catch_up, forget
        from wasl.app.events.record import subscribe
        from wasl.app.invoicing.erase import eraser
        from wasl.app.jobs.registry import beat

        assert invariants
        subscribe("issued", queue_issued)
        eraser("search", forget)
        beat("search.catch-up", catch_up, every=1.0, order=60)
