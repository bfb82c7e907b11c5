"""The story of an invoice: honest words, who may hear what, and the same as files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.utils.translation import override

AT = datetime(2026, 11, 23, 7, 2, tzinfo=UTC)


class Fact:
    """An event, as the story takes it."""

    def __init__(self, event_type: str, minutes: int = 0, amount: int | None = None, **data: Any) -> None:
        self.type, self.at = event_type, AT.replace(minute=2 + minutes)
        self.amount, self.currency, self.data = amount, "SAR", data


def told(*facts: Fact, seller: bool = False, address: str = "me@example.com") -> list[str]:
    from wasl.app.portal.history import Reader, timeline

    reader = Reader(seller, "Asia/Riyadh", "SA", "" if seller else address, {"7": "Reem"})
    with override("en"):
        return [" | ".join((entry.title, *entry.details)) for entry in timeline(facts, reader, logged_at=None, proof_url="")]


STORY = (
    Fact("handed-over", 1, recipient="me@example.com", reply="250 ok"), Fact("bounced", 2, recipient="boss@example.com", reply="550 no such user"),
    Fact("opened", 3, recipient="me@example.com"), Fact("opened", 4, recipient="me@example.com"), Fact("opened", 5, recipient="boss@example.com"),
    Fact("disputed", 6, recipient="me@example.com", by="me@example.com", reason="price", line="3"), Fact("answered", 7, by="person:7", line="3"),
    Fact("notice-sent", 8, recipient="me@example.com", kind="due_soon"), Fact("notice-bounced", 9, recipient="boss@example.com", kind="overdue"),
    Fact("payment-alarm", 10), Fact("link-revoked", 11, recipient="boss@example.com", by="person:7"), Fact("paid", 12, amount=1000, reference="R1"),
)  # fmt: skip


def test_t54_a_payer_hears_of_its_own_address_and_of_nobody_elses() -> None:
    heard = told(*STORY)

    assert heard == [
        "Handed over to your mail server | me@example.com", "Opened by you | me@example.com", "You objected: Wrong price | line 3 | me@example.com",
        "The seller answered | line 3", "Reminder before the due date: handed over to the mail server | me@example.com", "Payment received | SAR 10.00 | R1",
    ]  # fmt: skip
    assert "boss" not in repr(heard) and "Reem" not in repr(heard) and "550" not in repr(heard)


def test_the_seller_hears_of_every_address_and_which_colleague_acted() -> None:
    heard = told(*STORY, seller=True)

    assert "Came back: it could not be delivered | boss@example.com | 550 no such user" in heard
    assert "You answered | line 3 | Reem" in heard and "Link withdrawn | boss@example.com | Reem" in heard
    assert "A payment does not fit this invoice" in heard and len([title for title in heard if title.startswith("Opened")]) == 2


def test_handed_over_is_never_called_delivered_and_a_mail_is_never_read() -> None:
    every = " ".join(
        told(
            Fact("handed-over", recipient="me@example.com"),
            Fact("delivery-unknown", 1, recipient="me@example.com"),
            Fact("opened", 2, recipient="me@example.com"),
        )
    )

    assert "elivered" not in every and " read" not in every.lower()


@pytest.mark.django_db
def test_the_story_as_files_holds_what_the_reader_may_see(client: Any, token: str, issued: Any) -> None:
    client.post(f"/i/{token}/ask", {"reason": "price", "line": "1", "text": "x", "key": str(uuid4())})

    rows = list(csv.reader(io.StringIO(client.get(f"/i/{token}/history.csv?lang=en").content.decode("utf-8-sig"))))
    body = orjson.loads(client.get(f"/i/{token}/history.json?lang=en").content)
    page = client.get(f"/i/{token}/history?lang=en").content.decode()

    assert rows[0][0] == "Time (UTC)" and [row[4] for row in rows[1:]] == [
        "Issued and sealed; being written to the public log",
        "You objected: Wrong price",
    ]
    assert [event["type"] for event in body["events"]] == ["issued", "disputed"] and body["invoice"] == issued.number
    assert "No reminders while the objection is open" in page and page.index("No reminders") < page.index("Issued and sealed")
    assert client.get(f"/i/{token}/history.exe").status_code == 404


@pytest.mark.django_db
def test_t37_no_cell_of_the_file_is_a_formula(org: Any, issued: Any) -> None:
    from wasl.app.portal.history import Entry
    from wasl.app.portal.story import as_csv

    written = as_csv([Entry("=1+1", "done", moment=AT, type="@x", details=("+2", "\tcmd"))], org).decode("utf-8-sig")

    (row,) = list(csv.reader(io.StringIO(written)))[1:]
    assert row[3:5] == ["'@x", "'=1+1"] and row[5].startswith("'+2")


@pytest.mark.django_db
def test_the_next_reminder_stands_on_top_and_is_only_ones_own(client: Any, token: str, issued: Any) -> None:
    from wasl.app.notices.models import Watch

    for email, kind in (("buyer@example.com", "due_soon"), ("boss@example.com", "overdue")):
        row, _new = Watch.objects.for_org(issued.organisation_id).get_or_create(
            organisation_id=issued.organisation_id, invoice_id=issued.pk, email=email, defaults={"language": "en", "due_date": issued.due_date}
        )
        row.closed, row.stale, row.next_at, row.next_kind = "", False, datetime(2030, 1, 28, 8, tzinfo=UTC), kind
        row.save()

    html = client.get(f"/i/{token}?lang=en").content.decode()

    assert "Next: Reminder before the due date" in html and "28 January 2030" in html and "after the due date" not in html


@pytest.mark.django_db
def test_a_withdrawn_link_is_told_to_its_owner(org: Any, issued: Any, token: str, owner: Any, client: Any) -> None:
    from wasl.app.invoicing.links import make_link, resolve, revoke
    from wasl.app.invoicing.models import Link
    from wasl.app.tenancy.actor import Actor

    revoke(org.pk, resolve(token).id, actor=Actor.of(owner))
    fresh = make_link(issued, Link.MAIL, "buyer@example.com")
    other = make_link(issued, Link.MAIL, "boss@example.com")

    assert "Your link was withdrawn" in client.get(f"/i/{fresh}/history?lang=en").content.decode()
    assert "withdrawn" not in client.get(f"/i/{other}/history?lang=en").content.decode()
