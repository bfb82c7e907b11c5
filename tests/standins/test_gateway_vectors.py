"""The gateway vectors agree with themselves: every signature is worked out again by code that is neither the drivers' nor the simulators'."""

from __future__ import annotations

import hashlib
import hmac
import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.gateway_vectors import GATEWAYS, vectors


def mac(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def timed(case: dict[str, Any], header: str) -> bool:
    """Stripe and the sandbox bank."""
    parts = [part.split("=", 1) for part in case["headers"].get(header, "").split(",") if "=" in part]
    at = next((value for key, value in parts if key == "t"), "")
    return at.isdigit() and abs(case["at"] - int(at)) <= 300 and mac(case["secret"], f"{at}.{case['body']}") in [v for k, v in parts if k == "v1"]


def tap(case: dict[str, Any]) -> bool:
    body = json.loads(case["body"])
    decimals = vectors("tap")["signature"]["decimals"][body["currency"]]
    created = body["transaction"]["created"] if body["object"] == "charge" else body["created"]
    reference = body["reference"]
    text = f"x_id{body['id']}x_amount{Decimal(str(body['amount'])):.{decimals}f}x_currency{body['currency']}"
    text += f"x_gateway_reference{reference.get('gateway', '')}x_payment_reference{reference.get('payment', '')}x_status{body['status']}x_created{created}"
    return case["headers"].get("hashstring", "").lower() == mac(case["secret"], text)


VERIFY = {
    "stripe": lambda case: timed(case, "Stripe-Signature"),
    "bank": lambda case: timed(case, "Bank-Signature"),
    "moyasar": lambda case: json.loads(case["body"]).get("secret_token") == case["secret"],
    "tap": tap,
    "paytabs": lambda case: case["headers"].get("Signature", "") == mac(case["secret"], case["body"]),
}
CASES = [(gateway, case) for gateway in GATEWAYS for case in vectors(gateway)["webhooks"]]


@pytest.mark.parametrize(("gateway", "case"), CASES, ids=[f"{g}: {c['name']}" for g, c in CASES])
def test_webhook_is_genuine_exactly_where_it_says_so(gateway: str, case: dict[str, Any]) -> None:
    assert VERIFY[gateway](case) is case["genuine"]


def test_a_browser_that_comes_back_from_paytabs_is_signed_over_its_sorted_fields() -> None:
    for case in vectors("paytabs")["returns"]:
        fields = {key: value for key, value in sorted(case["form"].items()) if value and key != "signature"}

        assert (mac(case["secret"], urlencode(fields)) == case["form"]["signature"]) is case["genuine"]


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_every_case_names_its_source_and_how_it_was_made(gateway: str) -> None:
    book = vectors(gateway)
    steps = [step for scene in book["scenes"] for step in scene["steps"] if "request" in step]

    for case in [*steps, *book["webhooks"]]:
        assert case["how"] in ("verbatim", "derived", "assumed") and case["source"], case["name"]
        assert set(case["source"]) <= book["sources"].keys(), case["name"]
        assert case["how"] != "assumed" or case.get("note"), case["name"]
    assert len(steps) >= 15
