"""The sellers' desks in the demo: hours, a hotline, calls, labels and canned answers; and what customers of the first one ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

from wasl.app import clock
from wasl.app.delivery.inbound import take
from wasl.app.invoicing.models import Invoice
from wasl.app.support.callback import call_back, slots
from wasl.app.support.callback.setting import offer_calls
from wasl.app.support.canned.keep import keep
from wasl.app.support.conversations import Payer, answer, ask, note
from wasl.app.support.desk.labels import keep_label, set_labels
from wasl.app.support.hours.hotline import add_hotline
from wasl.app.support.hours.say import days_in_order
from wasl.app.support.hours.settings import change_hours
from wasl.app.support.threads.address import address_for
from wasl.demo.world import Seller

HOTLINES = {"sanad": "+966 11 234 5678", "jabal": "+962 6 460 1234", "belliard": "+32 2 512 34 56"}
CANNED = (
    ("Bank account", "نعم، الحساب المذكور في الفاتورة {number} هو حسابنا، والمتبقي {amount} حتى {due_date}.",
     "Yes, the account on invoice {number} is ours; {amount} is left until {due_date}."),
    ("Credit note follows", "معكم حق. نصدر إشعارًا دائنًا عن الفاتورة {number} اليوم.",
     "You are right. A credit note for invoice {number} follows today."),
)  # fmt: skip
LABELS = (("عاجل", "late"), ("بانتظار المستودع", "wait"), ("VIP", "good"))


def set_up(sellers: Sequence[Seller]) -> None:
    """What each seller tells of itself."""
    for seller in sellers:
        org, actor = seller.org, seller.actor
        working = days_in_order(org.country)[:5]
        change_hours(org, week={day: [(9 * 60, 17 * 60)] for day in working}, keeps_holidays=True, actor=actor)
        add_hotline(org, number=HOTLINES[seller.sample.slug], languages=["ar", "en"], actor=actor)
        offer_calls(org, on=True, at_once=2, actor=actor)
        for title, arabic, english in CANNED:
            keep(org, title=title, text_ar=arabic, text_en=english, actor=actor)


def converse(sellers: Sequence[Seller], now: datetime) -> int:
    """Three conversations and a call at the first seller, the newest minutes old; how many conversations."""
    seller = sellers[0]
    org, actor = seller.org, seller.actor
    rows = _newest(seller)
    labels = [keep_label(org, name=name, tone=tone, actor=actor) for name, tone in LABELS]
    begun = 0
    for row, (minutes, line, reason, text) in zip(rows, TALKS, strict=False):
        buyer = _buyer(seller, row)
        with clock.frozen(now - timedelta(minutes=minutes)) as moving:
            talk = ask(row, line=line, reason=reason, text=text, by=Payer(buyer), key=str(uuid4()))
            set_labels(org.pk, talk.pk, [labels[begun].pk], actor=actor)
            if begun == 1:
                moving.forward(minutes=4)
                note(org.pk, talk.pk, text="عرض السعر Q-118 يقول 10٪.", actor=actor, key=str(uuid4()))
                answer(org.pk, talk.pk, text="صحيح، في العرض 10٪. نصدر إشعارًا دائنًا بالفرق.", actor=actor, key=str(uuid4()))
                moving.forward(minutes=9)
                take(_mail(buyer, address_for(talk, buyer)).as_bytes())
        begun += 1
    if rows and (free := slots(org, now)):
        call_back(org, rows[0], phone="0501234567", slot=free[0].key, about="", language="ar", by=Payer(_buyer(seller, rows[0])), key=str(uuid4()))
    return begun


TALKS = (
    (14, None, "question", "السلام عليكم، رقم أمر الشراء ناقص في الفاتورة. هل يمكن إضافته؟"),
    (35, "1", "price", "اتفقنا على خصم 10٪ لا 5٪."),
    (190, "1", "question", "Where do I find the XML of this invoice?"),
)


def _newest(seller: Seller) -> list[Invoice]:
    return list(Invoice.objects.for_org(seller.org).filter(kind="invoice").order_by("-issued_at")[:3])


def _buyer(seller: Seller, row: Invoice) -> str:
    return next(customer.email for _sample, customer in seller.customers if customer.pk == row.customer_id)


def _mail(sender: str, to: str) -> EmailMessage:
    """The customer answers the mail of the answer."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = sender, to, f"<{uuid4()}@customer.example>"
    mail.set_content("شكرًا لكم، ننتظر الإشعار.\n\nفي الجمعة، 27 نوفمبر 2026 كتب سند:\n> صحيح، في العرض 10٪.\n")
    return mail
