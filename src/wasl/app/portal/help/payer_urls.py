"""Help about one's own invoices: what paper would have taken, for one of them and for a year of an inbox."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.help import footprint
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("/footprint", footprint.invoice, "payer-footprint"),
    *routes("/footprint.csv", footprint.invoice_csv, "payer-footprint-csv"),
    path("inbox/footprint", footprint.year, name="inbox-footprint"),
    path("inbox/footprint.csv", footprint.year_csv, name="inbox-footprint-csv"),
]
