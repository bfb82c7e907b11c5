"""Entering the inbox with a code: who becomes somebody, what comes into the inbox, and what a code cannot do."""

from __future__ import annotations

import pytest

from wasl.app import clock
from wasl.app.invoicing.models import Invoice
from wasl.app.tenancy.models import Payer, PayerAddress, Person
from wasl.app.tenancy.payers import inboxes_of

pytestmark = pytest.mark.django_db


def test_a_reader_enters_with_a_code_and_finds_every_invoice_sent_to_the_address(door, issued):
    assert not Person.objects.filter(email="buyer@example.com").exists(), "asking makes nobody"
    response = door.enter("Buyer@Example.com")

    assert response.status_code == 302
    (inbox,) = inboxes_of(Person.objects.get(email="buyer@example.com"))
    assert (inbox.role, inbox.emails, inbox.can_pay) == ("owner", ["buyer@example.com"], True)
    assert [row.pk for row in Invoice.objects.for_payer(inbox.payer)] == [issued.pk]


def test_what_is_issued_later_is_in_the_inbox_at_once(door, issued, org, make_invoice, actor):
    from wasl.app.invoicing.issue import issue

    door.enter("buyer@example.com")
    answer = issue(org, make_invoice(), actor=actor)
    issue(org, make_invoice(email="somebody.else@example.com"), actor=actor)

    payer = PayerAddress.objects.get(email="buyer@example.com").payer
    assert {row.pk for row in Invoice.objects.for_payer(payer)} == {issued.pk, answer.invoice_id}


def test_the_way_back_is_kept_and_only_to_ourselves(door, issued):
    assert door.enter("buyer@example.com", next="/inbox/enter?x=1")["Location"] == "/inbox/enter?x=1"


@pytest.mark.parametrize(
    "way", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\tx", "http:evil", "\\\\evil"]
)
def test_t99_no_way_leads_elsewhere(door, issued, way):
    location = door.enter("buyer@example.com", next=way)["Location"]
    assert location.startswith("/inbox") and "evil" not in location


def test_a_wrong_code_five_times_ends_the_right_one(door, issued):
    door.ask("buyer@example.com")
    right = door.code()
    wrong = str((int(right) + 1) % 10**8).zfill(8)
    for _ in range(5):
        assert door.client.post("/inbox/enter/code", {"code": wrong}).status_code == 422
    assert door.client.post("/inbox/enter/code", {"code": right}).status_code == 422
    assert not Person.objects.filter(email="buyer@example.com").exists()


def test_a_code_is_good_once_for_ten_minutes_and_in_one_browser(door, another_door, issued):
    with clock.frozen(clock.now()) as now:
        door.ask("buyer@example.com")
        code = door.code()
        another_door.ask("buyer@example.com")
        assert another_door.client.post("/inbox/enter/code", {"code": code}).status_code == 422, "another browser's code"
        now.forward(minutes=11)
        assert door.client.post("/inbox/enter/code", {"code": code}).status_code == 422, "too old"
        door.ask("buyer@example.com")
        code = door.code()
        before = dict(door.client.session)
        assert door.client.post("/inbox/enter/code", {"code": code}).status_code == 302
        door.client.logout()
        session = door.client.session
        session.update(before)
        session.save()
        assert door.client.post("/inbox/enter/code", {"code": code}).status_code == 422, "used"


@pytest.mark.parametrize("typed", ["١٢٣٤ ٥٦٧٨", "1234-5678", " 12345678 ", "۱۲۳۴۵۶۷۸"])
def test_a_code_may_be_typed_as_people_type(typed):
    from wasl.app.portal.account.enter import digits

    assert digits(typed) == "12345678"


def test_an_address_that_nothing_was_sent_to_gets_one_polite_mail_an_hour(door, mailoutbox):
    with clock.frozen(clock.now()) as now:
        for _ in range(3):
            door.ask("nobody@example.com")
        door.post_waiting()
        assert len(mailoutbox) == 1 and "لا فواتير" in mailoutbox[0].subject + mailoutbox[0].body
        now.forward(minutes=61)
        door.ask("nobody@example.com")
        door.post_waiting()
        assert len(mailoutbox) == 2
    assert Person.objects.count() == 0 and Payer.objects.count() == 0


def test_a_code_at_this_door_does_not_go_around_the_second_factor_of_the_desk(door, org, actor, issued):
    """One person may be both; whoever set up an authenticator app for the desk is asked for it there."""
    from allauth.mfa.models import Authenticator

    from wasl.app.tenancy.organisations import add_member

    door.enter("buyer@example.com")
    person = Person.objects.get(email="buyer@example.com")
    add_member(org, person, "owner", actor=actor)
    assert door.client.get(f"/console/{org.slug}/").status_code == 200, "without one, a proven address is enough, as ever"
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    response = door.client.get(f"/console/{org.slug}/")
    assert response.status_code == 302 and response["Location"].startswith("/accounts/login/")
    assert door.client.get("/inbox/account/").status_code == 302, "and that session is over"


def test_showing_once_more_who_one_is_leaves_the_open_inbox_open(door, issued):
    door.enter("buyer@example.com")
    door.client.post("/inbox/account/people/open", {"company": "Leuven Lab"})
    open_now = door.client.session["wasl_inbox"]
    door.client.post("/inbox/enter/again", {"next": "/inbox/account/"})
    door.client.post("/inbox/enter/code", {"code": door.code()})
    assert door.client.session["wasl_inbox"] == open_now == str(Payer.objects.get(kind="company").pk)
