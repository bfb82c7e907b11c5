"""Paying one invoice, and what came of it."""

from __future__ import annotations

from django.urls import path

from wasl.app.portal.pay import autopay, credit, receipts, saved, several, status, views
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("/pay", views.pay, "payer-pay"),
    *routes("/pay/status", status.status, "payer-pay-status"),
    *routes("/pay/credit", credit.use, "payer-pay-credit"),
    *routes("/receipt", receipts.newest, "payer-receipt-newest"),
    *routes("/receipt/<uuid:payment_id>", receipts.receipt, "payer-receipt"),
    *routes("/receipt/<uuid:payment_id>.pdf", receipts.pdf, "payer-receipt-pdf"),
    path("inbox/pay", several.several, name="inbox-pay"),
    path("inbox/methods", saved.methods, name="inbox-methods"),
    path("inbox/methods/<uuid:method_id>", saved.change, name="inbox-method"),
    path("inbox/autopay/<uuid:org_id>", autopay.setup, name="inbox-autopay"),
    path("inbox/charges/<uuid:charge_id>/cancel", autopay.cancel, name="inbox-charge-cancel"),
]
