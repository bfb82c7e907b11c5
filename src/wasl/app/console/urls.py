"""The seller's addresses: `/console/<organisation>/...`."""

from __future__ import annotations

from django.urls import include, path

from wasl.app.console import catalogue, credit, customers, drafts, home, invoice, invoices, requests, statements, story
from wasl.app.console.compose import views as compose

urlpatterns = [
    path("", home.root, name="root"),
    path("console/", home.home, name="console-home"),
    path("console/enter/<str:token>", home.enter, name="console-enter"),
    path("console/<slug:slug>/", invoices.invoices, name="console-invoices"),
    path("console/<slug:slug>/invoices/<uuid:invoice_id>", invoice.detail, name="console-invoice"),
    path("console/<slug:slug>/invoices/<uuid:invoice_id>/file/<slug:kind>", invoice.download, name="console-file"),
    path("console/<slug:slug>/invoices/<uuid:invoice_id>/send", invoice.send, name="console-send"),
    path("console/<slug:slug>/invoices/<uuid:invoice_id>/credit", credit.credit, name="console-credit"),
    path("console/<slug:slug>/invoices/<uuid:invoice_id>/revoke", invoice.revoke, name="console-revoke"),
    path("console/<slug:slug>/invoices/<uuid:invoice_id>/history", story.history, name="console-history"),
    path("console/<slug:slug>/invoices/<uuid:invoice_id>/history.<slug:kind>", story.exported, name="console-history-file"),
    path("console/<slug:slug>/attention", include("wasl.app.console.attention.urls")),
    path("console/<slug:slug>/questions", include("wasl.app.console.questions.urls")),
    path("console/<slug:slug>/desk/", include("wasl.app.console.desk.urls")),
    path("console/<slug:slug>/accounts", include("wasl.app.console.accounts.urls")),
    path("console/<slug:slug>/bank", include("wasl.app.console.statements_in.urls")),
    path("console/<slug:slug>/payments", include("wasl.app.console.payments.urls")),
    path("console/<slug:slug>/gateways", include("wasl.app.console.gateways.urls")),
    path("console/<slug:slug>/search", include("wasl.app.console.find_urls")),
    path("console/<slug:slug>/", include("wasl.app.console.notices.urls")),
    path("console/<slug:slug>/drafts", drafts.drafts, name="console-drafts"),
    path("console/<slug:slug>/drafts/<uuid:draft_id>/delete", drafts.delete, name="console-draft-delete"),
    path("console/<slug:slug>/new", compose.compose, name="console-compose"),
    path("console/<slug:slug>/drafts/<uuid:draft_id>", compose.compose, name="console-draft"),
    path("console/<slug:slug>/check", compose.check, name="console-check"),
    path("console/<slug:slug>/row", compose.row, name="console-row"),
    path("console/<slug:slug>/customers", customers.customers, name="console-customers"),
    path("console/<slug:slug>/customers/new", customers.edit, name="console-customer-new"),
    path("console/<slug:slug>/customers/<uuid:customer_id>", customers.edit, name="console-customer"),
    path("console/<slug:slug>/requests", requests.requests, name="console-requests"),
    path("console/<slug:slug>/requests/<uuid:request_id>", requests.answer, name="console-request"),
    path("console/<slug:slug>/customers/<uuid:customer_id>/statement", statements.statement, name="console-statement"),
    path("console/<slug:slug>/customers/<uuid:customer_id>/statement.<slug:kind>", statements.statement_files, name="console-statement-file"),
    path("console/<slug:slug>/ageing", statements.overview, name="console-ageing"),
    path("console/<slug:slug>/ageing.csv", statements.overview_file, {"kind": "csv"}, name="console-ageing-csv"),
    path("console/<slug:slug>/ageing.xlsx", statements.overview_file, {"kind": "xlsx"}, name="console-ageing-xlsx"),
    path("console/<slug:slug>/items", catalogue.items, name="console-items"),
    path("console/<slug:slug>/items/new", catalogue.edit, name="console-item-new"),
    path("console/<slug:slug>/items/<uuid:item_id>", catalogue.edit, name="console-item"),
]
