"""Webhooks out: signed as each gateway signs, tried again as each tries again, and broken on purpose when a test asks for it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import secrets
from typing import Any

import httpx

from wasl.standins.gateways.dialect import Notice
from wasl.standins.gateways.engine import Engine
from wasl.standins.gateways.store import Row

AT_ONCE_MAX = 32
ANSWER_SECONDS_MAX = 10
OLD_SECONDS = 301  # one second past the tolerance that receivers grant
KEPT_MAX = 20_000
MODES = ("normal", "duplicate", "shuffle", "delay", "lost", "altered", "unsigned", "old", "wrong-secret")


def altered(body: str) -> str:
    """Another amount, in whatever way this body writes amounts."""
    for name in ('"amount":', '"amount": ', '"cart_amount":"', '"amount_total": '):
        if name in body:
            return body.replace(name, name + "1", 1)
    return body + " "


class Sender:
    """A queue by time. A 2xx ends a notice; anything else is tried again after the gateway's own pauses, times `base_seconds`."""

    def __init__(self, engine: Engine, *, base_seconds: float) -> None:
        self.engine, self.base_seconds = engine, base_seconds
        self.modes: dict[str, Row] = {}
        self.heap: list[tuple[float, int, str]] = []
        self.count = itertools.count(len(engine.store.all("send")) + 1)
        self.gate = asyncio.Semaphore(AT_ONCE_MAX)
        self.tasks: set[asyncio.Task[None]] = set()
        self.client = httpx.AsyncClient(
            timeout=ANSWER_SECONDS_MAX, trust_env=False, follow_redirects=False, limits=httpx.Limits(max_connections=AT_ONCE_MAX)
        )
        engine.notify = self.notify
        for row in engine.store.all("send"):
            if row["status"] == "waiting":
                heapq.heappush(self.heap, (row["next"], int(row["id"]), row["id"]))

    def notify(self, notice: Notice, gateway: str, account: str, about: str) -> None:
        """Writes a notice and its first sending, as the current mode wants it."""
        if not notice.url:
            return
        event = {
            "id": f"ev{next(self.count)}",
            "gateway": gateway,
            "account": account,
            "about": about,
            "kind": notice.kind,
            "url": notice.url,
            "body": notice.body,
            "headers": notice.headers,
            "at": self.engine.store.now(),
        }
        self.engine.store.put("event", event["id"], event)
        for delay, mode in self._plan(gateway):
            self.send(event["id"], delay=delay, mode=mode)

    def _plan(self, gateway: str) -> list[tuple[float, str]]:
        plan = self.modes.get(gateway) or self.modes.get("")
        if not plan or plan["left"] == 0:
            return [(0.0, "normal")]
        plan["left"] -= 1
        mode, delay = str(plan["mode"]), float(plan["delay"])
        if mode == "duplicate":
            return [(0.0, "normal"), (0.0, "normal"), (delay, "normal")]
        if mode == "shuffle":
            return [(secrets.randbelow(1000) / 1000 * (delay or 1.0), "normal")]
        if mode == "lost":
            return []
        return [(delay, mode if mode in ("altered", "unsigned", "old", "wrong-secret") else "normal")]

    def send(self, event: str, *, delay: float = 0.0, mode: str = "normal", exact: Row | None = None) -> str:
        """Queues a sending of an event; `exact` are the bytes and headers of an earlier one, sent again as they were."""
        number = next(self.count)
        row = {
            "id": str(number),
            "event": event,
            "attempt": 0,
            "next": self.engine.store.now() + delay,
            "mode": mode,
            "status": "waiting",
            "code": None,
            "wire": exact,
        }
        self.engine.store.put("send", row["id"], row)
        heapq.heappush(self.heap, (row["next"], number, row["id"]))
        self._trim()
        return str(row["id"])

    def _trim(self) -> None:
        """Old sendings that are over are forgotten."""
        sends = self.engine.store.rows.get("send", {})
        if len(sends) > KEPT_MAX:
            for row in list(itertools.islice(sends.values(), KEPT_MAX // 10)):
                if row["status"] != "waiting":
                    self.engine.store.drop("send", row["id"])
                    self.engine.store.drop("event", row["event"])

    async def run(self) -> None:
        while True:
            self.engine.tick()
            now = self.engine.store.now()
            while self.heap and self.heap[0][0] <= now:
                row = self.engine.store.get("send", heapq.heappop(self.heap)[2])
                if row and row["status"] == "waiting":
                    await self.gate.acquire()
                    task = asyncio.create_task(self._send(row))
                    self.tasks.add(task)
                    task.add_done_callback(self.tasks.discard)
            await asyncio.sleep(0.02)

    async def _send(self, row: Row) -> None:
        try:
            event = self.engine.store.get("event", row["event"])
            assert event is not None
            body, headers = self._wire(row, event)
            code = await self._post(event["url"], body, headers)
            row["attempt"] += 1
            row |= {"code": code, "wire": {"body": body.decode(), "headers": headers}}
            waits = self.engine.dialects[event["gateway"]].waits
            if 200 <= code < 300:
                row["status"] = "sent"
            elif row["attempt"] > len(waits):
                row["status"] = "given up"
            else:
                row["next"] = self.engine.store.now() + self.base_seconds * waits[row["attempt"] - 1]
                heapq.heappush(self.heap, (row["next"], int(row["id"]), row["id"]))
            self.engine.store.touch("send", row["id"])
        finally:
            self.gate.release()

    def _wire(self, row: Row, event: Row) -> tuple[bytes, dict[str, str]]:
        """Bytes and headers of this attempt: a gateway signs each attempt anew, a replay repeats what was."""
        if row["wire"] and row["mode"] == "replay":
            return row["wire"]["body"].encode(), row["wire"]["headers"]
        dialect = self.engine.dialects[event["gateway"]]
        account = self.engine.store.get("account", event["account"]) or {"secrets": [], "key": ""}
        at = int(self.engine.store.now()) - (OLD_SECONDS if row["mode"] == "old" else 0)
        if row["mode"] == "wrong-secret":
            account = account | {"key": "not the key", "secrets": ["not the secret"]}
        notice = Notice(event["url"], event["body"], event["kind"], dict(event["headers"]))
        secrets_now = account["secrets"]
        if row["mode"] == "wrong-secret":
            notice.headers.pop("secret", None)
        body, headers = dialect.signed(notice, account, at, secrets_now)
        if row["mode"] == "unsigned":
            body, headers = dialect.unsigned(notice)
        if row["mode"] == "altered":
            body = altered(body)
        return body.encode(), {"Content-Type": "application/json"} | headers

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of one POST; 0 when there was no answer."""
        try:
            return (await self.client.post(url, content=body, headers=headers)).status_code
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return 0

    def shown(self, **wanted: Any) -> list[Row]:
        """Sendings with their events, oldest first; `gateway`, `about`, `kind` narrow them."""
        rows = []
        for row in self.engine.store.all("send"):
            event = self.engine.store.get("event", row["event"]) or {}
            if all(event.get(name) == value for name, value in wanted.items()):
                about = {name: event.get(name) for name in ("gateway", "account", "about", "kind", "url")}
                rows.append({name: row[name] for name in ("id", "event", "attempt", "next", "mode", "status", "code")} | about)
        return rows

    def event(self, event_id: str) -> str:
        return json.dumps(self.engine.store.get("event", event_id), ensure_ascii=False)
