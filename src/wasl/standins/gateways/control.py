"""What a test or a demonstration may ask of the gateways: accounts, a payer's act, faults, lies, disputes, payouts, time."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from wasl.standins.gateways.engine import Engine
from wasl.standins.gateways.hooks import MODES, Sender
from wasl.standins.gateways.store import Row
from wasl.standins.web import Request, Response, Site

OUTAGES = ("none", "500", "429", "silent", "slow", "garbage")
ACTS = (
    "accounts", "pay", "abandon", "expire", "next_charge", "dispute", "resolve", "payout", "settle_refunds", "fail_refund", "webhooks", "outage",
    "lie", "resend", "replay", "rotate", "retire", "clock",
)  # fmt: skip


ENDINGS = (
    "ok", "challenge", "slow", "declined", "no_funds", "expired_card", "wrong_cvc", "lost_card", "stolen_card", "authentication", "timeout", "other",
    "unavailable",
)  # fmt: skip


def ending(value: Any) -> str:
    """How a charge is to end, `insufficient_funds` by its other name."""
    name = "no_funds" if value == "insufficient_funds" else str(value)
    if name not in ENDINGS:
        raise ValueError(f"no such outcome: {value}")
    return name


class Control:
    """Routes under /control; the process listens on the loopback interface only."""

    def __init__(self, engine: Engine, sender: Sender) -> None:
        self.engine, self.sender = engine, sender

    def mount(self, site: Site) -> None:
        for name in ACTS:
            site.add("POST", f"/control/{name}", lambda request, verb=getattr(self, name): self._run(request, verb))
        for name, look in {"sends": self._sends, "events": self._events, "payments": self._payments, "accounts": self._accounts}.items():
            site.add("GET", f"/control/{name}", look)

    def _run(self, request: Request, verb: Callable[[Row], Row | None]) -> Response:
        try:
            wanted = json.loads(request.body or b"{}")
            return Response.json(verb(wanted) or {"ok": True})
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            return Response.json({"error": repr(error)}, 422)

    def _sends(self, request: Request) -> Response:
        return Response.json(self.sender.shown(**{k: v for k, v in request.query.items() if k in ("gateway", "about", "kind")}))

    def _events(self, request: Request) -> Response:
        return Response.json([e for e in self.engine.store.all("event") if all(e.get(k) == v for k, v in request.query.items())])

    def _payments(self, request: Request) -> Response:
        return Response.json([p for p in self.engine.store.all("payment") if all(str(p.get(k)) == v for k, v in request.query.items())])

    def _accounts(self, request: Request) -> Response:
        return Response.json([{k: v for k, v in a.items() if k not in ("key", "secrets")} for a in self.engine.store.all("account")])

    def _payment(self, wanted: Row) -> Row:
        payment = self.engine.payment(wanted["payment"])
        if payment is None:
            raise ValueError("no such payment")
        return payment

    def accounts(self, wanted: Row) -> Row:
        """`{"gateway", "key", "secret"?, "name_ar"?, "name_en"?, "country"?, "currency"?, "profile"?, "webhook_url"?}`: opens an account."""
        if wanted["gateway"] not in self.engine.dialects:
            raise ValueError(wanted["gateway"])
        url = wanted.pop("webhook_url", None)
        account = self.engine.account(**wanted)
        if url and url not in [endpoint["url"] for endpoint in account["endpoints"]]:
            account["endpoints"].append({"id": secrets.token_hex(8), "url": url, "secret": None, "events": ["*"], "created": self.engine.store.now()})
        return {"id": account["id"], "profile": account["profile"], "number": account["number"]}

    def pay(self, wanted: Row) -> Row:
        """`{"payment", "card"? | "method"?, "outcome"?, "save"?}`: what the payer would do on the hosted page, code and all."""
        payment = self._payment(wanted)
        if "method" in wanted and "card" not in wanted:
            return {"result": self.engine.wallet(payment, wanted["method"])}
        card, asks = wanted.get("card", "4111111111111111"), bool(wanted.get("asks", False))
        result = self.engine.use(
            payment,
            card,
            save=bool(wanted.get("save", False)),
            outcome=ending(wanted["outcome"]) if wanted.get("outcome") else "",
            method=wanted.get("method", ""),
            asks=asks,
        )
        return {"result": "succeeded" if result == "ok" else result}

    def abandon(self, wanted: Row) -> Row:
        """`{"payment"}`: the payer presses cancel."""
        return {"closed": self.engine.close(self._payment(wanted), "cancelled")}

    def expire(self, wanted: Row) -> Row:
        """`{"payment"}`: its time is over now."""
        return {"closed": self.engine.close(self._payment(wanted), "expired")}

    def next_charge(self, wanted: Row) -> None:
        """`{"gateway", "outcome", "times"?}`: what the next charges of saved cards end as, one of ENDINGS."""
        self.engine.next_charges.setdefault(wanted["gateway"], []).extend([ending(wanted["outcome"])] * int(wanted.get("times", 1)))

    def dispute(self, wanted: Row) -> Row:
        """`{"payment", "amount"?, "reason"?}`: the payer's bank takes the money back."""
        payment = self._payment(wanted)
        if payment["state"] != "paid":
            raise ValueError("only a paid payment can be disputed")
        return {"dispute": self.engine.dispute(payment, int(wanted.get("amount", payment["amount"])), str(wanted.get("reason", "fraudulent")))["id"]}

    def resolve(self, wanted: Row) -> None:
        """`{"payment", "outcome": won|lost, "dispute"?}`."""
        payment = self._payment(wanted)
        if wanted["outcome"] not in ("won", "lost"):
            raise ValueError(wanted["outcome"])
        for dispute in payment["disputes"]:
            if wanted.get("dispute", dispute["id"]) == dispute["id"]:
                self.engine.resolve(payment, dispute, wanted["outcome"])

    def payout(self, wanted: Row) -> Row:
        """`{"gateway", "only"?}`: pays out what waits, or one payment's money."""
        return {"payouts": [row["id"] for row in self.engine.payout(wanted["gateway"], only=wanted.get("only"))]}

    def settle_refunds(self, wanted: Row) -> None:
        """`{"gateway"}`: the banks have all refunds that are pending."""
        for payment in self.engine.store.all("payment"):
            if payment["gateway"] == wanted["gateway"]:
                for refund in payment["refunds"]:
                    self.engine.settle_refund(payment, refund)

    def fail_refund(self, wanted: Row) -> None:
        """`{"payment", "refund"?}`: a pending refund comes back."""
        payment = self._payment(wanted)
        for refund in payment["refunds"]:
            if wanted.get("refund", refund["id"]) == refund["id"]:
                self.engine.settle_refund(payment, refund, failed=True)

    def webhooks(self, wanted: Row) -> None:
        """`{"mode", "gateway"?, "times"?, "delay"?}`: how the next notices are sent; times -1 is for ever."""
        if wanted["mode"] not in MODES:
            raise ValueError(wanted["mode"])
        self.sender.modes[wanted.get("gateway", "")] = {
            "mode": wanted["mode"],
            "left": int(wanted.get("times", 1)),
            "delay": float(wanted.get("delay", 0)),
        }

    def outage(self, wanted: Row) -> None:
        """`{"mode", "gateway"?, "times"?, "delay"?}`: the API fails, cuts the connection after the work, or is late; no gateway: all."""
        if wanted["mode"] not in OUTAGES:
            raise ValueError(wanted["mode"])
        for gateway in [wanted["gateway"]] if "gateway" in wanted else list(self.engine.dialects):
            self.engine.outages[gateway] = {
                "mode": wanted["mode"],
                "left": 0 if wanted["mode"] == "none" else int(wanted.get("times", 1)),
                "delay": float(wanted.get("delay", 5)),
            }

    def lie(self, wanted: Row) -> None:
        """`{"payment", "fields"}`: what the API says of a payment from now on, whatever the books say; none: the truth."""
        payment = self._payment(wanted)
        if not isinstance(wanted["fields"], dict):
            raise TypeError("fields")
        payment["lie"] = wanted["fields"]
        self.engine.store.touch("payment", payment["id"])

    def resend(self, wanted: Row) -> Row:
        """`{"event" | "payment", "times"?, "delay"?, "mode"?}`: the same event again, signed anew."""
        if "event" in wanted:
            events = [wanted["event"]]
        else:
            events = [e["id"] for e in self.engine.store.all("event") if e["about"] == wanted["payment"]]
        known = [event for event in events if self.engine.store.get("event", event)]
        if not known:
            raise ValueError("no such event")
        sends = [
            self.sender.send(event, mode=wanted.get("mode", "normal"), delay=float(wanted.get("delay", 0)))
            for event in known
            for _ in range(int(wanted.get("times", 1)))
        ]
        return {"sends": sends}

    def replay(self, wanted: Row) -> Row:
        """`{"send", "times"?}`: the very bytes and headers of an earlier sending."""
        old = self.engine.store.get("send", str(wanted["send"]))
        if not old or not old["wire"]:
            raise ValueError("nothing was sent yet")
        return {"sends": [self.sender.send(old["event"], mode="replay", exact=old["wire"]) for _ in range(int(wanted.get("times", 1)))]}

    def _account(self, wanted: Row) -> Row:
        fitting = [
            a for a in self.engine.store.all("account") if a["gateway"] == wanted.get("gateway", "bank") and wanted.get("account", a["id"]) == a["id"]
        ]
        return fitting[0]

    def rotate(self, wanted: Row) -> Row:
        """`{"gateway"?, "secret"?}`: a new webhook secret; the last one stays live until `retire`."""
        value = wanted.get("secret") or secrets.token_urlsafe(32)
        account = self._account(wanted)
        account["secrets"] = [value, *account["secrets"]][:2]
        self.engine.store.touch("account", account["id"])
        return {"secret": value}

    def retire(self, wanted: Row) -> None:
        account = self._account(wanted)
        account["secrets"] = account["secrets"][:1]
        self.engine.store.touch("account", account["id"])

    def clock(self, wanted: Row) -> Row:
        """`{"forward": seconds}`: time passes, for expiry and for windows of repetition. Backwards it never goes."""
        seconds: Any = wanted["forward"]
        if not seconds >= 0:
            raise ValueError("forward only")
        self.engine.store.offset += float(seconds)
        self.engine.tick()
        return {"now": int(self.engine.store.now())}
