"""The support application: conversations about invoices, what needs attention, and what of it can be erased."""

from __future__ import annotations

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "wasl.app.support"
    label = "support"

    def ready(self) -> None:
        from wasl.app.archive.index import listen
        from wasl.app.delivery.compose import hear_at
        from wasl.app.delivery.inbound import read_by
        from wasl.app.invoicing.erase import eraser
        from wasl.app.jobs.registry import beat
        from wasl.app.notices import threads
        from wasl.app.payments.autopay_run import hold_while
        from wasl.app.support import invariants, readers, spoken
        from wasl.app.support.attention import mail, sweep, watch
        from wasl.app.support.callback import remind
        from wasl.app.support.desk import turns
        from wasl.app.support.erase import erase_conversations
        from wasl.app.support.held import is_disputed
        from wasl.app.support.threads.invoices import answers_to
        from wasl.app.support.threads.letters import carried
        from wasl.app.support.threads.receive import receive
        from wasl.app.tenancy import payers_erase, payers_export

        assert invariants
        listen(spoken.heard)
        spoken.follow()
        read_by(receive)
        threads.carry(carried)
        hear_at(answers_to)
        eraser("conversations", erase_conversations)
        payers_erase.eraser("conversations", readers.forget)
        payers_export.exporter("conversations", readers.export)
        hold_while(is_disputed)
        watch.listen()
        turns.listen()
        beat("calls.remind", remind.remind_due, every=60.0, order=65)
        beat("attention.sweep", sweep.sweep, every=60.0, order=60)
        beat("attention.mail", mail.send_daily, every=300.0, order=70)
