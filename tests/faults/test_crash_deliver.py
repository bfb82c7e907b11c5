"""T85 and T89 for mail: SIGKILL at every statement and on both sides of every word to the mail server.

Mail cannot be exactly once; what must hold: the state is never better than what happened, every retry has the same bytes,
and the recipient's side can tell a retry by its Message-ID.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from wasl.app import fsck
from wasl.app.delivery.models import Delivery, Report
from wasl.app.delivery.send import deliver, send_now
from wasl.app.events.models import Event
from wasl.app.invoicing.pdf import pdf_for
from wasl.standins.process import running

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SCENARIOS = Path(__file__).with_name("scenarios_effects.py")
WORDS = ("smtplib:SMTP.connect", "smtplib:SMTP.send", "smtplib:SMTP.getreply")
INVARIANTS = ("mail-bytes", "mail-events", "mail-states")


@pytest.fixture
def mailbox(tmp_path: Path, settings: Any) -> Iterator[httpx.Client]:
    free = ("--smtp", "0", "--imap", "0", "--http", "0", "--imap-password", "word", "--dir", str(tmp_path / "mail"))
    with running("wasl.standins.mailserver", *free) as ports:
        settings.CONFIG = dataclasses.replace(
            settings.CONFIG,
            smtp_url=f"smtp://127.0.0.1:{ports['smtp']}",
            imap_url=f"imap://wasl:word@127.0.0.1:{ports['imap']}",
            mail_from="wasl@wasl.example",
        )
        yield httpx.Client(base_url=f"http://127.0.0.1:{ports['http']}")


@pytest.fixture
def mailing_crasher(mailbox: httpx.Client, transactional_db: None, installation_dir: Path) -> Iterator[Any]:
    from django.conf import settings

    harness, config = sys.modules["wasl_fault_harness"], settings.CONFIG
    environment = {"WASL_SMTP_URL": config.smtp_url, "WASL_IMAP_URL": config.imap_url, "WASL_MAIL_FROM": config.mail_from}
    with harness.Crasher(
        database_url=harness.url_of_test_database(),
        data_dir=str(installation_dir),
        checkpoint_dir=config.checkpoint_dir,
        environment=environment,
    ) as child:
        yield child


@pytest.fixture
def queued(org: Any, make_invoice: Any, actor: Any) -> Any:
    """Queue one mail to an address of its own; everything slow is done beforehand."""

    def queue(n: int) -> Delivery:
        from wasl.app.invoicing.issue import issue
        from wasl.app.invoicing.models import Invoice
        from wasl.app.proofs.publish import publish_once
        from wasl.app.proofs.sequencer import sequence_all

        answer = issue(org, make_invoice(email=f"box{n}@y.example"), actor=actor)
        invoice = Invoice.objects.for_org(org).get(pk=answer.invoice_id)
        pdf_for(invoice)
        sequence_all()
        publish_once()
        return deliver(invoice)

    return queue


def arrived(mailbox: httpx.Client, delivery: Delivery) -> list[dict[str, Any]]:
    return mailbox.get("/api/messages", params={"mailbox": delivery.recipient}).json()


def state_of(delivery: Delivery) -> str:
    return Delivery.objects.for_org(delivery.organisation_id).get(pk=delivery.pk).state


@pytest.mark.ci
def test_t85_t89_sending_killed_at_every_point_is_never_better_than_the_truth(mailing_crasher: Any, mailbox: httpx.Client, queued: Any) -> None:
    current: list[Delivery] = []

    def arguments(n: int) -> dict[str, int]:
        current.append(queued(n))
        return {"hours": 0}

    points = doubted = 0
    for crash in mailing_crasher.every(SCENARIOS, "mail", arguments, effects=WORDS):
        points += 1
        delivery = current[-1]
        before = state_of(delivery)
        has_it = bool(arrived(mailbox, delivery))
        assert before == Delivery.QUEUED or (before == Delivery.HANDED_OVER and has_it), crash
        mailing_crasher.run(SCENARIOS, "mail", {"hours": 1})

        (mail,) = arrived(mailbox, delivery)
        assert state_of(delivery) == Delivery.HANDED_OVER and mail["differing"] == 0
        assert mail["message_id"] == delivery.message_id and mail["copies"] <= 2
        types = list(Event.objects.for_org(delivery.organisation_id).filter(invoice_id=delivery.invoice_id).values_list("type", flat=True))
        assert before == Delivery.HANDED_OVER or not has_it or "delivery-unknown" in types, "a doubt is said, not hidden"
        doubted += mail["copies"] == 2
        assert fsck.run(INVARIANTS) == []
    assert points >= 30 and doubted >= 1


def test_t85_reading_reports_killed_at_every_point_takes_each_in_once(mailing_crasher: Any, mailbox: httpx.Client, queued: Any) -> None:
    current: list[Delivery] = []

    def arguments(n: int) -> dict[str, int]:
        delivery = send_now(queued(1000 + n))
        mailbox.post("/control/report", json={"message_id": delivery.message_id, "recipient": delivery.recipient, "action": "failed"})
        current.append(delivery)
        return {}

    points = 0
    for _crash in mailing_crasher.every(SCENARIOS, "inbound", arguments, effects=("imaplib:IMAP4.uid",)):
        points += 1
        mailing_crasher.run(SCENARIOS, "inbound", {})

        delivery = current[-1]
        assert state_of(delivery) == Delivery.BOUNCED
        assert Report.objects.for_org(delivery.organisation_id).filter(delivery_id=delivery.pk, action="failed").count() == 1
        bounces = Event.objects.for_org(delivery.organisation_id).filter(invoice_id=delivery.invoice_id, type="bounced")
        assert bounces.count() == 1 and fsck.run(INVARIANTS) == []
    assert points >= 10
