"""The payments application: it posts what issued documents make owed, and sweeps in the worker's round."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "wasl.app.payments"
    label = "payments"

    def ready(self) -> None:
        from wasl.app.delivery.compose import ask_whether_owed
        from wasl.app.events.record import subscribe
        from wasl.app.invoicing.erase import eraser
        from wasl.app.jobs.registry import beat
        from wasl.app.payments import autopay_run, days, invariants, payout_lines, payouts, readers, receive, saved, sweep, telling, views, webhook
        from wasl.app.payments.journal import is_owed, post_issued
        from wasl.app.payments.writeoff import give_up_less
        from wasl.app.tenancy import payers_erase, payers_export

        assert invariants
        subscribe("issued", post_issued)
        subscribe("credited", give_up_less)
        telling.listen()
        views.listen()
        ask_whether_owed(is_owed)
        beat("payments.hooks", webhook.beat, every=0.1, lane="payments")
        eraser("payments", receive.erase_words)
        payers_erase.eraser("payments", saved.erase_methods)
        payers_export.exporter("payments", readers.export)
        beat("payments.payouts", payouts.fetch_payouts, every=1800.0, order=54)
        beat("payments.payout_lines", payout_lines.explain_known, every=300.0, order=56)
        beat("payments.forget", saved.forget_removed, every=300.0, order=53)
        beat("payments.autopay", autopay_run.beat, every=20.0, order=52)
        beat("payments.days", days.fold, every=20.0, order=55)
        beat("payments.sweep", sweep.beat, every=5.0, order=50)
