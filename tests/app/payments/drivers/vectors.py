"""The pinned requests and answers of each gateway, ready for a driver: what the vendor leaves open is filled in here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from wasl.app.payments.drivers.bank import Bank
from wasl.app.payments.drivers.port import Account, GatewayDown, GatewayRefused, Order, WebhookRefused
from wasl.app.payments.drivers.registry import DRIVERS

FOLDER = Path(__file__).parents[4] / "tests" / "vectors" / "gateways"
MERCHANT = "0" * 31 + "1"
NAMES = ("stripe", "moyasar", "tap", "paytabs", "bank")
FILL = {
    "^cs_test_": "cs_test_a1B2c3D4e5F6g7H8i9J0k1L2",
    "^(ch|re|po|du)_": "ch_3MockChargeForVectors0001",
    r"^\d{10}$": 1764280000,
    "^[0-9a-f]{8}-": "73bda482-5f95-4f59-87d3-3fe3615c54bc",
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.": "2026-11-27T18:27:04.730Z",
    r"^\d{4}-\d\d-\d\dT": "2026-11-27T18:27:04Z",
    r"^TST\d{13}$": "TST2623802990085",
    "^[0-9A-F]{32}$": "0123456789ABCDEF0123456789ABCDEF",
    r"^\d{5,9}$": "25145693",
    r"^\d{13}$": "1698392202943",
    r"^G\d{5}$": "G00000",
}
ANY = "Vectors0123456789abcdefgh"


@cache
def read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def steps(name: str) -> list[dict[str, Any]]:
    return [step for scene in read(name)["scenes"] for step in scene["steps"] if "request" in step]


def step(name: str, scene: str, title: str) -> dict[str, Any]:
    found = next(one for one in read(name)["scenes"] if one["name"] == scene)
    return next(one for one in found["steps"] if one.get("name") == title)


def answer(given: Mapping[str, Any]) -> Any:
    """The step's answer with every value that the vendor chooses filled in."""
    body = json.loads(_named(json.dumps(given["answer"]["json"])))
    for path, pattern in given.get("varies", {}).items():
        *way, last = path.split(".")
        place = body
        for part in way:
            place = place[int(part)] if isinstance(place, list) else place[part]
        key = int(last) if isinstance(place, list) else last
        place[key] = _sample(pattern)
    return body


def _sample(pattern: str) -> Any:
    for start, sample in FILL.items():
        if pattern.startswith(start):
            return sample
    if "http" in pattern:
        return "https://pages.gateway.example/pay/1"
    prefix = pattern.lstrip("^").partition("[")[0].partition("(")[0]
    return f"{prefix}{ANY}" if prefix.endswith(("_", "TS")) else ANY


def _named(text: str) -> str:
    """A scene's own names for ids, such as {session}."""
    samples = {"session": FILL["^cs_test_"], "invoice": FILL["^[0-9a-f]{8}-"], "tran": FILL[r"^TST\d{13}$"], "profile": "100001"}
    for name in ("intent", "charge", "payment", "refund", "card", "customer", "agreement", "token", "method", "settlement", "payout", "payout_since"):
        samples[name] = f"{name}_{ANY}"
    for name, sample in samples.items():
        text = text.replace("{" + name + "}", sample)
    return text.replace('"100001"', "100001")


@dataclass
class Wire:
    """A gateway that answers from the vectors and remembers what it was asked."""

    answers: list[Any]  # of (method and beginning of the path, status, object); the first that fits is taken out

    def __post_init__(self) -> None:
        self.asked: list[httpx.Request] = []

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        wanted = f"{request.method} {request.url.path}"
        for number, (what, status, value) in enumerate(self.answers):
            if wanted.startswith(what):
                del self.answers[number]
                if isinstance(value, Exception):
                    raise value
                return httpx.Response(status, content=value if isinstance(value, bytes) else json.dumps(value).encode())
        raise AssertionError(f"not expected: {wanted}")

    def sent(self, number: int = -1) -> dict[str, Any]:
        """What the request held, as the vectors write it."""
        request = self.asked[number]
        if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        return json.loads(request.content or b"{}")


def account(name: str, **change: Any) -> Account:
    values: dict[str, Any] = {"merchant": MERCHANT, "key": "a-secret-key", "secrets": ("a webhook secret",)}
    if name == "paytabs":
        values |= {"profile": "100001", "region": "SA", "secrets": ()}
    if name == "tap":
        values |= {"secrets": ()}
    return Account(**(values | change))


def made(name: str, *answers: Any, kind: Any = None, **change: Any) -> tuple[Any, Wire]:
    """A driver whose gateway gives these answers."""
    wire = Wire(list(answers))
    if name == "bank":
        given = account(name, **change)
        return (kind or Bank)("http://bank.example", given.key, given.secrets, client=wire.client(), merchant="m1"), wire
    return (kind or DRIVERS[name])(account(name, **change), http=wire.client()), wire


def order(**change: Any) -> Order:
    base = Order(
        key="0194c1f0a0007000800000000000abcd", merchant=MERCHANT, merchant_name_ar="سند", merchant_name_en="Sanad", amount=11500,
        currency="SAR", reference="pay-0042", description_ar="فاتورة INV-2026-0042", description_en="Invoice INV-2026-0042",
        return_url="https://seller.example/i/abc", webhook_url="https://seller.example/hooks",
    )  # fmt: skip
    return replace(base, **change)


NOW = datetime(2026, 11, 27, 18, tzinfo=UTC)


# -- what a driver must read out of the vectors: a planted one that misreads is caught by the same lines -----------------


def problems(name: str, kind: Any) -> list[str]:
    """In what a driver of class `kind` disagrees with the vectors of its gateway."""
    checks: list[Callable[[str, Any], list[str]]] = [_webhooks, _statuses, _failures, _amounts]
    return [problem for check in checks for problem in check(name, kind)]


def _webhooks(name: str, kind: Any) -> list[str]:
    found = []
    for vector in read(name)["webhooks"]:
        secret = vector["secret"]
        change = {"key": secret, "secrets": ()} if name in ("tap", "paytabs") else {"secrets": (secret,)}
        driver, _wire = made(name, kind=kind, **change)
        try:
            driver.read_webhook(vector["headers"], vector["body"].encode(), at=float(vector["at"]))
            taken = True
        except WebhookRefused:
            taken = False
        if taken is not vector["genuine"]:
            found.append(f"webhook {vector['name']}: {'taken' if taken else 'refused'}")
    return found


def paid(name: str) -> tuple[Any, ...]:
    """The answers that show the payment of the first scene as paid, in the order in which a driver may ask."""
    if name == "stripe":
        scene = "a card pays a Checkout Session"
        return (
            ("GET /v1/checkout/sessions", 200, answer(step(name, scene, "fetch when paid, with the intent"))),
            ("GET /v1/payment_intents", 200, answer(step(name, scene, "the intent with its charge and fee"))),
            ("GET /v1/refunds", 200, {"object": "list", "data": [], "has_more": False}),
        )
    if name == "moyasar":
        found = next(s for s in steps(name) if s["request"]["path"] == "/v1/invoices/{invoice}" and s["answer"]["json"].get("status") == "paid")
        return (("GET /v1/invoices", 200, answer(found)),)
    if name == "tap":
        refunds = {"object": "list", "refunds": [], "has_more": False}
        return (("GET /v2/charges", 200, answer(step(name, "mada pays a charge", "retrieve when captured"))), ("POST /v2/refunds/list", 200, refunds))
    if name == "paytabs":
        return (
            ("POST /payment/query", 200, answer(step(name, "mada pays a page", "query by reference"))),
            ("POST /payment/query", 200, answer(step(name, "mada pays a page", "query by cart"))),
        )
    return (("GET /v1/payments", 200, answer(step(name, "pay, refund, settle", "fetch when paid"))),)


def first(name: str) -> str:
    """The id under which the first scene's payment is asked for."""
    ids = {"stripe": FILL["^cs_test_"], "moyasar": FILL["^[0-9a-f]{8}-"], "tap": f"chg_TS{ANY}", "paytabs": "TST2623802990085", "bank": "pay_1"}
    return str(ids[name])


def _statuses(name: str, kind: Any) -> list[str]:
    """Each status word of the vendor's list, put into the paid answer, must be read as the vectors say."""
    tables = read(name)["statuses"]
    words = tables.get("charge") or tables.get("payment") or {}
    if name == "moyasar":
        words = tables["invoice"]
    found = []
    for word, wanted in words.items():
        answers = json.loads(json.dumps(paid(name)))
        value = answers[0][2]
        if name == "paytabs":
            value["payment_result"]["response_status"] = word
        else:
            value["status"] = word
        driver, _wire = made(name, *(tuple(one) for one in answers), kind=kind)
        try:
            status = driver.fetch(first(name)).status
        except GatewayDown as error:
            status = str(error)
        if status != wanted:
            found.append(f"status {word}: {status}, not {wanted}")
    return found


def _failures(name: str, kind: Any) -> list[str]:
    found = []
    for code, wanted in read(name)["failures"]["codes"].items():
        if wanted in ("succeeded", "pending"):
            continue
        driver, _wire = made(name, *_failed(name, code), kind=kind)
        failure = driver.fetch(first(name)).failure
        if failure is None or failure.kind != wanted:
            found.append(f"failure {code}: {failure and failure.kind}, not {wanted}")
    return found


def _failed(name: str, code: str) -> tuple[Any, ...]:
    if name == "stripe":
        value = answer(step(name, "a card is declined and another pays", "the session stays open, its intent tells why"))
        error = value["payment_intent"]["last_payment_error"]
        error["decline_code"], error["code"] = code, "card_declined" if code != "payment_intent_authentication_failure" else code
        return (("GET /v1/checkout/sessions", 200, value),)
    if name == "moyasar":
        value = answer(step(name, "a card is declined and another pays", "the invoice stays open with a failed payment"))
        value["payments"][0]["source"]["response_code"] = code
        return (("GET /v1/invoices", 200, value),)
    if name == "tap":
        value = answer(step(name, "a declined card ends the charge", "declined"))
        value["response"]["code"] = code
        return (("GET /v2/charges", 200, value),)
    if name == "paytabs":
        value = answer(step(name, "declined, cancelled", "declined"))
        value["payment_result"]["response_code"] = code
        return (("POST /payment/query", 200, value),)
    value = answer(step(name, "cancel", "create")) | {"status": "failed", "failure": code}
    return (("GET /v1/payments", 200, value),)


def _amounts(name: str, kind: Any) -> list[str]:
    """The amount of the paid answer, and each example of the vectors' units, read and written."""
    driver, _wire = made(name, *paid(name), kind=kind)
    payment = driver.fetch(first(name))
    found = []
    if (payment.amount, payment.currency, payment.reference, payment.captured) != (11500, "SAR", "pay-0042", 11500):
        found.append(f"paid: {payment}")
    for currency, amount, wire_value in read(name)["units"]["examples"]:
        places = {"KWD": 3, "JOD": 3, "JPY": 0}.get(currency, 2)
        minor = int(amount.replace(".", "")) if "." in amount and len(amount.rpartition(".")[2]) == places else int(amount) * 10**places
        sent = _asked_amount(name, kind, minor, currency)
        if sent is not None and float(sent) != float(wire_value):
            found.append(f"{amount} {currency}: sent {sent}, not {wire_value}")
    return found


def _asked_amount(name: str, kind: Any, minor: int, currency: str) -> Any:
    """What the driver asks for; None where it refuses such an amount itself."""
    driver, wire = made(name, *_nothing(name), kind=kind)
    with suppress(GatewayDown, GatewayRefused):
        driver.create(order(amount=minor, currency=currency))
    posts = [number for number, request in enumerate(wire.asked) if request.method == "POST"]
    if not posts:
        return None
    sent = wire.sent(posts[-1])
    return sent.get("line_items[0][price_data][unit_amount]", sent.get("cart_amount", sent.get("amount")))


def _nothing(name: str) -> tuple[Any, ...]:
    """A gateway that is asked and then cannot answer: enough to see what it was asked."""
    down = [(f"POST {path}", 503, {}) for path in ("/v1/", "/v2/", "/payment/")]
    return (("PUT /v1/merchants", 200, {"object": "merchant"}), ("GET /v1/invoices", 200, {"invoices": []}), *down)
