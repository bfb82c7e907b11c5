"""The support application: conversations about invoices, and what in them can be erased."""

from __future__ import annotations

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "wasl.app.support"
    label = "support"

    def ready(self) -> None:
        from wasl.app.invoicing.erase import eraser
        from wasl.app.support import invariants
        from wasl.app.support.erase import erase_conversations

        assert invariants
        eraser("conversations", erase_conversations)
