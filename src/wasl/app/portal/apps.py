"""The payer's pages: they also tell a seller's people when somebody wants to change where the seller is paid."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "wasl.app.portal"
    label = "portal"

    def ready(self) -> None:
        from wasl.app.events.record import subscribe
        from wasl.app.invoicing.account_changes import STEPS
        from wasl.app.payments.terms import LIMIT_STEPS
        from wasl.app.portal import limit_changed
        from wasl.app.portal.account_changed import tell

        for step in STEPS:
            subscribe(step, tell)
        for step in LIMIT_STEPS:
            subscribe(step, limit_changed.tell)
