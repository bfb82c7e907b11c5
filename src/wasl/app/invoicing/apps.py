"""The invoicing application."""

from __future__ import annotations

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "wasl.app.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        from wasl.app.events.record import subscribe
        from wasl.app.invoicing import account_changes, claims, invariants
        from wasl.app.jobs.registry import beat
        from wasl.app.tenancy.payers_grants import lay

        assert invariants
        lay(claims)
        subscribe("issued", claims.grant_issued)
        beat("invoicing.account_changes", account_changes.take_effect, every=60.0, order=60)
