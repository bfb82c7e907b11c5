"""`/inbox/search`."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.search import views

urlpatterns = [path("search", views.search, name="inbox-search")]
