"""Preferences, by a person's own link and by the inbox."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.preferences import push, views
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("/preferences", views.of_link, "payer-preferences"),
    path("i/<str:token>/preferences/devices", push.of_link, name="payer-devices"),
    path("inbox/preferences/devices", push.of_inbox, name="inbox-push"),
    path("notices-worker.js", push.worker, name="push-worker"),
    path("inbox/preferences", views.of_inbox, name="inbox-preferences"),
]
