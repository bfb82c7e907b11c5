"""Addresses of the bank statements: `/console/<organisation>/bank...`."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.statements_in import files, views

urlpatterns = [
    path("", views.listing, name="console-bank"),
    path("/import", files.upload, name="console-bank-import"),
    path("/files/<uuid:file_id>", files.file, name="console-bank-file"),
    path("/again", views.again, name="console-bank-again"),
    path("/likely", views.likely, name="console-bank-likely"),
    path("/lines/<uuid:line_id>", views.act, name="console-bank-line"),
    path("/lines/<uuid:line_id>/split", views.split, name="console-bank-split"),
]
