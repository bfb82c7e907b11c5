"""One person, several addresses: added when proven, removed without locking anybody out."""

from __future__ import annotations

import pytest

from wasl.app import clock
from wasl.app.invoicing.models import Invoice
from wasl.app.tenancy.models import Payer, PayerAddress, PayerSeat, Person
from wasl.app.tenancy.payers_addresses import drop_due

pytestmark = pytest.mark.django_db
ADDRESSES = "/inbox/account/addresses"


def add(door, email):
    assert door.client.post(ADDRESSES, {"email": email})["Location"] == f"{ADDRESSES}/code"
    return door.client.post(f"{ADDRESSES}/code", {"code": door.code()})


def row(email) -> PayerAddress:
    return PayerAddress.objects.get(email=email)


@pytest.fixture
def other(org, make_invoice, actor):
    """An invoice to a second address of the same reader."""
    from wasl.app.invoicing.issue import issue

    return issue(org, make_invoice(email="home@example.com"), actor=actor).invoice_id


def test_a_second_address_brings_its_invoices_once_it_is_proven(door, issued, other):
    door.enter("buyer@example.com")
    door.client.post(ADDRESSES, {"email": "home@example.com"})
    assert {one.pk for one in Invoice.objects.for_payer(row("buyer@example.com").payer)} == {issued.pk}, "not before"
    door.client.post(f"{ADDRESSES}/code", {"code": door.code()})
    assert {one.pk for one in Invoice.objects.for_payer(row("buyer@example.com").payer)} == {issued.pk, other}
    door.post_waiting()
    assert {mail.to[0] for mail in door.outbox if "home@example.com" in mail.body} >= {"buyer@example.com"}, "the old address is told"


def test_a_code_for_one_thing_opens_no_other(door, another_door, issued):
    """A code to add an address, read out to a thief, is no sign-in, and the other way round."""
    door.enter("buyer@example.com")
    door.client.post(ADDRESSES, {"email": "home@example.com"})
    code = door.code()
    another_door.ask("home@example.com")
    session = another_door.client.session
    session["wasl_code"] = door.client.session["wasl_address_code"]
    session.save()
    assert another_door.client.post("/inbox/enter/code", {"code": code}).status_code == 422


def test_both_of_ones_accounts_become_one(door, another_door, issued, other):
    another_door.enter("home@example.com")
    another_door.client.post("/inbox/account/people/open", {"company": "Club"})
    door.enter("buyer@example.com")
    add(door, "home@example.com")

    (person,) = Person.objects.filter(is_active=True)
    assert person.email == "buyer@example.com" and Payer.objects.filter(kind=Payer.OWN).count() == 1
    assert PayerSeat.objects.get(payer__kind=Payer.COMPANY).person == person
    assert {one.pk for one in Invoice.objects.for_payer(row("home@example.com").payer)} == {issued.pk, other}
    assert another_door.client.get("/inbox/account/").status_code == 302, "the other account's sessions are over"
    assert not Person.objects.filter(email="home@example.com").exists()


def test_the_main_address_changes_and_the_old_one_is_told(door, issued, other):
    door.enter("buyer@example.com")
    add(door, "home@example.com")
    door.client.post(f"{ADDRESSES}/{row('home@example.com').pk}/primary")
    door.post_waiting()
    assert Person.objects.get().email == "home@example.com"
    assert [mail.to for mail in door.outbox if "تغيّر عنوانك" in mail.subject] == [["buyer@example.com"]]
    again = type(door)(door.outbox)
    assert again.enter("buyer@example.com").status_code == 302 and Person.objects.count() == 1, "the old one opens the same account"


def test_an_old_address_opens_the_door_for_a_week_after_its_removal(door, issued, other):
    """A thief with a stolen session adds an address, makes it the main one and throws the owner's out: the owner comes back."""
    with clock.frozen(clock.now()) as now:
        door.enter("buyer@example.com")
        now.forward(days=30)
        door.enter("buyer@example.com")
        add(door, "home@example.com")
        door.client.post(f"{ADDRESSES}/{row('home@example.com').pk}/primary")
        door.client.post(f"{ADDRESSES}/{row('buyer@example.com').pk}/remove")
        now.forward(days=6)
        assert drop_due() == 0
        owner = type(door)(door.outbox)
        owner.enter("buyer@example.com")
        owner.client.post(f"{ADDRESSES}/{row('buyer@example.com').pk}/keep")
        owner.client.post(f"{ADDRESSES}/{row('buyer@example.com').pk}/primary")
        owner.client.post(f"{ADDRESSES}/{row('home@example.com').pk}/remove")
        assert not PayerAddress.objects.filter(email="home@example.com").exists(), "what came within the week goes at once"
        now.forward(days=30)
        assert drop_due() == 0 and Person.objects.get().email == "buyer@example.com"


def test_an_address_leaves_when_its_week_is_over(door, issued, other):
    with clock.frozen(clock.now()) as now:
        door.enter("buyer@example.com")
        now.forward(days=30)
        door.enter("buyer@example.com")
        add(door, "home@example.com")
        now.forward(days=10)
        door.enter("buyer@example.com")
        door.client.post(f"{ADDRESSES}/{row('home@example.com').pk}/remove")
        now.forward(days=7)
        assert drop_due() == 1 and not PayerAddress.objects.filter(email="home@example.com").exists()


def test_the_main_address_is_not_removed_and_another_persons_is_not_there(door, another_door, issued, other):
    door.enter("buyer@example.com")
    another_door.enter("home@example.com")
    theirs = row("home@example.com")
    door.client.post(f"{ADDRESSES}/{row('buyer@example.com').pk}/remove")
    assert row("buyer@example.com").leaves_at is None
    for act in ("remove", "primary", "keep", "move"):
        assert door.client.post(f"{ADDRESSES}/{theirs.pk}/{act}", {"inbox": str(theirs.payer_id)}).status_code == 404, act


def test_important_changes_ask_who_it_is_once_more(door, issued):
    with clock.frozen(clock.now()) as now:
        door.enter("buyer@example.com")
        now.forward(minutes=31)
        response = door.client.post(ADDRESSES, {"email": "home@example.com"})
        assert response["Location"].startswith("/inbox/enter/again?next=")
        door.client.post("/inbox/enter/again", {"next": "/inbox/account/#addresses"})
        assert door.client.post("/inbox/enter/code", {"code": door.code()})["Location"] == "/inbox/account/#addresses"
        assert door.client.post(ADDRESSES, {"email": "home@example.com"})["Location"] == f"{ADDRESSES}/code"


def test_an_account_opened_by_somebody_else_before_the_proof_is_worth_nothing_to_them(door, issued, make_person):
    planted = make_person("buyer@example.com", password="a long and private phrase 7")
    door.enter("buyer@example.com")
    planted.refresh_from_db()
    assert not planted.has_usable_password() and planted.session_epoch == 1
