"""`/console/<organisation>/search...`."""

from __future__ import annotations

from django.urls import path

from wasl.app.console import find

urlpatterns = [
    path("", find.search, name="console-search"),
    path("/turn", find.turn, name="console-search-turn"),
]
