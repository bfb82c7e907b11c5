"""Addresses of the money pages: `/console/<organisation>/payments...`."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.payments import listing, one, refunds

urlpatterns = [
    path("", listing.payments, name="console-payments"),
    path("/refunds", refunds.refunds, name="console-refunds"),
    path("/refunds/limit", refunds.limit, name="console-refund-limit"),
    path("/refunds/<uuid:refund_id>", refunds.act, name="console-refund"),
    path("/<uuid:payment_id>", one.payment, name="console-payment"),
    path("/<uuid:payment_id>/refund", one.refund, name="console-payment-refund"),
    path("/<uuid:payment_id>/ask", one.ask, name="console-payment-ask"),
    path("/<uuid:payment_id>/receipt.pdf", one.receipt, name="console-payment-receipt"),
]
