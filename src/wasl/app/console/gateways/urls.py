"""Addresses of the gateways' pages."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.gateways import views

urlpatterns = [
    path("", views.listing, name="console-gateways"),
    path("/<slug:driver>", views.connecting, name="console-gateway"),
    path("/<slug:driver>/secret", views.secret, name="console-gateway-secret"),
    path("/<slug:driver>/act", views.act, name="console-gateway-act"),
]
