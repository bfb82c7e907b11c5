"""What a reminder's mail says and carries, its unsubscribe, its digest, its bounces."""

from __future__ import annotations

import string
from typing import Any

import pytest
from django.test import Client

from wasl.app.delivery.models import Delivery
from wasl.app.delivery.reports import NOT_A_REPORT, take_in
from wasl.app.events.models import Event
from wasl.app.notices import bounces, kinds
from wasl.app.notices.models import Digest, Notice, Suppression, Watch
from wasl.app.notices.notify import notify
from wasl.app.notices.preferences import Preferences, preferences_of, save
from wasl.app.notices.schedule import SellerSchedule, save_schedule
from wasl.app.notices.templating import save_text
from wasl.app.notices.tokens import holder_of, token_for
from wasl.standins.mailserver.dsn import report

pytestmark = pytest.mark.django_db
ADDRESS = "nadir@y.example"


def newest(mail: Any, mailbox: str = ADDRESS) -> Any:
    return mail.read(max(message["uid"] for message in mail.messages(mailbox)))


def bodies(message: Any) -> tuple[str, str]:
    return message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()


@pytest.fixture
def reminded(now: Any, send_invoice: Any, work: Any, mail: Any) -> Any:
    """An invoice whose first reminder has arrived: (row, message)."""
    row = send_invoice()
    work()
    now.set(now.moment.fromisoformat("2026-12-20T06:00+00:00"))
    work()
    return row, newest(mail)


def test_it_says_what_is_due_in_both_languages_why_it_came_and_has_one_button(reminded: Any) -> None:
    row, message = reminded
    text, html = bodies(message)
    for body in (text, html):
        assert "242.00" in body and "الأربعاء 23 ديسمبر 2026" in body and "Wednesday 23 December 2026" in body and "وصلك هذا لأن" in body
    assert html.count("border-radius:12px") == 1 and "<img" not in html and "color-scheme" in html and 'dir="rtl"' in html
    assert message["Message-ID"] and message["References"].startswith("<") and row.number in text


def test_one_click_ends_that_kind_and_a_get_ends_nothing(reminded: Any, now: Any, work: Any, subjects: Any) -> None:
    """RFC 8058: the header, the POST without cookie or form, and that a scanner's GET is none."""
    _row, message = reminded
    url = message["List-Unsubscribe"].strip("<>").partition("/u/")[2]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = Client(enforce_csrf_checks=True)

    assert client.get(f"/u/{url}").status_code == 200 and kinds.EMAIL in preferences_of(ADDRESS).on(kinds.DUE_SOON)
    assert client.post(f"/u/{url}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert kinds.EMAIL not in preferences_of(ADDRESS).on(kinds.DUE_SOON) and kinds.EMAIL in preferences_of(ADDRESS).on(kinds.OVERDUE)
    now.set(now.moment.fromisoformat("2026-12-27T06:00+00:00"))
    work()
    assert len(subjects()) == 3 and "استحقت" in subjects()[-1]


def test_a_guessed_token_opens_nothing_and_a_legal_notice_has_none(reminded: Any, now: Any, work: Any, mail: Any) -> None:
    row, message = reminded
    good = message["List-Unsubscribe"].strip("<>").partition("/u/")[2]
    others = [good[:-1] + letter for letter in string.ascii_letters + string.digits + "-_" if letter != good[-1]]
    for wrong in ("x", "A" * 47, *others, good[:20] + "é" * 27):
        assert holder_of(wrong) is None
    for wrong in ("x", others[0], good[:20] + "é" * 27):
        assert Client().get(f"/u/{wrong}").status_code == 404
        assert holder_of(wrong) is None
    notify(kinds.LEGAL, org=row.organisation_id, invoice=row, recipient=ADDRESS, key="bank account")
    work()
    legal = newest(mail)
    assert "List-Unsubscribe" not in legal and "النظام" in bodies(legal)[0]


def test_the_page_switches_kinds_one_by_one_in_the_readers_language(reminded: Any) -> None:
    token = token_for(Delivery.objects.for_org(reminded[0].organisation_id).get(kind="due_soon").pk)
    page = Client().get(f"/u/{token}?lang=en").content.decode()
    assert "Stop this kind" in page and ADDRESS in page
    response = Client().post(f"/u/{token}", {"act": "save", "kind": ["paid", "question", "legal"]})
    assert response.status_code == 302
    wanted = preferences_of(ADDRESS)
    assert [kind for kind in kinds.KINDS if kinds.EMAIL in wanted.on(kind)] == ["new", "paid", "question", "legal"]


def test_the_sellers_own_words_are_text_and_nothing_else(now: Any, send_invoice: Any, work: Any, mail: Any, seller: Any, actor: Any) -> None:
    """T38, T39: what looks like markup or a template in them arrives as it was typed."""
    save_text(seller, "due_soon", "ar", "تذكير {number}", "مرحبًا {name}،\n<b>{amount}</b> {due_date} %(x)s", actor=actor)
    send_invoice()
    work()
    now.set(now.moment.fromisoformat("2026-12-20T06:00+00:00"))
    work()
    text, html = bodies(newest(mail))
    assert newest(mail)["Subject"].startswith("تذكير INV-") and "&lt;b&gt;" in html and "%(x)s" in text and "Lies Lab" in text


@pytest.mark.parametrize("text", ["{number.__class__}", "{0}", "{secret}", "{{7*7}}", "{number!r}", "}", "{"])
def test_t39_a_variable_that_is_none_is_refused(text: str, seller: Any, actor: Any) -> None:
    from wasl.app.notices.errors import BadTemplate

    with pytest.raises(BadTemplate):
        save_text(seller, "due", "en", "", text, actor=actor)


def test_t40_a_line_break_cannot_get_into_the_subject(seller: Any, actor: Any) -> None:
    from wasl.app.notices.errors import BadTemplate

    with pytest.raises(BadTemplate):
        save_text(seller, "due", "en", "Pay\r\nBcc: everybody@x.example", "", actor=actor)


def test_a_discount_is_offered_while_it_can_be_had_and_only_as_the_terms_say(now: Any, send_invoice: Any, work: Any, mail: Any, seller: Any, actor: Any) -> None:
    save_schedule(seller, SellerSchedule(steps=(-16, -3, 5)), actor=actor)
    send_invoice(payment_terms="#SKONTO#TAGE=14#PROZENT=2.00#\n#VERZUG#TAGE=28#PROZENT=1.50#\n")
    work()
    seen = []
    for moment in ("2026-12-07T06:00", "2026-12-20T06:00", "2026-12-28T06:00"):
        now.set(now.moment.fromisoformat(moment + "+00:00"))
        work()
        seen.append(bodies(newest(mail))[0])
    assert "4.84" in seen[0] and "2٪" in seen[0] and "1.5٪" in seen[0]
    assert "4.84" not in seen[1] and "27 ديسمبر 2026" in seen[1] and "ابتداءً من" in seen[1]
    assert "تسري منذ" in seen[2]


def test_a_digest_gathers_all_sellers_into_one_mail_a_day(now: Any, send_invoice: Any, work: Any, subjects: Any, mail: Any, make_org: Any, pay: Any) -> None:
    other = make_org(name_ar="مكتبة النور", name_en="Noor Books", time_zone="Asia/Riyadh", country="SA", currency="EUR")
    save(ADDRESS, Preferences(digest="daily", language="ar"))
    rows = [send_invoice(), send_invoice(org=other), send_invoice()]
    work()
    now.set(now.moment.fromisoformat("2026-12-20T06:00+00:00"))
    pay(rows[2])
    work()
    now.forward(minutes=1)
    work()

    assert len(subjects()) == 4 and subjects()[-1] == "3 فواتير تنتظرك"
    text, html = bodies(newest(mail))
    assert "شركة سند" in text and "مكتبة النور" in html and "484.00" in text and newest(mail)["List-Unsubscribe-Post"]
    assert Digest.objects.get().state == "handed_over"
    assert {n.state for n in Notice.objects.for_org(other)} == {"sent"}
    now.forward(minutes=30)
    work()
    assert len(subjects()) == 4


def test_a_digest_whose_invoices_were_paid_before_it_left_is_not_sent(now: Any, send_invoice: Any, work: Any, subjects: Any, pay: Any, mail: Any) -> None:
    save(ADDRESS, Preferences(digest="daily").without(kinds.PAID).without(kinds.PAID, kinds.PUSH).without(kinds.PAID, kinds.PORTAL))
    row = send_invoice()
    work()
    now.set(now.moment.fromisoformat("2026-12-20T06:00+00:00"))
    from wasl.app.notices.round import beat

    beat()
    pay(row)
    work()
    assert len(subjects()) == 1 and Digest.objects.get().state == "dropped"


def test_a_mailbox_that_bounces_for_ever_is_left_alone_and_the_seller_is_told(now: Any, send_invoice: Any, work: Any, mail: Any, seller: Any) -> None:
    rows = [send_invoice() for _ in range(bounces.HARD_BOUNCES_MAX + 1)]
    work()
    for row in rows[:-1]:
        sent = Delivery.objects.for_org(seller).get(invoice_id=row.pk)
        take_in(report(b"Message-ID: <x@y>\r\n\r\n", return_path=sent.return_path, recipient=ADDRESS, action="failed"))

    assert Suppression.objects.get(pk=ADDRESS).since is not None
    assert {w.closed for w in Watch.objects.for_org(seller)} == {"bounced"}
    told = Event.objects.for_org(seller).filter(type="address-suppressed")
    assert {event.invoice_id for event in told} >= {rows[-1].pk}


def test_a_full_mailbox_is_not_a_dead_one_and_an_auto_reply_is_no_report(now: Any, send_invoice: Any, work: Any, seller: Any) -> None:
    assert not bounces.is_hard({"status": "5.2.2"}) and bounces.is_hard({"reply": "550 no such user"}) and not bounces.is_hard({"reply": "554 no"})
    row = send_invoice()
    work()
    sent = Delivery.objects.for_org(seller).get(invoice_id=row.pk)
    away = f"From: {ADDRESS}\r\nTo: {sent.return_path}\r\nAuto-Submitted: auto-replied\r\nSubject: I am away\r\n\r\nBack on Sunday."
    receipt = (f"To: {sent.return_path}\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
               "--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n")  # fmt: skip
    assert take_in(away.encode()) == take_in(receipt.encode()) == NOT_A_REPORT
    assert Delivery.objects.for_org(seller).get(invoice_id=row.pk).state == "handed_over"


def test_news_of_a_payment_waits_for_the_end_of_quiet_hours_but_not_of_the_week_end(now: Any, send_invoice: Any, work: Any, subjects: Any, pay: Any) -> None:
    row = send_invoice()
    work()
    now.set(now.moment.fromisoformat("2026-12-04T20:00+00:00"))  # Friday, 23:00 in Riyadh
    pay(row)
    work()
    assert len(subjects()) == 1
    now.set(now.moment.fromisoformat("2026-12-05T05:00+00:00"))
    work()
    assert len(subjects()) == 2 and "وصلت دفعتك" in subjects()[-1]


def test_notify_says_a_thing_once_and_refuses_what_is_not_its_own(now: Any, send_invoice: Any, work: Any, subjects: Any) -> None:
    row = send_invoice()
    where = {"org": row.organisation_id, "invoice": row, "recipient": ADDRESS}
    assert notify("question", key="m1", path="/ask", **where) and not notify("question", key="m1", path="/ask", **where)
    work()
    assert len(subjects()) == 2
    for kind, path in (("due", ""), ("question", "//evil.example")):
        with pytest.raises(ValueError):
            notify(kind, key="m2", path=path, **where)
