"""Who hears what, in one process: by topic alone, in order, with what was missed; who is too slow is let go."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import pytest

from wasl.app.live import hub as hubs
from wasl.app.live import stream as streams
from wasl.app.live import topics
from wasl.app.live.hub import MISSED, Full, Hub, Reader
from wasl.app.live.stream import Streams
from wasl.app.live.tell import packed
from wasl.app.live.ticket import Speaker, ticket

MINE, OTHER = topics.thread(UUID(int=1), UUID(int=2)), topics.thread(UUID(int=1), UUID(int=3))


async def nowhere() -> Any:
    raise OSError("no database")


@pytest.fixture
def hub() -> Hub:
    made = Hub(nowhere)
    made._restart()  # as after LISTEN
    made._heard_since -= 600
    return made


def kinds(reader: Reader) -> list[str]:
    """What a reader was given, by kind."""
    return [note or "missed" for note, _ in re.findall(r'"kind":"(\w+)"|event: (missed)', reader.take().decode())]


def test_t64_a_reader_hears_the_own_topics_only(hub: Hub) -> None:
    mine, both = hub.join((MINE,), since=time.time()), hub.join((MINE, OTHER), since=time.time())
    hub.hear(packed(OTHER, "message"))
    hub.hear(packed(MINE, "read"))

    assert (kinds(mine), kinds(both)) == (["read"], ["message", "read"])


def test_a_reader_that_comes_back_gets_what_came_after_its_last_one(hub: Hub) -> None:
    reader = hub.join((MINE,), since=time.time())
    for kind in ("one", "two", "three"):
        hub.hear(packed(MINE, kind))
    last = reader.take().decode().split("id: ")[1].splitlines()[0]

    assert kinds(hub.join((MINE,), since=0, last_id=last)) == ["two", "three"]
    assert kinds(hub.join((MINE,), since=time.time(), last_id="0" * 32)) == ["missed"]


def test_what_happened_between_the_page_and_its_stream_is_not_lost(hub: Hub) -> None:
    made = time.time()
    hub.hear(packed(MINE, "message"))

    assert kinds(hub.join((MINE,), since=made)) == ["message"]
    assert kinds(hub.join((MINE,), since=made + 60)) == []
    assert kinds(hub.join((MINE,), since=made - 3600)) == ["missed"], "older than we have been listening"


def test_after_the_database_was_away_everybody_is_told_to_ask_anew(hub: Hub) -> None:
    reader = hub.join((MINE,), since=time.time())
    hub._restart()

    assert reader.take() == MISSED


def test_a_reader_that_takes_nothing_is_let_go_and_costs_no_more(hub: Hub) -> None:
    reader = hub.join((MINE,), since=time.time())
    for _ in range(hubs.WAITING_MAX + 50):
        hub.hear(packed(MINE, "message"))

    assert reader.is_slow
    assert len(reader.frames) == hubs.WAITING_MAX


def test_there_is_an_end_to_readers_of_one_topic_and_of_all(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "TOPIC_READERS_MAX", 2)
    readers = [hub.join((MINE,), since=time.time()) for _ in range(2)]
    with pytest.raises(Full):
        hub.join((MINE,), since=time.time())
    hub.leave(readers[0])
    hub.join((MINE,), since=time.time())
    monkeypatch.setattr(hubs, "READERS_MAX", 2)

    with pytest.raises(Full):
        hub.join((OTHER,), since=time.time())


@pytest.mark.parametrize("payload", ["", "[]", "{", '{"i": 1}', "null"])
def test_a_notice_of_somebody_else_breaks_nothing(hub: Hub, payload: str) -> None:
    reader = hub.join((MINE,), since=time.time())
    hub.hear(payload)

    assert reader.take() == b""


# -- streams -----------------------------------------------------------------------------------------------------------------------


class Scope:
    def __init__(self, method: str = "GET", **headers: str) -> None:
        self.method, self.headers = method, headers


class Proto:
    """What granian gives: an answer, pieces of a stream, and word of a reader that has gone."""

    def __init__(self) -> None:
        self.status, self.pieces, self.gone = 0, [], asyncio.Event()

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        self.status = status

    def response_empty(self, status: int, headers: Any) -> None:
        self.status = status

    def response_stream(self, status: int, headers: Any) -> Proto:
        self.status = status
        return self

    async def send_bytes(self, piece: bytes) -> None:
        self.pieces.append(piece)

    async def client_disconnect(self) -> None:
        await self.gone.wait()

    @property
    def text(self) -> str:
        return b"".join(self.pieces).decode()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 10))


@pytest.mark.parametrize(("text", "status"), [("nonsense", 403), ("", 403)])
def test_t64_without_a_ticket_there_is_no_stream(hub: Hub, text: str, status: int) -> None:
    proto = Proto()
    run(Streams(hub).answer(Scope(), proto, text))

    assert (proto.status, hub.count) == (status, 0)


def test_a_stream_says_hello_sends_and_ends_with_its_reader(hub: Hub) -> None:
    async def play() -> None:
        proto, all_streams = Proto(), Streams(hub)
        serving = asyncio.create_task(all_streams.answer(Scope(), proto, ticket([MINE], 60)))
        await asyncio.sleep(0.01)
        hub.hear(packed(MINE, "message", {"id": "7"}))
        await asyncio.sleep(0.01)
        proto.gone.set()
        await serving
        assert "event: hello" in proto.text and '"kind":"message"' in proto.text and '"id":"7"' in proto.text
        assert (hub.count, all_streams._by_ticket) == (0, {})

    run(play())


def test_a_stream_that_has_sent_its_measure_ends_so_that_nothing_piles_up(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "STREAM_OCTETS_MAX", 2000)

    async def play() -> None:
        proto = Proto()
        serving = asyncio.create_task(Streams(hub).answer(Scope(), proto, ticket([MINE], 60)))
        while not serving.done():
            hub.hear(packed(MINE, "message", {"x": "y" * 500}))
            await asyncio.sleep(0.001)
        assert len(proto.text) < 4000

    run(play())


def test_a_ticket_opens_a_few_streams_and_says_when_it_is_over(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        text, all_streams = ticket([MINE], 1), Streams(hub)
        protos = [Proto() for _ in range(streams.TICKET_STREAMS_MAX + 1)]
        serving = [asyncio.create_task(all_streams.answer(Scope(), proto, text)) for proto in protos]
        await asyncio.gather(*serving)
        assert [proto.status for proto in protos] == [200] * streams.TICKET_STREAMS_MAX + [429]
        assert protos[0].text.endswith("event: over\ndata: {}\n\n")

    run(play())


def test_only_a_speaker_is_writing_and_not_all_the_time(hub: Hub) -> None:
    said: list[str] = []

    async def play() -> None:
        async def say(payload: str) -> None:
            said.append(payload)

        hub.say = say  # type: ignore[method-assign]
        all_streams, speaking = Streams(hub), ticket([MINE], 60, speaker=Speaker(MINE, "payer", ""))
        statuses = []
        for method, text in (("GET", speaking), ("POST", ticket([MINE], 60)), ("POST", "x"), ("POST", speaking), ("POST", speaking)):
            proto = Proto()
            await all_streams.typing(Scope(method), proto, text)
            statuses.append(proto.status)
        assert statuses == [405, 403, 403, 204, 429]

    run(play())
    assert len(said) == 1 and '"side":"payer"' in said[0]
