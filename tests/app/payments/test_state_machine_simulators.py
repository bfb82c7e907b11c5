"""Any order of paying once more, now through each gateway's own driver and its simulator as a process: lost answers in the middle of
a driver's requests, pages that expire, refunds that take their time. What the simulator holds is read from its own books."""

from __future__ import annotations

import itertools
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.app.payments.drivers.vectors import NAMES, account
from tests.app.payments.test_state_machine import ONE, Payments, two_invoices

from wasl.app import clock
from wasl.app.payments.drivers import port
from wasl.app.payments.drivers.bank import Bank
from wasl.app.payments.drivers.port import (
    CANCELLED,
    EXPIRED,
    FAILED,
    GatewayDown,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    Notice,
    Order,
    Payout,
)
from wasl.app.payments.drivers.registry import DRIVERS
from wasl.app.payments.journal import balance
from wasl.app.payments.pay import start_payment
from wasl.app.payments.pay_saved import pay_saved
from wasl.app.payments.payouts import post_payout
from wasl.app.payments.refunds import request_refund
from wasl.app.payments.refunds_out import send_refunds
from wasl.app.payments.saved import forget_removed, methods_of, remove
from wasl.app.payments.standing import standing
from wasl.app.payments.sweep import sweep
from wasl.app.tenancy.models import Payer
from wasl.standins.process import running

pytestmark = pytest.mark.faults
__all__ = ["two_invoices"]


class Losing(httpx.BaseTransport):
    """Lets a request do its work, and loses the answer to the one whose turn it is."""

    def __init__(self) -> None:
        self.inner = httpx.HTTPTransport()
        self.left = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.inner.handle_request(request)
        self.left -= 1
        if self.left != 0:
            return answer
        answer.close()
        raise httpx.ReadTimeout("lost", request=request)


class Simulators:
    def __init__(self, url: str) -> None:
        self.url, self.ahead, self.http = url, 0.0, httpx.Client(base_url=url)

    def control(self, what: str, **wanted: Any) -> Any:
        answer = self.http.post(f"/control/{what}", json=wanted)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def forward(self, seconds: float) -> None:
        self.control("clock", forward=seconds)
        self.ahead += seconds


class Pages(Mapping[str, GatewayPayment]):
    """What the gateway says now of each page that was opened."""

    def __init__(self, through: Through) -> None:
        self.through = through

    def __getitem__(self, page: str) -> GatewayPayment:
        found: GatewayPayment = self.through.quiet.fetch(page)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.through.orders.values()))

    def __len__(self) -> int:
        return len(set(self.through.orders.values()))


class Through:
    """A driver as the state machine wants its gateway: the books go through `driver`, the payer and the bank through the control API."""

    sims: ClassVar[Simulators]
    reached: ClassVar[Counter[str]] = Counter()  # what was done at the gateway and heard of, in all examples of one run

    def __init__(self, name: str) -> None:
        kind = Bank if name == "bank" else DRIVERS[name]
        self.name, self.features, self.families, self.currencies = name, kind.features, kind.families, kind.currencies
        self.key, self.losing = f"sk_test_{secrets.token_hex(12)}", Losing()
        self.row = self.sims.control("accounts", gateway=name, key=self.key, secret="a secret")
        self.orders: dict[str, str] = {}
        self.refund_keys: set[str] = set()
        self.payments = Pages(self)
        self.fail_next = self.slow_refunds = False
        self.turns = itertools.cycle((1, 2, 3, 4))
        self.made: dict[bool, Any] = {}
        self.merchant = ""

    def _driver(self, http: httpx.Client) -> Any:
        base = f"{self.sims.url}/{self.name}"
        if self.name == "bank":
            return Bank(base, self.key, ["a secret"], merchant=self.merchant, client=http)
        named = {"profile": str(self.row["profile"])} if self.name == "paytabs" else {}
        return DRIVERS[self.name](account(self.name, key=self.key, base=base, merchant=self.merchant, **named), http=http)

    @property
    def quiet(self) -> Any:
        return self.made.setdefault(False, self._driver(httpx.Client()) if False not in self.made else None)

    @property
    def driver(self) -> Any:
        return self.made.setdefault(True, self._driver(httpx.Client(transport=self.losing)) if True not in self.made else None)

    def _ask(self, verb: str, *args: Any, **how: Any) -> Any:
        loses, self.fail_next = self.fail_next, False
        self.losing.left = next(self.turns) if loses else 0
        try:
            value = getattr(self.driver, verb)(*args, **how)
            self.reached[verb] += 1
            if loses and self.losing.left > 0:  # it had fewer requests than that: the whole is done, and nobody hears it
                raise GatewayDown(reason="lost")
            return value
        finally:
            self.losing.left = 0

    def create(self, order: Order) -> GatewayPayment:
        self.merchant = order.merchant
        made: GatewayPayment = self._ask("create", order)
        assert self.orders.setdefault(order.key, made.id) == made.id, "two pages of one attempt"
        return made

    def fetch(self, gateway_id: str) -> GatewayPayment:
        found: GatewayPayment = self._ask("fetch", gateway_id)
        return found

    def find(self, reference: str) -> GatewayPayment | None:
        found: GatewayPayment | None = self._ask("find", reference)
        return found

    def refund(self, gateway_id: str, *, amount: int, key: str) -> GatewayRefund:
        self.refund_keys.add(key)
        made: GatewayRefund = self._ask("refund", gateway_id, amount=amount, key=key)
        return made

    def cancel(self, gateway_id: str, *, key: str) -> GatewayPayment:
        found: GatewayPayment = self._ask("cancel", gateway_id, key=key)
        return found

    def charge(self, order: Order, token: str) -> GatewayPayment:
        self.merchant = order.merchant
        made: GatewayPayment = self._ask("charge", order, token)
        self.orders[order.key] = made.id
        return made

    def forget(self, token: str) -> None:
        self._ask("forget", token)

    def payouts(self, since: datetime) -> list[Payout]:
        found: list[Payout] = self._ask("payouts", since)
        return found

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, at: float) -> Notice:
        return Notice(*body.decode().split("|"))

    def webhook(self, page: str) -> bytes:
        return f"{secrets.token_hex(8)}|{page}|{self.payments[page].reference}".encode()

    # -- the payer, the seller at the gateway's own pages, the banks ------------------------------------------------------

    def _there(self, page: str) -> str:
        return page.partition("_")[0] if page.startswith("TST") else page

    def pay(self, page: str) -> None:
        self.sims.control("pay", payment=self._there(page), card="4111111111111111")

    def refund_without_us(self, page: str, amount: int) -> None:
        if self.name == "moyasar":
            (paid,) = [p for p in self.quiet._call("GET", f"/v1/invoices/{page}")["payments"] if p["status"] in ("paid", "refunded")]
            self.quiet._call("POST", f"/v1/payments/{paid['id']}/refund", {"amount": amount})
        else:
            if self.name == "paytabs":  # which takes one request of a cart in two minutes
                self.sims.forward(130)
            self.quiet.refund(page, amount=amount, key=f"outside-{secrets.token_hex(6)}")

    def refunds_arrive(self, page: str) -> None:
        self.sims.control("settle_refunds", gateway=self.name)

    def contest(self, page: str, amount: int) -> str:
        made: str = self.sims.control("dispute", payment=self._there(page), amount=amount)["dispute"]
        return made

    def decide(self, page: str, dispute_id: str, state: str) -> None:
        (found,) = [each for each in self.payments[page].disputes if each.id == dispute_id]
        if found.state == "open":
            self.sims.control("resolve", payment=self._there(page), dispute=dispute_id, outcome=state)

    def held(self) -> int:
        """What the simulator's own books hold for this seller; each attempt was paid once, each refund of ours made once."""
        rows = self.sims.http.get("/control/payments", params={"gateway": self.name, "account": self.row["id"]}).json()
        paid = [row for row in rows if row["state"] == "paid"]
        assert len({row["reference"] for row in paid}) == len(paid), "an attempt was paid twice"
        refunds = [refund for row in paid for refund in row["refunds"] if refund["state"] != FAILED]
        named = [refund.reference for page in self.payments for refund in self.payments[page].refunds if refund.reference in self.refund_keys]
        assert len(set(named)) == len(named), "a refund was made twice"
        disputed = sum(dispute["amount"] for row in paid for dispute in row["disputes"] if dispute["state"] != "won")
        return sum(row["amount"] for row in paid) - sum(refund["amount"] for refund in refunds) - disputed


class AtSimulators(Payments):
    """One clock for the books and for the gateway; only what moves money at the gateway."""

    money_is_transferred = it_was_a_mistake = seller_writes_off = credit_is_given_back = seller_sends_by_hand = None  # type: ignore[assignment]

    def starts(self) -> datetime:
        return clock.now() + timedelta(seconds=Through.sims.ahead)

    def later(self, **step: float) -> None:
        self.clock.forward(**step)
        Through.sims.forward(timedelta(**step).total_seconds())


@pytest.fixture(scope="module")
def simulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulators]:
    folder: Path = tmp_path_factory.mktemp("gateways")
    with running("wasl.standins.gateways", "--port", "0", "--retry", "0.1", "--dir", str(folder)) as ports:
        sims = Simulators(f"http://127.0.0.1:{ports['http']}")
        sims.control("webhooks", mode="lost", times=-1)
        yield sims


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_payments_in_any_order_through_the_driver_and_its_simulator(name: str, two_invoices: Any, simulators: Simulators) -> None:
    Through.sims = simulators
    AtSimulators.world = {"gateway": Through, "issue": two_invoices, "name": name, "refusals": (GatewayRefused,)}
    few = settings(
        max_examples=10, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=[Phase.generate]
    )
    run_state_machine_as_test(AtSimulators, settings=few)


class Directed(AtSimulators):
    """One walk by hand, through the same books: what chance may leave out is done once by each driver."""

    def page(self, row: Any, amount: int, **how: Any) -> Any:
        self.tabs += 1
        wanted = {"return_url": f"http://127.0.0.1/{self.tabs}", "amounts": {row.pk: amount}} | how
        return start_payment([row], self.gateway.name, **wanted).intent

    def paid(self, row: Any, amount: int, **how: Any) -> str:
        page = self.page(row, amount, **how).gateway_id
        self.gateway.sims.control("pay", payment=self.gateway._there(page), card="4111111111111111", save=bool(how.get("save")))
        self.hear(self.gateway.webhook(page))
        return str(page)

    def gives_a_part_back(self) -> None:
        self.paid(self.invoices[0], 10_000)
        request_refund(self.invoices[0], amount=3_000, actor=ONE)
        self.later(hours=7)
        send_refunds()
        assert self.gateway.reached["refund"] == 1

    def is_contested(self) -> None:
        page = self.paid(self.invoices[0], 5_000)
        lost = self.gateway.contest(page, 2_000)
        self.hear(self.gateway.webhook(page))
        self.gateway.decide(page, lost, "lost")
        self.hear(self.gateway.webhook(page))
        assert standing(self.org, self.invoices[0]).returned == 5_000

    def looks_for_what_was_lost(self) -> None:
        how = {"return_url": "http://127.0.0.1/lost", "amounts": {self.invoices[1].pk: 1_000}}
        self.gateway.turns = itertools.repeat(1)
        self.gateway.fail_next = True
        with pytest.raises(GatewayDown):
            start_payment([self.invoices[1]], self.gateway.name, **how)
        self.later(minutes=3)  # PayTabs takes one request of a cart in two minutes
        assert start_payment([self.invoices[1]], self.gateway.name, **how).intent.gateway_id
        assert self.gateway.reached["find"] == 1

    def takes_a_page_back(self) -> None:
        other = self.page(self.invoices[1], 2_000).gateway_id
        left = balance(self.org.pk, self.invoices[1])
        self.later(minutes=3)
        self.paid(self.invoices[1], left)
        self.later(minutes=30)
        sweep()
        assert self.gateway.reached["cancel"] >= 1 and self.gateway.payments[other].status in (CANCELLED, EXPIRED)

    def closes_by_itself(self) -> None:
        page = self.page(self.invoices[0], 1_500).gateway_id
        self.later(hours=25)
        assert self.gateway.payments[page].status in (EXPIRED, CANCELLED)

    def keeps_a_card(self) -> None:
        payer = Payer.objects.create(kind=Payer.OWN)
        self.paid(self.invoices[0], 1_200, save=True, payer=payer)
        (method,) = methods_of(payer, self.org)
        self.later(minutes=5)
        done = pay_saved([self.invoices[0]], method, return_url="http://127.0.0.1/kept", amounts={self.invoices[0].pk: 1_100})
        assert done.status == "succeeded", done.status
        remove(payer, method.pk)
        assert forget_removed() == 1 and self.gateway.reached["charge"] == 1 and self.gateway.reached["forget"] == 1

    def pays_out(self) -> None:
        self.gateway.sims.control("payout", gateway=self.gateway.name)
        for told in self.gateway.payouts(clock.now() - timedelta(days=30)):
            booked = post_payout(self.org, self.gateway.name, told)
            assert booked.is_new and not booked.unknown, told
            self.received += told.amount
            self.fees += sum(item.fee for item in told.items)
            self.paid_out += sum(item.gross for item in told.items)
        assert self.paid_out > 0


# In this order: what ends an invoice comes late, and money is paid out when everything else has been done
ACTS = {
    port.PARTIAL_REFUND: Directed.gives_a_part_back, port.DISPUTES: Directed.is_contested, port.FIND: Directed.looks_for_what_was_lost,
    port.EXPIRES: Directed.closes_by_itself, port.SAVE: Directed.keeps_a_card, port.CHARGE_SAVED: Directed.keeps_a_card,
    port.CANCEL: Directed.takes_a_page_back, port.PAYOUTS: Directed.pays_out,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_every_driver_reaches_at_its_simulator_what_its_features_declare(name: str, two_invoices: Any, simulators: Simulators) -> None:
    Through.sims = simulators
    Through.reached.clear()
    Directed.world = {"gateway": Through, "issue": two_invoices, "name": name, "refusals": (GatewayRefused,)}
    features = (Bank if name == "bank" else DRIVERS[name]).features
    assert features <= set(ACTS), "a feature that no walk tries"
    walk = Directed()
    walk.issue()
    done = set()
    try:
        for act in dict.fromkeys(ACTS[feature] for feature in ACTS if feature in features):
            act(walk)
            walk.books_add_up()
            done |= {feature for feature in features if ACTS[feature] is act}
    finally:
        if done == features:
            walk.teardown()
        else:
            walk.give_up()
    assert done == features
