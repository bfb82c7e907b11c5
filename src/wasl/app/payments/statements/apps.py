"""The statements application: a beat takes up files whose worker died; fsck compares what was accepted with the books."""

from __future__ import annotations

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "wasl.app.payments.statements"
    label = "statements"

    def ready(self) -> None:
        from wasl.app.jobs.registry import beat
        from wasl.app.payments.statements import advance, invariants

        assert invariants
        beat("statements.resume", advance.resume, every=10.0, order=70)
