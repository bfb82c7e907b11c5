"""Addresses below `/console/<organisation>/`."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.notices import views

urlpatterns = [
    path("reminders", views.schedule, name="console-reminders"),
    path("reminders/words", views.words, name="console-reminder-words"),
    path("invoices/<uuid:invoice_id>/due", views.more_time, name="console-more-time"),
]
