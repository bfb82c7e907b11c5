"""Addresses of the design system: its assets only."""

from __future__ import annotations

from django.urls import path

from wasl.app.ui import assets

urlpatterns = [path("assets/<str:name>", assets.serve, name="asset")]
