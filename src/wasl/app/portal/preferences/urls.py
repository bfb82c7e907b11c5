"""Preferences, by a person's own link and by the inbox."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.preferences import views
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("/preferences", views.of_link, "payer-preferences"),
    path("inbox/preferences", views.of_inbox, name="inbox-preferences"),
]
