"""Paying one invoice, and what came of it."""

from __future__ import annotations

from wasl.app.portal.pay import receipts, status, views
from wasl.app.portal.viewer import routes

urlpatterns = [
    *routes("/pay", views.pay, "payer-pay"),
    *routes("/pay/status", status.status, "payer-pay-status"),
    *routes("/receipt", receipts.newest, "payer-receipt-newest"),
    *routes("/receipt/<uuid:payment_id>", receipts.receipt, "payer-receipt"),
    *routes("/receipt/<uuid:payment_id>.pdf", receipts.pdf, "payer-receipt-pdf"),
]
