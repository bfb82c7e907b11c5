"""Addresses of the design system: its assets, and the style page while developing."""

from __future__ import annotations

from django.urls import path

from wasl.app.ui import assets, gallery

urlpatterns = [
    path("assets/<str:name>", assets.serve, name="asset"),
    path("ui/", gallery.index, name="gallery"),
    path("ui/<slug:name>", gallery.index, name="gallery-component"),
]
