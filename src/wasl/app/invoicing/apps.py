"""The invoicing application."""

from __future__ import annotations

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "wasl.app.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        from wasl.app.events.record import subscribe
        from wasl.app.invoicing import invariants
        from wasl.app.invoicing.claims import grant_issued

        assert invariants
        subscribe("issued", grant_issued)
