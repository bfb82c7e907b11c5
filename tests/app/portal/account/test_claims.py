"""Invoices that come by a printed code or from the page of a link, and what is asked of sellers."""

from __future__ import annotations

import pytest
from django.test import Client

from wasl.app import fsck
from wasl.app.invoicing.customers import add_customer
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.links import claim_code, make_link, resolve, revoke
from wasl.app.invoicing.models import Customer, CustomerRequest, Invoice, Link
from wasl.app.tenancy.models import PayerAddress

pytestmark = pytest.mark.django_db
BACKEND = "wasl.app.tenancy.signin.PasswordBackend"


@pytest.fixture
def elsewhere(org, make_invoice, actor):
    """An invoice to somebody else."""
    return Invoice.objects.for_org(org).get(pk=issue(org, make_invoice(email="otto@example.com"), actor=actor).invoice_id)


@pytest.fixture
def lies(door, issued):
    door.enter("buyer@example.com")
    return door


def mine() -> set:
    return {row.pk for row in Invoice.objects.for_payer(PayerAddress.objects.get(email="buyer@example.com").payer)}


def test_a_code_for_ones_own_address_opens_the_invoice(lies, issued):
    from wasl.app.invoicing.claims import forget

    forget(PayerAddress.objects.get().payer_id)
    code = claim_code(issued)
    response = lies.client.post("/inbox/claim", {"code": f"{code[:5].lower()}-{code[5:]}"})
    assert response["Location"] == f"/inbox/i/{issued.organisation_id}/{issued.pk}" and mine() == {issued.pk}


def test_a_code_of_another_address_opens_nothing_until_the_seller_agrees(lies, issued, elsewhere, org, owner):
    page = lies.client.post("/inbox/claim", {"code": claim_code(elsewhere)})
    assert "o•••@example.com" in page.content.decode() and "otto@" not in page.content.decode() and mine() == {issued.pk}
    lies.client.post("/inbox/claim/ask")
    asked = CustomerRequest.objects.for_org(org).get()
    assert (asked.kind, asked.invoice_id, mine()) == ("access", elsewhere.pk, {issued.pk})
    lies.post_waiting()
    assert lies.outbox[-1].to == [org.email] and f"/console/{org.slug}/requests" in lies.outbox[-1].body

    desk = Client()
    desk.force_login(owner, backend=BACKEND)
    assert "buyer@example.com" in desk.get(f"/console/{org.slug}/requests").content.decode()
    desk.post(f"/console/{org.slug}/requests/{asked.pk}", {"act": "accept"})
    assert mine() == {issued.pk, elsewhere.pk}
    assert desk.post(f"/console/{org.slug}/requests/{asked.pk}", {"act": "accept"}).status_code == 404, "answered already"


def test_nothing_is_asked_about_an_invoice_whose_code_was_not_shown(lies, org, elsewhere):
    assert lies.client.post("/inbox/claim/ask", {"org": str(org.pk), "invoice": str(elsewhere.pk)}).status_code == 404


def test_guessed_codes_say_nothing_and_end(lies):
    answers = [lies.client.post("/inbox/claim", {"code": f"00000{n:05d}"}).status_code for n in range(22)]
    assert answers[:20] == [422] * 20 and answers[-1] == 429


def test_keep_it_in_my_inbox_proves_the_address_and_leads_to_the_invoice(door, issued):
    token = make_link(issued, Link.MAIL, "buyer@example.com")
    assert door.client.post(f"/i/{token}/keep")["Location"] == "/inbox/enter"
    assert 'value="buyer@example.com"' in door.client.get("/inbox/enter").content.decode(), "the address is filled in"
    assert door.enter("buyer@example.com")["Location"] == "/inbox/kept"
    assert door.client.get("/inbox/kept")["Location"] == f"/inbox/i/{issued.organisation_id}/{issued.pk}"


def test_a_printed_link_keeps_nothing_for_another_address(door, issued, elsewhere):
    door.client.post(f"/i/{make_link(elsewhere, Link.PDF)}/keep")
    door.enter("buyer@example.com")
    page = door.client.get("/inbox/kept").content.decode()
    assert "o•••@example.com" in page and mine() == {issued.pk}


def test_what_is_mailed_to_a_proven_address_is_in_the_inbox_until_it_is_withdrawn(lies, issued, elsewhere, actor):
    token = make_link(elsewhere, Link.MAIL, "buyer@example.com")
    assert mine() == {issued.pk, elsewhere.pk}
    revoke(elsewhere.organisation_id, resolve(token).id, actor=actor)
    assert mine() == {issued.pk}, "sent there by mistake"
    own = make_link(issued, Link.MAIL, "buyer@example.com")
    revoke(issued.organisation_id, resolve(own).id, actor=actor)
    assert mine() == {issued.pk}, "made out to this address, whatever became of the link"


@pytest.fixture
def known(org, make_invoice, actor, owner):
    """The seller keeps a record of Lies, with a mistake in it."""
    customer = add_customer(org, actor=actor, name="Leuwen Lab", city="Leuven", country="BE", email="buyer@example.com")
    issue(org, make_invoice(), actor=actor, customer_id=customer.pk)
    return customer


def test_a_correction_is_asked_and_taken_over_with_one_click(door, org, known, owner):
    door.enter("buyer@example.com")
    account = "/inbox/account/"
    assert "Brussels Books" in door.client.get(account + "?lang=en").content.decode()
    door.client.post(account + "details", {"name": "Leuven Lab", "vat_identifier": "BE0987654321", "country": "BE", "language": "en"})
    door.client.post(account + "details/ask", {"customer": str(known.pk)})
    door.client.post(account + "details/ask", {"customer": str(known.pk)})
    asked = CustomerRequest.objects.for_org(org).get()  # asking twice is one request

    desk = Client()
    desk.force_login(owner, backend=BACKEND)
    page = desk.get(f"/console/{org.slug}/customers/{known.pk}").content.decode()
    assert "Leuwen Lab" in page and "Leuven Lab" in page and "BE0987654321" in page
    desk.post(f"/console/{org.slug}/requests/{asked.pk}", {"act": "accept"})
    row = Customer.objects.for_org(org).get(pk=known.pk)
    assert (row.name, row.vat_identifier, row.city, row.email) == ("Leuven Lab", "BE0987654321", "Leuven", "buyer@example.com")
    assert "Accepted" in door.client.get(account + "?lang=en").content.decode() and fsck.run(["audit"]) == []


def test_nobody_asks_a_seller_about_a_record_that_is_not_theirs(door, org, known, another_door, elsewhere):
    another_door.enter("otto@example.com")
    another_door.client.post("/inbox/account/details", {"name": "Otto"})
    assert another_door.client.post("/inbox/account/details/ask", {"customer": str(known.pk)}).status_code == 404
    assert not CustomerRequest.objects.for_org(org).exists()
