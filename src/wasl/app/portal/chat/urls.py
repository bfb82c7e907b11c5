"""Addresses of the live chat, behind an invoice by both roads."""

from __future__ import annotations

from wasl.app.portal.chat import views
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("/live", views.ticket, "payer-live"),
    *routes("/questions/unread", views.unread, "payer-unread"),
    *routes("/questions/<uuid:conversation_id>/chat", views.news, "payer-chat"),
]
