"""The payments application: on start it listens for issued documents, to post what is owed."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "wasl.app.payments"
    label = "payments"

    def ready(self) -> None:
        from wasl.app.events.record import subscribe
        from wasl.app.payments.journal import post_issued

        subscribe("issued", post_issued)
