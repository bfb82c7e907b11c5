"""Sustainability as a Django app of its own: one small table."""

from __future__ import annotations

from django.apps import AppConfig


class SustainabilityConfig(AppConfig):
    name = "wasl.app.insight.sustainability"
    label = "sustainability"
    verbose_name = "What paper would have cost"
