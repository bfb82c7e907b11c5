"""Addresses of the payments application."""

from __future__ import annotations

from django.urls import path

from wasl.app.payments import views

urlpatterns = [path("hooks/<slug:driver>/<uuid:org_id>", views.hook, name="payment-hook")]
