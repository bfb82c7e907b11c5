"""The money of all gateways: payments, attempts, refunds, disputes, tokens, payouts. The dialects only give it shapes and rules.

Amounts are integers in minor units. Each verb changes the rows and lets the gateway's dialect write its notices.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from wasl.standins.gateways.cards import DISPUTED, MINOR_UNITS, OUTCOMES, Card, read_card
from wasl.standins.gateways.store import Row, Store, digits, letters, new_uuid

if TYPE_CHECKING:
    from wasl.standins.gateways.dialect import Dialect

FINAL = ("paid", "failed", "cancelled", "expired")
DISPUTE_FEE = 75  # major units
WALLET_CARDS = {"apple_pay": read_card("4242424242424242")}


class Engine:
    def __init__(self, store: Store, *, slow_seconds: float = 5.0) -> None:
        self.store, self.slow_seconds = store, slow_seconds
        self.origin = ""
        self.dialects: dict[str, Dialect] = {}
        self.outages: dict[str, Row] = {}
        self.next_charges: dict[str, list[str]] = {}
        self.notify: Any = None  # hooks.Sender.notify, once it runs
        self.pages: dict[str, str] = {}
        self.index: dict[tuple[str, str, str], list[str]] = {}
        self.by_payment: dict[str, list[str]] = {}
        for line in store.all("line"):
            self.by_payment.setdefault(line["payment"], []).append(line["id"])
        self.keys = {(a["gateway"], a["key"]): a["id"] for a in store.all("account")}
        self.waiting = {p["id"] for p in store.all("payment") if p["state"] not in FINAL}

    def remember_all(self) -> None:
        """After a restart, once the dialects are known: the ways to find a payment."""
        for payment in self.store.all("payment"):
            self._remember(payment)

    # Accounts

    def account(self, gateway: str, **fields: Any) -> Row:
        """Opens or changes an account: key, webhook secret(s), the seller's names, country, currency."""
        wanted = str(fields.get("id") or hashlib.sha256(f"{gateway}:{fields['key']}".encode()).hexdigest()[:16])
        old = self.store.get("account", wanted) or {
            "id": wanted, "gateway": gateway, "secrets": [], "name_ar": "متجر تجريبي", "name_en": "Test shop", "country": "SA", "currency": "SAR",
            "number": digits(8), "profile": int("1" + digits(5)), "endpoints": [],
        }  # fmt: skip
        row = old | {name: value for name, value in fields.items() if value is not None and name != "secret"}
        if fields.get("secret") and fields["secret"] not in row["secrets"]:
            row["secrets"] = [fields["secret"], *row["secrets"]][:2]
        self.keys[gateway, row["key"]] = wanted
        return self.store.put("account", wanted, row)

    def by_key(self, gateway: str, key: str) -> Row | None:
        """The account of a key, looked up by the whole key: a dictionary tells nobody how much of it was right."""
        return self.store.get("account", self.keys.get((gateway, key), ""))

    # Payments

    def _remember(self, payment: Row) -> None:
        self.pages[payment["page"]] = payment["id"]
        named = [name for attempt in payment["attempts"] for name in self.dialects[payment["gateway"]].names_of(attempt)]
        for name in {payment["reference"], *payment["names"], *named}:
            self.index.setdefault((payment["gateway"], payment["account"], name), []).append(payment["id"])

    def open(self, gateway: str, account: Row, **fields: Any) -> Row:
        """A payment that waits for its payer."""
        now = self.store.now()
        payment: Row = {
            "gateway": gateway, "account": account["id"], "state": "open", "created": now, "updated": now, "paid_at": None, "expires_at": None,
            "methods": ["card"], "save": False, "customer": None,
            "reference": "", "names": [], "number": "", "description": {"ar": "", "en": ""}, "return_url": "", "back_url": "", "notify_url": "",
            "attempts": [], "refunds": [], "disputes": [], "pending": None,
            "failure": None, "lie": {}, "more": {}, "request": {}, "lang": None, "merchant": None, "hosted": True,
        } | fields  # fmt: skip
        payment.setdefault("page", payment["id"])
        self.store.put("payment", payment["id"], payment)
        self._remember(payment)
        self.waiting.add(payment["id"])
        return payment

    def payment(self, payment_id: str) -> Row | None:
        return self.store.get("payment", payment_id)

    def find(self, gateway: str, account: Row, name: str) -> list[Row]:
        """The payments of an account by our reference or by another name of theirs, newest first."""
        ids = self.index.get((gateway, account["id"], name), [])
        return [payment for payment_id in reversed(ids) if (payment := self.payment(payment_id))]

    def of_account(self, gateway: str, account: Row) -> list[Row]:
        return [p for p in reversed(self.store.all("payment")) if p["gateway"] == gateway and p["account"] == account["id"]]

    def account_of(self, payment: Row) -> Row:
        account = self.store.get("account", payment["account"])
        assert account is not None
        return account

    def _save(self, payment: Row) -> None:
        payment["updated"] = self.store.now()
        self.store.touch("payment", payment["id"])
        if payment["state"] in FINAL:
            self.waiting.discard(payment["id"])

    def _tell(self, kind: str, payment: Row, **context: Any) -> None:
        dialect = self.dialects[payment["gateway"]]
        for notice in dialect.notices(kind, payment, **context):
            self.notify(notice, payment["gateway"], payment["account"], payment["id"])

    # What the payer does

    def use(
        self,
        payment: Row,
        number: str,
        *,
        expires: str = "12/34",
        name: str = "Test Payer",
        save: bool = False,
        method: str = "",
        outcome: str = "",
        asks: bool = True,
    ) -> str:
        """A card's number is given: what comes of it (ok, challenge, slow, or why it does not pay)."""
        if payment["state"] not in ("open", "challenge"):
            return "closed"
        card = read_card(number)
        given = outcome or self.dialects[payment["gateway"]].outcomes.get(number) or OUTCOMES.get(number, "unknown_card")
        if given == "unknown_card":
            return given
        facts = {"method": method or card.family, "expires": expires, "name": name, "save": save or payment["save"], "number": number}
        if given == "challenge" and asks:
            payment["pending"] = facts
            payment["state"] = "challenge"
            self._save(payment)
            return given
        if given == "slow":
            payment |= {"state": "processing", "pending": facts | {"due": self.store.now() + self.slow_seconds}}
            self._save(payment)
            return given
        if given in ("ok", "challenge"):
            self._paid(payment, card, facts, disputed=number == DISPUTED)
            return "ok"
        self._declined(payment, card, facts, given)
        return given

    def confirm(self, payment: Row, *, passed: bool) -> str:
        """The payer's own bank has asked, and knows."""
        facts = payment["pending"]
        if payment["state"] != "challenge" or not facts:
            return "closed"
        if passed:
            self._paid(payment, read_card(facts["number"]), facts)
            return "ok"
        self._declined(payment, read_card(facts["number"]), facts, "authentication")
        return "authentication"

    def wallet(self, payment: Row, method: str) -> str:
        """Apple Pay, STC Pay after its code: paid at once."""
        if payment["state"] not in ("open", "challenge"):
            return "closed"
        card = WALLET_CARDS.get(method) or Card(method, method, "", "", "")
        self._paid(payment, card, {"method": method, "expires": "12/34", "name": "Test Payer", "save": False})
        return "ok"

    def attempt(self, payment: Row, card: Card, facts: Row, outcome: str) -> Row:
        """Writes an attempt down; the number of the card is not in it."""
        month, year = facts["expires"].split("/")
        row = {
            "id": new_uuid(), "method": facts["method"], "family": card.family, "brand": card.brand, "first6": card.first6, "last4": card.last4,
            "month": int(month), "year": 2000 + int(year),
            "name": facts["name"], "outcome": outcome, "at": self.store.now(), "token": facts.get("token"), "rrn": digits(12),
            "authorisation": digits(6), "serial": letters(24), "code": digits(5), "gateway": digits(15),
        }  # fmt: skip
        payment["attempts"].append(row)
        payment["pending"] = None
        for name in self.dialects[payment["gateway"]].names_of(row):
            self.index.setdefault((payment["gateway"], payment["account"], name), []).append(payment["id"])
        return row

    def _paid(self, payment: Row, card: Card, facts: Row, *, disputed: bool = False) -> None:
        attempt = self.attempt(payment, card, facts, "ok")
        if facts["save"] and card.first6 and not attempt["token"]:
            attempt["token"] = self.keep_card(payment, card, attempt)["id"]
        payment |= {"state": "paid", "failure": None, "paid_at": self.store.now()}
        fee, tax = self.dialects[payment["gateway"]].fee(payment, attempt)
        payment |= {"fee": fee, "fee_tax": tax}
        self._save(payment)
        self.post(payment, "payment", payment["amount"], fee, tax, payment["id"])
        self._tell("paid", payment, attempt=attempt)
        if disputed:
            self.dispute(payment, payment["amount"], "fraudulent")

    def _declined(self, payment: Row, card: Card, facts: Row, outcome: str) -> None:
        attempt = self.attempt(payment, card, facts, outcome)
        again = self.dialects[payment["gateway"]].tries_again and payment["hosted"]
        payment |= {"state": "open" if again else "failed", "failure": outcome}
        self._save(payment)
        self._tell("declined", payment, attempt=attempt)

    def close(self, payment: Row, state: str) -> bool:
        """Cancelled or expired; what is final stays."""
        if payment["state"] in FINAL or payment["state"] == "processing":
            return False
        payment |= {"state": state, "pending": None}
        self._save(payment)
        self._tell(state, payment)
        return True

    def tick(self) -> None:
        """What happens by waiting: slow cards pay, pages expire."""
        now = self.store.now()
        for payment_id in list(self.waiting):
            payment = self.payment(payment_id)
            if payment is None or payment["state"] in FINAL:
                self.waiting.discard(payment_id)
            elif payment["state"] == "processing" and payment["pending"]["due"] <= now:
                self._paid(payment, read_card(payment["pending"]["number"]), payment["pending"])
            elif payment["expires_at"] and payment["expires_at"] <= now:
                self.close(payment, "expired")

    # Tokens

    def keep_card(self, payment: Row, card: Card, attempt: Row) -> Row:
        row = {
            "id": self.dialects[payment["gateway"]].token_id(), "gateway": payment["gateway"], "account": payment["account"],
            "customer": payment["customer"], "payment": payment["id"], "family": card.family, "brand": card.brand,
            "first6": card.first6, "last4": card.last4, "month": attempt["month"], "year": attempt["year"], "name": attempt["name"],
            "behaviour": card.behaviour, "created": self.store.now(), "active": True, "serial": letters(24),
        }  # fmt: skip
        return self.store.put("token", row["id"], row)

    def token(self, gateway: str, account: Row, token_id: str) -> Row | None:
        row = self.store.get("token", token_id)
        return row if row and row["active"] and row["gateway"] == gateway and row["account"] == account["id"] else None

    def forget(self, token: Row) -> None:
        token["active"] = False
        self.store.touch("token", token["id"])

    def charge(self, payment: Row, token: Row) -> Row:
        """A saved card, nobody present: paid or declined at once. Returns the attempt."""
        planned = self.next_charges.get(payment["gateway"])
        outcome = planned.pop(0) if planned else token["behaviour"] or "ok"
        card = Card(token["family"], token["brand"], token["first6"], token["last4"], token["behaviour"])
        facts = {
            "method": token["family"],
            "expires": f"{token['month']:02}/{token['year'] % 100:02}",
            "name": token["name"],
            "save": False,
            "token": token["id"],
        }
        payment["hosted"] = False
        if outcome == "ok":
            self._paid(payment, card, facts)
        else:
            self._declined(payment, card, facts, outcome)
        attempt: Row = payment["attempts"][-1]
        return attempt

    # Money back

    def refunded(self, payment: Row) -> int:
        return sum(refund["amount"] for refund in payment["refunds"] if refund["state"] != "failed")

    def refund(self, payment: Row, amount: int, *, refund_id: str, reference: str | None = None, state: str = "succeeded", **more: Any) -> Row:
        """Money back to the payer; the caller has checked that so much is left."""
        row = {"id": refund_id, "amount": amount, "reference": reference, "state": state, "at": self.store.now(), "serial": digits(12), "more": more}
        payment["refunds"].append(row)
        self._save(payment)
        self.post(payment, "refund", -amount, 0, 0, refund_id)
        self._tell("refunded", payment, refund=row)
        return row

    def settle_refund(self, payment: Row, refund: Row, *, failed: bool = False) -> None:
        """The bank has it, or has sent it back."""
        if refund["state"] != "pending":
            return
        refund["state"] = "failed" if failed else "succeeded"
        if failed:
            self.post(payment, "refund_failed", refund["amount"], 0, 0, refund["id"])
        self._save(payment)
        self._tell("refund_settled", payment, refund=refund)

    def dispute(self, payment: Row, amount: int, reason: str) -> Row:
        dialect = self.dialects[payment["gateway"]]
        row = {"id": dialect.dispute_id(), "amount": amount, "reason": reason, "state": "open", "at": self.store.now()}
        payment["disputes"].append(row)
        self._save(payment)
        self.post(payment, "chargeback", -amount, self._dispute_fee(payment) if dialect.dispute_fee == "at once" else 0, 0, row["id"])
        self._tell("dispute_opened", payment, dispute=row)
        return row

    def resolve(self, payment: Row, dispute: Row, outcome: str) -> None:
        if dispute["state"] != "open":
            return
        dialect = self.dialects[payment["gateway"]]
        dispute["state"] = outcome
        self._save(payment)
        if outcome == "won":
            self.post(
                payment,
                "chargeback_reversal",
                dispute["amount"],
                -self._dispute_fee(payment) if dialect.dispute_fee == "at once" else 0,
                0,
                dispute["id"],
            )
        elif dialect.dispute_fee == "when lost":
            self.post(payment, "chargeback_penalty", -self._dispute_fee(payment), 0, 0, dispute["id"])
        self._tell("dispute_closed", payment, dispute=dispute)

    def _dispute_fee(self, payment: Row) -> int:
        return int(DISPUTE_FEE * 10 ** MINOR_UNITS[payment["currency"]])

    # What the seller is paid out

    def post(self, payment: Row, kind: str, gross: int, fee: int, tax: int, source: str) -> None:
        row = {
            "id": letters(24), "gateway": payment["gateway"], "account": payment["account"], "payment": payment["id"], "kind": kind,
            "currency": payment["currency"], "gross": gross, "fee": fee, "tax": tax, "net": gross - fee,
            "source": source, "at": self.store.now(), "payout": None, "rrn": digits(12),
        }  # fmt: skip
        self.store.put("line", row["id"], row)
        self.by_payment.setdefault(payment["id"], []).append(row["id"])

    def lines(self, payment: Row) -> list[Row]:
        return [line for line_id in self.by_payment.get(payment["id"], []) if (line := self.store.get("line", line_id))]

    def payout(self, gateway: str, *, only: str | None = None) -> list[Row]:
        """Pays out what waits, one payout for each account, seller and currency; `only` one payment's lines."""
        groups: dict[tuple[str, str, str], list[Row]] = {}
        for line in self.store.all("line"):
            if line["gateway"] == gateway and line["payout"] is None and only in (None, line["payment"]):
                payment = self.payment(line["payment"])
                groups.setdefault((line["account"], (payment or {}).get("merchant") or "", line["currency"]), []).append(line)
        return [self._pay_out(gateway, *key, lines) for key, lines in groups.items()]

    def _pay_out(self, gateway: str, account: str, merchant: str, currency: str, lines: list[Row]) -> Row:
        row = {
            "id": self.dialects[gateway].payout_id(), "gateway": gateway, "account": account, "merchant": merchant, "currency": currency,
            "amount": sum(line["net"] for line in lines), "at": self.store.now(),
            "lines": [line["id"] for line in lines], "serial": letters(24), "bank_reference": digits(12),
        }  # fmt: skip
        for line in lines:
            line["payout"] = row["id"]
            self.store.touch("line", line["id"])
        self.store.put("payout", row["id"], row)
        for notice in self.dialects[gateway].notices("payout", None, payout=row):
            self.notify(notice, gateway, account, row["id"])
        return row

    def payouts(self, gateway: str, account: Row, since: float = 0.0) -> list[Row]:
        return [
            row for row in reversed(self.store.all("payout")) if row["gateway"] == gateway and row["account"] == account["id"] and row["at"] >= since
        ]

    def payout_lines(self, payout: Row) -> list[Row]:
        return [line for line_id in payout["lines"] if (line := self.store.get("line", line_id))]
