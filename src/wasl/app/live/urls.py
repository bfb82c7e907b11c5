"""The stream's addresses as Django knows them: to make them, and to answer where no stream process stands before us."""

from __future__ import annotations

from django.urls import path

from wasl.app.live import views

urlpatterns = [
    path("events/<str:ticket>", views.no_stream, name="live-events"),
    path("events/<str:ticket>/typing", views.no_stream, name="live-typing"),
    path("health/stream", views.no_health, name="health-stream"),
]
