"""The design system as a Django app: nothing but the message catalogue has to be wired at start."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "wasl.app.ui"
    label = "ui"
    verbose_name = "Design system"

    def ready(self) -> None:
        from wasl.app.ui import i18n

        i18n.install()
