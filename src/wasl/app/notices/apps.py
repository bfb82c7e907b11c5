"""The notices application."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "wasl.app.notices"
    label = "notices"
