"""Addresses of the desk beside its conversations: `/console/<organisation>/desk/...`."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.desk import calls, canned, hours, labels, pace

urlpatterns = [
    path("calls", calls.listing, name="console-calls"),
    path("calls/<uuid:call_id>", calls.act, name="console-call"),
    path("canned", canned.listing, name="console-canned"),
    path("canned/new", canned.edit, name="console-canned-new"),
    path("canned/back", canned.bring_back, name="console-canned-back"),
    path("canned/<uuid:answer_id>", canned.edit, name="console-canned-edit"),
    path("canned/<uuid:answer_id>/delete", canned.delete, name="console-canned-delete"),
    path("labels", labels.listing, name="console-labels"),
    path("labels/<uuid:label_id>/delete", labels.delete, name="console-label-delete"),
    path("hours", hours.page, name="console-hours"),
    path("pace", pace.listing, name="console-pace"),
]
