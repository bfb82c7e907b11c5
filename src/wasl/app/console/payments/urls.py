"""Addresses of the money pages: `/console/<organisation>/payments...`."""

from __future__ import annotations

from django.urls import path

from wasl.app.console.payments import close, export, listing, one, payouts, refunds, unmatched

urlpatterns = [
    path("", listing.payments, name="console-payments"),
    path("/payments.<slug:kind>", export.payments_file, name="console-payments-file"),
    path("/journal.<slug:kind>", export.journal_file, name="console-journal-file"),
    path("/refunds", refunds.refunds, name="console-refunds"),
    path("/refunds/limit", refunds.limit, name="console-refund-limit"),
    path("/refunds/<uuid:refund_id>", refunds.act, name="console-refund"),
    path("/unmatched", unmatched.unmatched, name="console-unmatched"),
    path("/unmatched/again", unmatched.again, name="console-unmatched-again"),
    path("/unmatched/money/<uuid:payment_id>", unmatched.receipt, name="console-unmatched-receipt"),
    path("/unmatched/payout-line/<uuid:payout_line>", unmatched.line, name="console-unmatched-line"),
    path("/payouts", payouts.payouts, name="console-payouts"),
    path("/payouts/<uuid:payout_id>", payouts.payout, name="console-payout"),
    path("/payouts/<uuid:payout_id>/arrival", payouts.arrival, name="console-payout-arrival"),
    path("/payouts/lines/<uuid:payout_line>/untake", payouts.untake, name="console-payout-untake"),
    path("/close", close.close, name="console-close"),
    path("/<uuid:payment_id>", one.payment, name="console-payment"),
    path("/<uuid:payment_id>/refund", one.refund, name="console-payment-refund"),
    path("/<uuid:payment_id>/ask", one.ask, name="console-payment-ask"),
    path("/<uuid:payment_id>/receipt.pdf", one.receipt, name="console-payment-receipt"),
]
