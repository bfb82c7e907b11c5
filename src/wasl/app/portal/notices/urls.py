"""The notices that came to an inbox."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.notices import views

urlpatterns = [path("", views.notices, name="inbox-notices")]
