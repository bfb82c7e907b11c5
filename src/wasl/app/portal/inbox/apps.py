"""The inbox application: its beat folds sums, its invariants are compared by fsck."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "wasl.app.portal.inbox"
    label = "inbox"

    def ready(self) -> None:
        from wasl.app.jobs.registry import beat
        from wasl.app.portal.inbox import invariants, sums

        assert invariants
        beat("inbox.fold", sums.fold_loose, every=20.0, order=80)
