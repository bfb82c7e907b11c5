"""Addresses of the seller's conversations."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.questions import files, many, views

urlpatterns = [
    path("", views.listing, name="console-questions"),
    path("/stream", views.queue_stream, name="console-questions-stream"),
    path("/many", many.many, name="console-questions-many"),
    path("/undo", many.undo, name="console-questions-undo"),
    path("/keep", many.forget, name="console-questions-keep"),
    path("/<uuid:conversation_id>", views.talk, name="console-question"),
    path("/<uuid:conversation_id>/stream", views.stream, name="console-question-stream"),
    path("/<uuid:conversation_id>/assign", views.assign, name="console-question-assign"),
    path("/<uuid:conversation_id>/labels", views.label, name="console-question-label"),
    path("/<uuid:conversation_id>/canned/<uuid:answer_id>", views.canned, name="console-question-canned"),
    path("/<uuid:conversation_id>/mail/<uuid:message_id>", files.original, name="console-question-mail"),
    path("/<uuid:conversation_id>/print", files.printed, name="console-question-print"),
    path("/<uuid:conversation_id>/transcript.<slug:kind>", files.exported, name="console-question-transcript"),
    path("/<uuid:conversation_id>/files/<uuid:file_id>", views.file, name="console-question-file"),
]
