"""A seller of each gateway, for tests of the simulators: opens an account, asks for one payment, reads how it stands."""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx

BACK = "http://127.0.0.1:1/i/abc"
WORDS = "فاتورة INV-2026-0042 · Invoice INV-2026-0042"
PAID = {"stripe": "paid", "moyasar": "paid", "tap": "CAPTURED", "paytabs": "A", "bank": "succeeded"}
FORM = {"expiry": "12/34", "cvc": "123"}


class Receiver:
    """A seller's webhook address that remembers what came; `answers` are used up before 200."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers.items()), body.decode()))
                self.send_response(outer.answers.pop(0) if outer.answers else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks"

    def wait(self, count: int) -> list[tuple[dict[str, str], str]]:
        for _ in range(200):
            if len(self.got) >= count:
                return self.got
            time.sleep(0.05)
        raise AssertionError(f"{len(self.got)} of {count} webhooks came")


@dataclass
class Seller:
    gateway: str
    http: httpx.Client
    hooks: str = ""
    key: str = field(default_factory=lambda: secrets.token_hex(12))
    secret: str = "whsec_seller"
    profile: int = 0

    def __post_init__(self) -> None:
        wanted = {"gateway": self.gateway, "key": self.key, "secret": self.secret, "name_ar": "شركة سند", "name_en": "Sanad"}
        if self.hooks and self.gateway in ("stripe", "moyasar"):
            wanted["webhook_url"] = self.hooks
        self.profile = self.act("accounts", **wanted)["profile"]
        self.act("webhooks", mode="normal")
        if self.gateway == "bank":
            self.call("PUT", "/v1/merchants/m1", json={"name_ar": "شركة سند", "name_en": "Sanad"}).raise_for_status()

    def act(self, verb: str, **wanted: Any) -> dict[str, Any]:
        answer = self.http.post(f"/control/{verb}", json=wanted)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        auth = {
            "moyasar": f"Basic {base64.b64encode(f'{self.key}:'.encode()).decode()}",
            "paytabs": self.key,
        }.get(self.gateway, f"Bearer {self.key}")
        headers = {"Authorization": auth, "Idempotency-Key": more.pop("repeat", "") or secrets.token_hex(8)}
        if self.gateway not in ("stripe", "bank"):
            del headers["Idempotency-Key"]
        return self.http.request(method, f"/{self.gateway}{path}", headers=headers, **more)

    def ask(self, amount: int = 11500, currency: str = "SAR", reference: str = "", repeat: str = "", **change: Any) -> httpx.Response:
        """Asks for a hosted payment of `amount` minor units."""
        reference = reference or f"pay-{secrets.token_hex(4)}"
        major = amount / (1000 if currency in ("KWD", "JOD", "BHD") else 100)
        hook, one = self.hooks or "http://127.0.0.1:1/hooks", {"ar": "فاتورة INV-2026-0042", "en": "Invoice INV-2026-0042"}
        if self.gateway == "stripe":
            form = {
                "mode": "payment", "client_reference_id": reference, "success_url": BACK, "cancel_url": BACK, "line_items[0][quantity]": "1",
                "line_items[0][price_data][currency]": currency.lower(), "line_items[0][price_data][unit_amount]": str(amount),
                "line_items[0][price_data][product_data][name]": WORDS,
            }  # fmt: skip
            return self.call("POST", "/v1/checkout/sessions", data=form | change, repeat=repeat)
        if self.gateway == "moyasar":
            body = {
                "amount": amount,
                "currency": currency,
                "description": WORDS,
                "success_url": BACK,
                "back_url": BACK,
                "metadata": {"reference": reference},
            }
            return self.call("POST", "/v1/invoices", json=body | change)
        if self.gateway == "tap":
            body = {
                "amount": major, "currency": currency, "threeDSecure": True, "customer_initiated": True, "description": WORDS,
                "reference": {"transaction": reference, "order": "INV-2026-0042"} | ({"idempotent": repeat} if repeat else {}),
                "customer": {"first_name": "Test", "email": "payer@example.com"}, "source": {"id": "src_all"}, "post": {"url": hook},
                "redirect": {"url": BACK},
            }  # fmt: skip
            return self.call("POST", "/v2/charges", json=body | change)
        if self.gateway == "paytabs":
            body = {
                "profile_id": self.profile, "tran_type": "sale", "tran_class": "ecom", "cart_id": reference, "cart_currency": currency,
                "cart_amount": major, "cart_description": WORDS, "callback": hook, "return": BACK,
            }  # fmt: skip
            return self.call("POST", "/payment/request", json=body | change)
        body = {
            "merchant": "m1", "amount": amount, "currency": currency, "reference": reference, "description": one, "return_url": BACK,
            "webhook_url": hook,
        }  # fmt: skip
        return self.call("POST", "/v1/payments", json=body | change, repeat=repeat)

    def payment(self, **wanted: Any) -> tuple[str, str]:
        """(id, address of the page) of a new payment."""
        body = self.ask(**wanted).raise_for_status().json()
        if self.gateway == "tap":
            return body["id"], body["transaction"]["url"]
        return body["tran_ref" if self.gateway == "paytabs" else "id"], body[
            {"paytabs": "redirect_url", "bank": "hosted_url"}.get(self.gateway, "url")
        ]

    def state(self, payment: str) -> str:
        if self.gateway == "paytabs":
            found = self.call("POST", "/payment/query", json={"profile_id": self.profile, "tran_ref": payment}).json()
            return str(found["payment_result"]["response_status"]) if "payment_result" in found else "none"
        path = {"stripe": "/v1/checkout/sessions/", "moyasar": "/v1/invoices/", "tap": "/v2/charges/", "bank": "/v1/payments/"}[self.gateway]
        found = self.call("GET", path + payment).raise_for_status().json()
        return str(found["payment_status" if self.gateway == "stripe" else "status"])

    def refund(self, payment: str, amount: int, currency: str = "SAR") -> httpx.Response:
        if self.gateway == "stripe":
            intent = self.call("GET", f"/v1/checkout/sessions/{payment}").json()["payment_intent"]
            return self.call("POST", "/v1/refunds", data={"payment_intent": intent, "amount": str(amount)})
        if self.gateway == "moyasar":
            paid = self.call("GET", f"/v1/invoices/{payment}").json()["payments"][0]["id"]
            return self.call("POST", f"/v1/payments/{paid}/refund", json={"amount": amount})
        if self.gateway == "tap":
            return self.call("POST", "/v2/refunds", json={"charge_id": payment, "amount": amount / 100, "currency": currency, "reason": "returned"})
        if self.gateway == "paytabs":
            body = {
                "profile_id": self.profile, "tran_type": "refund", "tran_class": "ecom", "cart_id": f"r-{secrets.token_hex(4)}",
                "cart_currency": currency, "cart_amount": amount / 100, "cart_description": "returned", "tran_ref": payment,
            }  # fmt: skip
            return self.call("POST", "/payment/request", json=body)
        return self.call("POST", f"/v1/payments/{payment}/refunds", json={"amount": amount})
