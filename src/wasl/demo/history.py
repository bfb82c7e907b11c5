"""Plays the planned history through the real services, with the injected clock moving forward: nothing is written behind their back."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

import httpx
from django.conf import settings

from wasl.app import clock
from wasl.app.delivery.inbound import poll
from wasl.app.delivery.send import deliver, send_due
from wasl.app.invoicing.credit import credit
from wasl.app.invoicing.issue import Issued, issue
from wasl.app.invoicing.links import make_link, resolve
from wasl.app.invoicing.models import Invoice as Row
from wasl.app.invoicing.models import Link
from wasl.app.jobs.worker import drain
from wasl.app.payments.pay import start_payment
from wasl.app.payments.refunds import request_refund
from wasl.app.payments.sweep import sweep
from wasl.app.portal.acts import note
from wasl.app.portal.viewer import of_link
from wasl.demo import paying
from wasl.demo.plan import MAIL_FAULTS, Planned, PlannedLine, plan
from wasl.demo.world import Seller
from wasl.invoice.model import AllowanceCharge, Contact, Invoice, Item, Line, Party, Price
from wasl.invoice.money import minor_units, round_half_up

GOOD_CARD, DECLINED_CARD = "4111111111111111", "4000000000000002"
Action = Callable[[datetime], None]


@dataclass
class Stage:
    """The queue of what is to come, and the clock that walks along it."""

    clock: clock.Travel
    sellers: dict[str, Seller]
    tell: Callable[[str], None]
    end: datetime
    issued: int = 0
    _queue: list[tuple[datetime, int, Action]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def later(self, at: datetime, action: Action) -> None:
        heapq.heappush(self._queue, (at, next(self._order), action))

    def play(self, until: datetime) -> None:
        """Everything up to `until`, in the order of time; the worker works after each step, as it does in earnest."""
        while self._queue and self._queue[0][0] <= until:
            at, _, action = heapq.heappop(self._queue)
            self.clock.set(max(at, self.clock.moment))
            action(self.clock.moment)
            drain()
        self.clock.set(until)
        drain()


def play(sellers: list[Seller], now: datetime, tell: Callable[[str], None]) -> int:
    """The whole history up to `now`; how many invoices it issued."""
    invoices = plan(now)
    with _travelling(invoices[0].at - timedelta(hours=1)) as travel:
        stage = Stage(travel, {seller.sample.slug: seller for seller in sellers}, tell, now)
        for one in invoices:
            stage.later(one.at, _issue(stage, one))
        stage.play(now)
    return stage.issued


@contextmanager
def _travelling(start: datetime) -> Iterator[clock.Travel]:
    with clock.frozen(start) as travel:
        yield travel


def _issue(stage: Stage, one: Planned) -> Action:
    def act(at: datetime) -> None:
        seller = stage.sellers[one.seller.slug]
        answer = issue(seller.org, compose(seller, one, at), actor=seller.actor, customer_id=seller.customers[one.customer][1].pk,
                       language=seller.customers[one.customer][0].language)  # fmt: skip
        row = row_of(seller, answer)
        deliver(row)
        stage.issued += 1
        stage.tell(f"{stage.issued} of 60: {answer.number} · {seller.org.name_en}")
        FATES.get(one.fate, _nothing)(stage, seller, row, at)

    return act


def row_of(seller: Seller, answer: Issued) -> Row:
    return Row.objects.for_org(seller.org).get(pk=answer.invoice_id)


def compose(seller: Seller, one: Planned, at: datetime) -> Invoice:
    """The invoice as a clerk would have typed it; totals, number, seller and account are the services' business."""
    sample, customer = seller.customers[one.customer]
    party = customer.party()
    if fault := MAIL_FAULTS.get(one.fate):
        party = _at_faulty_address(party, fault)
    on = at.astimezone(ZoneInfo(seller.sample.zone)).date()
    return Invoice(
        type_code="380",
        currency=seller.sample.currency,
        due_date=on + timedelta(days=one.due_days),
        buyer=party,
        buyer_reference=sample.contact or None,
        lines=tuple(line(seller, index, planned) for index, planned in enumerate(one.lines, start=1)),
    )


def _at_faulty_address(party: Party, fault: str) -> Party:
    """The mail server of the demo does to such an address what real ones do now and then."""
    from msgspec.structs import replace

    contact = party.contact or Contact()
    user, _, host = (contact.email or "").partition("@")
    return replace(party, contact=replace(contact, email=f"{user}+{fault}@{host}"))


def line(seller: Seller, number: int, planned: PlannedLine) -> Line:
    sample, item = seller.items[planned.item]
    gross = round_half_up(item.price * planned.quantity, minor_units(seller.sample.currency))
    discount = round_half_up(gross * planned.discount / 100, minor_units(seller.sample.currency))
    allowances = (
        (AllowanceCharge(amount=discount, base_amount=gross, percentage=planned.discount, reason_code="95", reason="خصم · Discount"),)
        if discount
        else ()
    )
    first, second = (sample.name_ar, sample.name_en) if seller.sample.language == "ar" else (sample.name_en, sample.name_ar)
    return Line(
        identifier=str(number), quantity=planned.quantity, unit=sample.unit, price=Price(net=Decimal(sample.price)), allowances=allowances,
        item=Item(name=first, description=second), tax_category=item.tax_category, tax_rate=item.tax_rate,
    )  # fmt: skip


# -- what becomes of it ------------------------------------------------------------------------------------------------


def _nothing(stage: Stage, seller: Seller, row: Row, at: datetime) -> None:
    """An invoice that simply waits."""


def _opens(stage: Stage, seller: Seller, row: Row, at: datetime) -> None:
    stage.later(at + timedelta(hours=3, minutes=20), lambda _: _open(row))


def _open(row: Row) -> None:
    note(of_link(resolve(make_link(row, Link.MAIL, _recipient(row)))), "opened")


def _recipient(row: Row) -> str:
    from wasl.app.invoicing.models import InvoiceText

    return InvoiceText.objects.for_org(row.organisation_id).get(pk=row.pk).buyer_email


def _pays(after: timedelta, card: str = GOOD_CARD) -> Callable[[Stage, Seller, Row, datetime], None]:
    def fate(stage: Stage, seller: Seller, row: Row, at: datetime) -> None:
        _opens(stage, seller, row, at)
        stage.later(at + after, lambda _: pay(row, card))
        stage.later(at + after + timedelta(minutes=3), lambda _: sweep())

    return fate


def pay(row: Row, card: str) -> None:
    """A person at the bank's own page: the form is filled in and sent, as their browser would."""
    token = make_link(row, Link.MAIL, _recipient(row))
    started = start_payment(row, return_url=f"{settings.CONFIG.origin}/i/{token}/paid")
    card_expiry = f"12/{(datetime.now(UTC).year + 3) % 100:02d}"
    answer = httpx.post(started.url, data={"card": card, "expiry": card_expiry, "cvc": "123"}, timeout=10)
    if answer.status_code not in {200, 303, 422}:
        raise RuntimeError(f"the sandbox bank answered {answer.status_code}")


def _at_gateway(act: paying.Act) -> Callable[[Stage, Seller, Row, datetime], None]:
    """Opened when it came, and paid in the last hours at one of the seller's own gateways."""

    def fate(stage: Stage, seller: Seller, row: Row, at: datetime) -> None:
        _opens(stage, seller, row, at)
        stage.later(stage.end - timedelta(minutes=act.minutes), lambda _: paying.perform(seller, row, act))

    return fate


def _pays_late(stage: Stage, seller: Seller, row: Row, at: datetime) -> None:
    due = datetime.combine(row.due_date, time(9, 30), tzinfo=UTC) if row.due_date else at
    _pays(due - at + timedelta(days=4))(stage, seller, row, at)


def _credited(share: Decimal | None) -> Callable[[Stage, Seller, Row, datetime], None]:
    def fate(stage: Stage, seller: Seller, row: Row, at: datetime) -> None:
        _opens(stage, seller, row, at)

        def act(_: datetime) -> None:
            amount = None
            if share is not None:
                places = minor_units(row.currency)
                amount = round_half_up(Decimal(row.payable_amount).scaleb(-places) * share, places)
            reason = "خصم متفق عليه بعد التسليم · Discount agreed after delivery" if share else "أُلغي الطلب · Order cancelled"
            answer = credit(seller.org, row, amount=amount, reason=reason, actor=seller.actor)
            deliver(row_of(seller, answer))

        stage.later(at + timedelta(days=5, hours=1), act)

    return fate


def _refunded(stage: Stage, seller: Seller, row: Row, at: datetime) -> None:
    _pays(timedelta(days=2))(stage, seller, row, at)
    stage.later(at + timedelta(days=4), lambda _: request_refund(row, actor=seller.actor, reason="دُفعت مرتين · Paid twice"))
    stage.later(at + timedelta(days=4, minutes=5), lambda _: sweep())


def _retries_mail(after: timedelta) -> Callable[[Stage, Seller, Row, datetime], None]:
    """The worker's own retry, when its time has come in the story; and a look into the mailbox for reports."""

    def fate(stage: Stage, seller: Seller, row: Row, at: datetime) -> None:
        for step in (timedelta(minutes=2), after):
            stage.later(at + step, lambda _: (send_due(), poll()))

    return fate


FATES: dict[str, Callable[[Stage, Seller, Row, datetime], None]] = {
    "paid": _pays(timedelta(days=6, hours=2)),
    "paid_late": _pays_late,
    "open": _opens,
    "overdue": _opens,
    "credited_partly": _credited(Decimal("0.2")),
    "credited": _credited(None),
    "refunded": _refunded,
    "declined": _pays(timedelta(days=1), card=DECLINED_CARD),
    "bounced": _retries_mail(timedelta(hours=1)),
    "late_bounce": _retries_mail(timedelta(hours=2)),
    "rejected": _nothing,
    "deferred": _nothing,
    "unknown": _nothing,
    "by_itself": _opens,
    **{name: _at_gateway(act) for name, act in paying.ACTS.items()},
}
