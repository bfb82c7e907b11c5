"""T85 and T89 for reminders: SIGKILL at every statement of planning, queueing and sending, and on both sides of every word to the mail server.

What must hold after each kill and one more round: the step was said once, by one mail with one Message-ID; a second copy is the
first one's bytes, and the books said `unknown` in between; nothing was lost.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from wasl.app import clock, fsck
from wasl.app.delivery.models import Delivery
from wasl.app.delivery.send import deliver, send_now
from wasl.app.events.models import Event
from wasl.app.notices.models import Notice, Watch
from wasl.app.notices.preferences import Preferences, save
from wasl.app.notices.schedule import SellerSchedule, save_schedule
from wasl.standins.process import running

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SCENARIOS = Path(__file__).with_name("scenarios_effects.py")
WORDS = ("smtplib:SMTP.send", "smtplib:SMTP.getreply")
INVARIANTS = ("mail-bytes", "mail-events", "notice-mails", "notice-owed", "notice-once")
AWAKE = Preferences(quiet_from=time(0), quiet_until=time(0), skip_weekends=False, skip_holidays=False)
DUE_IN, STEP, AT_HOURS = 10, -5, 24 * 6  # a reminder five days before: due five days from now at the latest on any wall


@pytest.fixture
def mailbox(tmp_path: Path, settings: Any) -> Iterator[httpx.Client]:
    free = ("--smtp", "0", "--imap", "0", "--http", "0", "--no-dsn", "--imap-password", "word", "--dir", str(tmp_path / "mail"))
    with running("wasl.standins.mailserver", *free) as ports:
        settings.CONFIG = dataclasses.replace(settings.CONFIG, smtp_url=f"smtp://127.0.0.1:{ports['smtp']}", mail_from="wasl@wasl.example")
        yield httpx.Client(base_url=f"http://127.0.0.1:{ports['http']}")


@pytest.fixture
def reminding_crasher(mailbox: httpx.Client, transactional_db: None, installation_dir: Path) -> Iterator[Any]:
    from django.conf import settings

    harness, config = sys.modules["wasl_fault_harness"], settings.CONFIG
    environment = {"WASL_SMTP_URL": config.smtp_url, "WASL_MAIL_FROM": config.mail_from}
    with harness.Crasher(
        database_url=harness.url_of_test_database(), data_dir=str(installation_dir), checkpoint_dir=config.checkpoint_dir, environment=environment
    ) as child:
        yield child


@pytest.fixture
def watched(org: Any, make_invoice: Any, actor: Any) -> Any:
    """An invoice whose own mail has left to a box of its own; its one reminder is due in five days."""
    save_schedule(org, SellerSchedule(steps=(STEP,), hour=time(0)), actor=actor)

    def watch(n: int) -> Watch:
        from wasl.app.invoicing.issue import issue
        from wasl.app.invoicing.models import Invoice
        from wasl.app.notices.planner import plan_stale
        from wasl.app.proofs.publish import publish_once
        from wasl.app.proofs.sequencer import sequence_all

        email = f"box{n}@y.example"
        save(email, AWAKE)
        answer = issue(org, make_invoice(email=email, due_date=clock.now().date() + timedelta(days=DUE_IN)), actor=actor)
        invoice = Invoice.objects.for_org(org).get(pk=answer.invoice_id)
        sequence_all()
        publish_once()
        send_now(deliver(invoice))
        plan_stale()
        return Watch.objects.for_org(org).get(invoice_id=invoice.pk)

    return watch


def reminders(mailbox: httpx.Client, watch: Watch) -> list[dict[str, Any]]:
    """The mails of its box besides the invoice's own."""
    sent = set(Delivery.objects.for_org(watch.organisation_id).filter(invoice_id=watch.invoice_id, kind="invoice").values_list("message_id", flat=True))
    return [mail for mail in mailbox.get("/api/messages", params={"mailbox": watch.email}).json() if mail["message_id"] not in sent]


def test_t85_t89_remind_killed_at_every_point_says_each_step_once(reminding_crasher: Any, mailbox: httpx.Client, watched: Any) -> None:
    current: list[Watch] = []

    def arguments(n: int) -> dict[str, int]:
        current.append(watched(n))
        return {"hours": AT_HOURS}

    points = doubted = 0
    for crash in reminding_crasher.every(SCENARIOS, "remind", arguments, effects=WORDS):
        points += 1
        watch = current[-1]
        had_it = bool(reminders(mailbox, watch))
        reminding_crasher.run(SCENARIOS, "remind", {"hours": AT_HOURS + 1})

        (mail,) = reminders(mailbox, watch)
        notice = Notice.objects.for_org(watch.organisation_id).get(invoice_id=watch.invoice_id)
        delivery = Delivery.objects.for_org(watch.organisation_id).get(pk=notice.delivery_id)
        assert (notice.state, delivery.state) == ("sent", "handed_over"), crash
        assert mail["message_id"] == delivery.message_id and mail["differing"] == 0 and mail["copies"] <= 2
        types = set(Event.objects.for_org(watch.organisation_id).filter(invoice_id=watch.invoice_id).values_list("type", flat=True))
        assert mail["copies"] == 1 or (had_it and "notice-unknown" in types), "a doubt is said, not hidden"
        doubted += mail["copies"] == 2
        assert fsck.run(INVARIANTS) == []
    assert points >= 30 and doubted >= 1
