"""The proofs application: puts the log into the worker's round, and lets a log that is ahead stop issuing."""

from __future__ import annotations

from django.apps import AppConfig


class ProofsConfig(AppConfig):
    name = "wasl.app.proofs"
    label = "proofs"

    def ready(self) -> None:
        from wasl.app.invoicing.erase import eraser
        from wasl.app.invoicing.issue import guard
        from wasl.app.jobs.registry import beat
        from wasl.app.proofs import invariants, recovery
        from wasl.app.proofs.erase import erase_openings
        from wasl.app.proofs.publish import publish_once
        from wasl.app.proofs.sequencer import sequence_all

        assert invariants
        eraser("openings", erase_openings)
        guard(recovery.check_at_first_issue)
        beat("log.sequence", sequence_all, every=0.2, order=10)
        beat("log.publish", publish_once, every=1.0, order=20)
        beat("log.compare", recovery.compare, every=60.0, order=5)
