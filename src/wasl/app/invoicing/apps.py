"""The invoicing application."""

from __future__ import annotations

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "wasl.app.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        from wasl.app.invoicing import invariants

        assert invariants
