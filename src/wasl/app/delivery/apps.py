"""The delivery application."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "wasl.app.delivery"
    label = "delivery"
