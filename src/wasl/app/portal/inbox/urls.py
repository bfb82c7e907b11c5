"""`/inbox/` itself and what belongs to its list."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.inbox import acts, statements, views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("totals", views.totals, name="inbox-totals"),
    path("export.csv", views.exported, {"kind": "csv"}, name="inbox-csv"),
    path("export.xlsx", views.exported, {"kind": "xlsx"}, name="inbox-xlsx"),
    path("files.zip", views.all_files, name="inbox-files"),
    path("selected", views.selected, name="inbox-selected"),
    path("undo", acts.undo, name="inbox-undo"),
    path("views", acts.views, name="inbox-views"),
    path("views/save", acts.save_view, name="inbox-view-save"),
    path("views/<uuid:view_id>", acts.change_view, name="inbox-view"),
    path("calendar", acts.calendar, name="inbox-calendar"),
    path("calendar/change", acts.change_calendar, name="inbox-calendar-change"),
    path("statements/", statements.sellers, name="inbox-statements"),
    path("statements/<uuid:org_id>", statements.statement, name="inbox-statement"),
    path("statements/<uuid:org_id>.<slug:kind>", statements.statement_files, name="inbox-statement-file"),
    path("feed/<str:token>.ics", acts.fetched, name="inbox-feed"),
]
