"""Addresses of calls, behind an invoice by both roads: `/i/<token>/call`, `/inbox/i/<org>/<invoice>/call`."""

from __future__ import annotations

from wasl.app.portal.callback import views
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("/call", views.call, "payer-call"),
    *routes("/call/<uuid:call_id>/cancel", views.cancel, "payer-call-cancel"),
]
