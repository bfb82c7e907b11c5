"""A real mail server beside the tests, and Wasl configured to use it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from wasl.app import fsck
from wasl.standins.process import running

INVARIANTS = ("mail-bytes", "mail-events", "mail-states")


class MailServer:
    """What the far side has and does."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports
        self.web = httpx.Client(base_url=f"http://127.0.0.1:{ports['http']}")

    def messages(self, mailbox: str = "") -> list[dict[str, Any]]:
        return self.web.get("/api/messages", params={"mailbox": mailbox} if mailbox else {}).json()

    def source(self, uid: int = 1) -> bytes:
        return self.web.get(f"/m/{uid}/source").content

    def read(self, uid: int = 1) -> EmailMessage:
        message = message_from_bytes(self.source(uid), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def behave(self, recipient: str, behaviour: str, times: int = -1) -> None:
        self.web.post("/control/behaviour", json={"recipient": recipient, "behaviour": behaviour, "times": times}).raise_for_status()

    def report(self, message_id: str, recipient: str, action: str) -> None:
        self.web.post("/control/report", json={"message_id": message_id, "recipient": recipient, "action": action}).raise_for_status()

    def wait_for_reports(self, count: int) -> None:
        for _ in range(100):
            if len(self.messages("wasl@wasl.example")) >= count:
                return
            time.sleep(0.05)
        raise AssertionError("no report came")


@pytest.fixture(scope="session")
def mail_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    folder: Path = tmp_path_factory.mktemp("mail")
    free = ("--smtp", "0", "--imap", "0", "--http", "0", "--late", "0.1", "--imap-password", "a word", "--dir", str(folder))
    with running("wasl.standins.mailserver", *free) as ports:
        yield ports


@pytest.fixture
def mail(db: None, mail_process: dict[str, int], settings: Any) -> Iterator[MailServer]:
    """The far side of one test, empty at its start; afterwards each state must have its event and its reason."""
    server = MailServer(mail_process)
    server.web.post("/control/clear")
    settings.CONFIG = dataclasses.replace(
        settings.CONFIG,
        smtp_url=f"smtp://127.0.0.1:{mail_process['smtp']}",
        imap_url=f"imap://wasl:a%20word@127.0.0.1:{mail_process['imap']}",
        mail_from="wasl@wasl.example",
    )
    yield server
    assert fsck.run(INVARIANTS) == []


@pytest.fixture
def proven(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Put every event into the published log, as the worker does all the time."""

    def prove() -> None:
        from wasl.app.proofs.publish import publish_once
        from wasl.app.proofs.sequencer import sequence_all

        sequence_all()
        publish_once()

    return prove


@pytest.fixture
def issue_to(org: Any, make_invoice: Any, actor: Any) -> Callable[..., Any]:
    """Issue an invoice to one address; the row."""
    from wasl.app.invoicing.issue import issue
    from wasl.app.invoicing.models import Invoice

    def make(email: str, **changes: Any) -> Any:
        answer = issue(org, make_invoice(email=email, **changes), actor=actor)
        return Invoice.objects.for_org(org).get(pk=answer.invoice_id)

    return make
