"""Addresses of the seller's conversations."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.questions import views

urlpatterns = [
    path("", views.listing, name="console-questions"),
    path("/<uuid:conversation_id>", views.talk, name="console-question"),
    path("/<uuid:conversation_id>/assign", views.assign, name="console-question-assign"),
    path("/<uuid:conversation_id>/files/<uuid:file_id>", views.file, name="console-question-file"),
]
