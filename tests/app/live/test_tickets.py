"""Tickets and notices: what may be listened to, and what is refused (T58, T64)."""

from __future__ import annotations

import time
from uuid import UUID

import pytest
from django.core import signing

from wasl.app.ids import uuid7
from wasl.app.live import topics
from wasl.app.live.tell import NOTE_OCTETS_MAX, packed
from wasl.app.live.ticket import SECONDS_MAX, Speaker, TicketRefused, opened, stream_url, ticket
from wasl.app.logs import redact

ORG, INVOICE = UUID(int=1), UUID(int=2)
TOPIC = topics.invoice(ORG, INVOICE)


def test_a_ticket_opens_what_it_was_made_for_and_nothing_else() -> None:
    found = opened(ticket([TOPIC, TOPIC], 60, speaker=Speaker(TOPIC, "payer", "x" * 200)))

    assert found.topics == (TOPIC,)
    assert 58 < found.until - time.time() <= 60
    assert found.speaker == Speaker(TOPIC, "payer", "x" * 60)
    assert found.id != opened(ticket([TOPIC], 60)).id


@pytest.mark.parametrize(
    "forge",
    [
        lambda good: good[:-1] + ("A" if good[-1] != "A" else "B"),
        lambda good: "x" + good,
        lambda good: good.rpartition(":")[0],
        lambda good: "",
        lambda good: "A" * 5000,
        lambda good: good + "\n",
        lambda good: signing.dumps({"i": "1", "t": [TOPIC], "s": 0, "u": 2e9}),  # signed by us, for another purpose
        lambda good: signing.dumps({"i": "1", "t": [TOPIC], "s": 0, "u": 2e9}, key="k" * 50, salt="wasl.live.ticket/v1"),
    ],
)  # fmt: skip
def test_t64_a_forged_ticket_opens_nothing(forge: object) -> None:
    with pytest.raises(TicketRefused) as refused:
        opened(forge(ticket([TOPIC], 60)))  # type: ignore[operator]

    assert not refused.value.is_over


def test_t64_a_ticket_is_over_when_its_time_is(monkeypatch: pytest.MonkeyPatch) -> None:
    good = ticket([TOPIC], 60)
    monkeypatch.setattr(time, "time", lambda now=time.time(): now + 61)

    with pytest.raises(TicketRefused) as refused:
        opened(good)

    assert refused.value.is_over


@pytest.mark.parametrize(
    ("wanted", "seconds"),
    [([], 60), (["invoice:1:2"], 60), (["*"], 60), ([TOPIC], 0), ([TOPIC], SECONDS_MAX + 1), ([topics.desk(uuid7()) for _ in range(9)], 60)],
)
def test_no_ticket_is_made_for_what_is_no_topic(wanted: list[str], seconds: int) -> None:
    with pytest.raises(ValueError, match=r"topics|seconds"):
        ticket(wanted, seconds)


def test_nobody_speaks_where_they_do_not_listen() -> None:
    with pytest.raises(ValueError, match="listens"):
        ticket([TOPIC], 60, speaker=Speaker(topics.desk(ORG), "seller", ""))


def test_t58_a_ticket_is_cut_out_of_every_log() -> None:
    address = stream_url([TOPIC], 60)

    assert address.startswith("/events/")
    assert redact(f"GET {address}/typing 200") == "GET /events/***/typing 200"


@pytest.mark.parametrize(
    ("topic", "kind", "data"), [("all", "money", {}), (TOPIC, "Money", {}), (TOPIC, "missed", {}), (TOPIC, "money", {"x": "y" * NOTE_OCTETS_MAX})]
)
def test_what_is_no_notice_is_refused_before_the_database_sees_it(topic: str, kind: str, data: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"unknown|octets"):
        packed(topic, kind, data)


@pytest.mark.parametrize(("live", "stream", "codes"), [(200, 200, []), (200, 503, ["CHECK-STREAM"]), (200, 404, ["CHECK-STREAM"]), (503, 503, []), (0, 0, [])])
def test_the_check_tells_when_pages_hear_no_news(live: int, stream: int, codes: list[str]) -> None:
    import httpx

    from wasl.app.live.check import stream_findings

    def answer(request: httpx.Request) -> httpx.Response:
        if not live:
            raise httpx.ConnectError("nobody")
        return httpx.Response(live if request.url.path == "/health/live" else stream)

    assert [each.code for each in stream_findings("http://wasl.example", transport=httpx.MockTransport(answer))] == codes
