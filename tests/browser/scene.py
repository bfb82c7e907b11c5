"""What the pages are shown with: the invoice of the drawings, and a few beside it in other states, through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from wasl.invoice.model import AllowanceCharge, Invoice, Item, Line, Price

LINES = (
    ("خدمات استشارية في التحول الرقمي", "10", "HUR", "215.83", ""),
    ("رخصة برنامج محاسبة سنوية (5 مستخدمين)", "5", "H87", "2575.01", ""),
    ("صيانة خوادم ودعم فني على مدار الساعة", "3", "MON", "1300.00", "5"),
    ("تدريب فريق العمل – المستوى الثاني", "2", "DAY", "4362.97", ""),
)
ENGLISH = ("Digital transformation consulting", "Annual accounting licence (5 users)", "Server maintenance, 24/7 support", "Team training – level II")


@dataclass
class Shown:
    """One issued invoice and its addresses."""

    row: Any
    payer: str
    printed: str
    verify: str


def drawn_invoice(seller: Any, *, days: int, lang: str = "ar", lines: int = 4) -> Invoice:
    """The invoice of the drawings: 31,583.93 riyals."""
    org, customer = seller.org, seller.customers[0][1]
    names = [name for name, *_ in LINES] if lang == "ar" else ENGLISH
    return Invoice(
        currency=org.currency, due_date=today() + timedelta(days=days), buyer=customer.party(), buyer_reference="PO-2026-118",
        lines=tuple(
            Line(
                identifier=str(n), quantity=Decimal(quantity), unit=unit, price=Price(net=Decimal(price)), tax_category="S",
                tax_rate=seller.sample.standard_rate, item=Item(name=names[n - 1]),
                allowances=(AllowanceCharge(percentage=Decimal(discount), reason_code="95"),) if discount else (),
            )
            for n, (_name, quantity, unit, price, discount) in enumerate(LINES[:lines], 1)
        ),
    )  # fmt: skip


def today() -> date:
    from wasl.app import clock

    return clock.now().date()


def issue(seller: Any, *, days: int = 30, lang: str = "ar", lines: int = 4, customer: int = 0) -> Any:
    import msgspec

    from wasl.app.invoicing.issue import issue as issue_it
    from wasl.app.invoicing.models import Invoice as Row

    buyer = seller.customers[customer][1]
    source = msgspec.structs.replace(drawn_invoice(seller, days=days, lang=lang, lines=lines), buyer=buyer.party())
    answer = issue_it(seller.org, source, actor=seller.actor, customer_id=buyer.pk, language=lang)
    return Row.objects.for_org(seller.org).get(pk=answer.invoice_id)


def first_use(seller: Any) -> None:
    """An early invoice, cancelled the same day: from then on the account is an old one."""
    from wasl.app.invoicing.credit import credit

    credit(seller.org, issue(seller, lines=1), reason="أُلغي الطلب · Order cancelled", actor=seller.actor)


def send(row: Any) -> None:
    from wasl.app.delivery.send import deliver

    deliver(row)


def work() -> None:
    """The worker's turn: log, proofs, mails, webhooks, until nothing is left to do."""
    import threading

    from django.db import connection

    from wasl.app.jobs.worker import drain

    def turn() -> None:
        drain()
        connection.close()

    thread = threading.Thread(target=turn)  # queued jobs run in a loop of their own; the browser's is this thread's
    thread.start()
    thread.join()


def shown(row: Any) -> Shown:
    from wasl.app.invoicing.links import make_link
    from wasl.app.invoicing.models import InvoiceText, Link

    email = InvoiceText.objects.for_org(row.organisation_id).get(pk=row.pk).buyer_email
    return Shown(
        row, f"/i/{make_link(row, Link.MAIL, email)}", f"/i/{make_link(row, Link.PDF)}", f"/v/{make_link(row, Link.VERIFY)}"
    )
