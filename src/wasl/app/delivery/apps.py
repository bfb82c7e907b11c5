"""The delivery application: mail leaves, and reports come in, in the worker's round."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "wasl.app.delivery"
    label = "delivery"

    def ready(self) -> None:
        from wasl.app.delivery import inbound, invariants, lanes, send
        from wasl.app.delivery.compose import compose
        from wasl.app.delivery.erase import erase_mails
        from wasl.app.delivery.outgoing import INVOICE, Kind, register
        from wasl.app.invoicing.erase import eraser
        from wasl.app.jobs.registry import beat

        assert invariants
        register(Kind(INVOICE, compose, send.EVENTS))
        lanes.lane(send.LANE)
        eraser("mails", erase_mails)
        beat("mail.send", send.send_due, every=0.5, order=30)
        beat("mail.inbound", inbound.beat, every=10.0, order=40)
