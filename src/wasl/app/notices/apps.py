"""The notices application: it listens to what happens to invoices, and plans and queues in the worker's round."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "wasl.app.notices"
    label = "notices"

    def ready(self) -> None:
        from wasl.app.delivery import lanes, reports
        from wasl.app.delivery.compose import offer_changes
        from wasl.app.events.record import subscribe
        from wasl.app.invoicing.erase import eraser
        from wasl.app.jobs.registry import beat
        from wasl.app.notices import bounces, digests, invariants, kinds, pauses, readers, watches
        from wasl.app.notices import round as rounds
        from wasl.app.notices.letters import register_kinds, unsubscribe_url
        from wasl.app.notices.notify import tell_agreed, tell_all
        from wasl.app.notices.push.send import push_due
        from wasl.app.tenancy import payers_erase, payers_export

        assert invariants
        register_kinds()
        offer_changes(unsubscribe_url)
        lanes.lane(digests.LANE)
        reports.also(digests.take_report)
        subscribe("queued", watches.on_queued)
        subscribe("paid", watches.on_paid)
        subscribe("written-off", watches.on_paid)
        subscribe("paid", lambda event: tell_all(kinds.PAID, event))
        for autopay in ("autopay-noticed", "autopay-failed"):
            subscribe(autopay, tell_agreed)
        subscribe("link-revoked", watches.on_withdrawn)
        subscribe("credited", watches.on_credited)
        subscribe("credited", lambda event: tell_all(kinds.CREDITED, event, wait_minutes=2))
        subscribe("disputed", pauses.on_disputed)
        for settled in ("resolved", "withdrawn"):
            subscribe(settled, pauses.on_settled)
        for came_back in ("bounced", "notice-bounced"):
            subscribe(came_back, bounces.on_bounced)
        for alive in ("delivered", "notice-delivered", "opened"):
            subscribe(alive, bounces.on_alive)
        eraser("notices", watches.erase_watches)
        payers_erase.eraser("notices", readers.forget)
        payers_export.exporter("notices", readers.export)
        beat("notices.round", rounds.beat, every=2.0, order=28)
        beat("notices.push", push_due, every=1.0, order=32)
