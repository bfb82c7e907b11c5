"""Every simulator answers the vectors of its gateway exactly: values, types, and which fields are there."""

from __future__ import annotations

import base64
import secrets
import time
from typing import Any

import httpx
import pytest
from tests.gateway_vectors import GATEWAYS, at, differences, filled, vectors

SCENES = [(gateway, scene) for gateway in GATEWAYS for scene in vectors(gateway)["scenes"]]


def headers_for(gateway: str, key: str) -> dict[str, str]:
    if gateway == "moyasar":
        return {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}
    return {name: value.format(key=key) for name, value in vectors(gateway)["auth"].items()}


def act(client: httpx.Client, name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/control/{name}", json=wanted)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ask(client: httpx.Client, gateway: str, request: dict[str, Any], key: str) -> httpx.Response:
    how = request.get("auth")
    headers = {} if how == "none" else headers_for(gateway, "sk_test_wrong" if how == "wrong" else key)
    body = {name: request[name] for name in ("json",) if name in request} | ({"data": request["form"]} if "form" in request else {})
    return client.request(
        request["method"], f"/{gateway}{request['path']}", params=request.get("query"), headers=headers | request.get("headers", {}), **body
    )


def opened(client: httpx.Client, gateway: str) -> dict[str, Any]:
    """A new account, and what the vectors call its values."""
    key, now = secrets.token_hex(12), time.time()
    account = act(client, "accounts", {"gateway": gateway, "key": key, "secret": "a-secret"})
    act(client, "webhooks", {"mode": "lost", "times": -1})
    if gateway == "bank":
        names = {"name_ar": "شركة سند", "name_en": "Sanad"}
        client.put("/bank/v1/merchants/m1", json=names, headers=headers_for("bank", key)).raise_for_status()
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 60))
    return {"key": key, "profile": account["profile"], "payout_since": since, "payout_since_ms": str(int(now * 1000) - 60_000)}


@pytest.mark.parametrize(("gateway", "scene"), SCENES, ids=[f"{g}: {s['name']}" for g, s in SCENES])
def test_simulator_answers_the_vectors(gateways: str, gateway: str, scene: dict[str, Any]) -> None:
    wrong: list[str] = []
    with httpx.Client(base_url=gateways) as client:
        names = opened(client, gateway)
        for step in scene["steps"]:
            if "control" in step:
                act(client, step["control"], filled(step.get("with", {}), names))
                continue
            answer = ask(client, gateway, filled(step["request"], names), names["key"])
            body = answer.json() if answer.content else None
            found = [f"status {answer.status_code}"] if answer.status_code != step["answer"]["status"] else []
            found += differences(filled(step["answer"].get("json"), names), body, step.get("varies", {}))
            found += [f"{n}: {answer.headers.get(n)}" for n, v in step["answer"].get("headers", {}).items() if answer.headers.get(n) != v]
            wrong += [f"{step['name']}: {line}" for line in found]
            names |= {name: at(body, path) for name, path in step.get("save", {}).items()}

    assert not wrong, "\n".join(wrong)
