"""The seller's page of reminders, and the reader's own: each act by a plain form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from wasl.app.events.models import Event
from wasl.app.invoicing.links import make_link
from wasl.app.invoicing.models import Link
from wasl.app.notices.due_dates import due_date_of
from wasl.app.notices.models import Watch
from wasl.app.notices.schedule import SellerSchedule, schedule_of
from wasl.app.notices.templating import texts_of
from wasl.app.tenancy.organisations import add_member

pytestmark = pytest.mark.django_db
ADDRESS = "nadir@y.example"
BACKEND = "wasl.app.tenancy.signin.PasswordBackend"


@pytest.fixture
def desk(seller: Any, make_person: Any, actor: Any, mail: Any) -> Client:
    person = make_person(name="Salma")
    add_member(seller, person, "owner", actor=actor)
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def test_the_schedule_is_changed_in_either_kind_of_digits_and_nonsense_is_told(desk: Client, seller: Any) -> None:
    url = f"/console/{seller.slug}/reminders"
    assert "3, 0" in desk.get(url + "?lang=en").content.decode()
    form = {"before": "٧، 3, 0", "after": "5", "hour": "08:30", "tone": "gentle", "enabled": "1"}
    assert desk.post(url, form).status_code == 302
    found = schedule_of(seller)
    assert (found.steps, found.hour.isoformat(), found.tone) == ((-7, -3, 0, 5), "08:30:00", "gentle")
    for wrong in ({"before": "soon"}, {"hour": "25:00"}, {"before": "400"}):
        response = desk.post(url, form | wrong)
        assert response.status_code == 422 and next(iter(wrong.values())) in response.content.decode()
    assert schedule_of(seller) == found


def test_own_words_are_previewed_saved_and_taken_back(desk: Client, seller: Any) -> None:
    url = f"/console/{seller.slug}/reminders"
    words = {"kind": "overdue", "language": "en", "subject": "Still open: {number}", "body": "Dear {name}, <i>{amount}</i>"}
    assert desk.post(url + "/words", words).status_code == 302
    page = desk.get(url + "?kind=overdue&in=en&lang=en").content.decode()
    assert "Still open: INV-2026-000042" in page and "Dear <bdi>Nadir Haddad</bdi>, &lt;i&gt;" in page
    refused = desk.post(url + "/words", words | {"body": "{password}"})
    assert refused.status_code == 422 and "{password}" in refused.content.decode()
    desk.post(url + "/words", words | {"act": "reset"})
    assert texts_of(seller) == {} and schedule_of(seller) == SellerSchedule()


def test_more_time_moves_the_reminders_and_not_the_document(desk: Client, seller: Any, send_invoice: Any, work: Any, now: Any) -> None:
    row = send_invoice()
    work()
    url = f"/console/{seller.slug}/invoices/{row.pk}/due"
    desk.post(url, {"due": "2026-12-01"})
    assert due_date_of(row) == date(2026, 12, 23), "earlier is no more time"
    desk.post(url, {"due": "2027-01-20"})
    work()
    watch = Watch.objects.for_org(seller).get(invoice_id=row.pk)
    row.refresh_from_db(from_queryset=type(row).objects.for_org(seller))
    assert watch.next_at.isoformat() == "2027-01-17T06:00:00+00:00" and row.due_date == date(2026, 12, 23)
    assert Event.objects.for_org(seller).filter(invoice_id=row.pk, type="due-moved").count() == 1


def test_the_reader_changes_the_next_reminder_in_one_click(send_invoice: Any, work: Any, seller: Any, mail: Any) -> None:
    row = send_invoice()
    work()
    token = make_link(row, Link.MAIL, ADDRESS)
    client = Client()
    page = client.get(f"/i/{token}/remind?lang=en").content.decode()
    assert "Sunday 20 December 2026" in page
    watch = Watch.objects.for_org(seller).filter(invoice_id=row.pk)
    for form, closed, day in (
        ({"act": "stop"}, "stopped", None), ({"act": "resume"}, "", None), ({"act": "day", "day": "2026-12-21"}, "", date(2026, 12, 21)),
    ):  # fmt: skip
        assert client.post(f"/i/{token}/remind", form).status_code == 302
        assert (watch.get().closed, watch.get().remind_on) == (closed, day)
    assert client.post(f"/i/{token}/remind", {"act": "day", "day": "1999-01-01"}).status_code == 422
    assert client.get("/i/" + "A" * 43 + "/remind").status_code == 404
