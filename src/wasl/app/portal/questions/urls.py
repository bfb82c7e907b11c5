"""Addresses of questions, behind an invoice by both roads: `/i/<token>/ask`, `/inbox/i/<org>/<invoice>/ask`."""

from __future__ import annotations

from wasl.app.portal.questions import views
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("/ask", views.ask, "payer-ask"),
    *routes("/questions", views.latest, "payer-questions"),
    *routes("/questions/<uuid:conversation_id>", views.talk, "payer-question"),
    *routes("/questions/<uuid:conversation_id>/close", views.close, "payer-question-close"),
    *routes("/questions/<uuid:conversation_id>/files/<uuid:file_id>", views.file, "payer-question-file"),
]
