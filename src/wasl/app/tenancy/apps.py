"""The tenancy application."""

from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "wasl.app.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from wasl.app.tenancy import invariants, payers_devices, signin

        assert invariants
        signin.connect()
        payers_devices.connect()
