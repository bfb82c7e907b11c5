"""Addresses of the organisation's bank accounts."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.accounts import views

urlpatterns = [
    path("", views.accounts, name="console-accounts"),
    path("/<uuid:account_id>/change", views.change, name="console-account-change"),
    path("/changes/<uuid:change_id>", views.decide, name="console-account-decide"),
]
