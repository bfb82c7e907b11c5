"""Addresses of what needs attention."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.attention import views

urlpatterns = [
    path("", views.listing, name="console-attention"),
    path("/settings", views.settings, name="console-attention-settings"),
    path("/<uuid:attention_id>", views.act, name="console-attention-act"),
]
