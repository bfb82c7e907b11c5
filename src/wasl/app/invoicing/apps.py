"""The invoicing application."""

from __future__ import annotations

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "wasl.app.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        from wasl.app.events.record import subscribe
        from wasl.app.invoicing import claims, invariants
        from wasl.app.tenancy.payers_grants import lay

        assert invariants
        lay(claims)
        subscribe("issued", claims.grant_issued)
