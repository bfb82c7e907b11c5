"""Addresses that a mail carries. Tokens are capabilities: they are kept out of the log (app/logs.py)."""

from __future__ import annotations

from django.urls import path

from wasl.app.notices import views

urlpatterns = [path("u/<str:token>", views.unsubscribe, name="unsubscribe")]
