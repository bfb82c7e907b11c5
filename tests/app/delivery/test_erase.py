"""T117: one audited function erases a document's subject; what the law keeps stays, and every other proof still verifies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from wasl.app import clock, fsck
from wasl.app.delivery.errors import MailLeaving, NoRecipient
from wasl.app.delivery.models import Delivery
from wasl.app.delivery.send import deliver, send_now
from wasl.app.errors import NotAllowed, NotFound
from wasl.app.events.models import Event
from wasl.app.invoicing.drafts import create_draft
from wasl.app.invoicing.erase import erase
from wasl.app.invoicing.find import document, sealed_xml
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.links import make_link, resolve
from wasl.app.invoicing.models import Document, Invoice, Link
from wasl.app.invoicing.pdf import pdf_for
from wasl.app.proofs.models import Entry
from wasl.app.proofs.prove import proof_for
from wasl.app.proofs.trust import installation
from wasl.app.tenancy.actor import Actor
from wasl.app.tenancy.audit import is_genuine
from wasl.app.tenancy.models import AuditEntry
from wasl.ledger.verify import verify

pytestmark = pytest.mark.django_db

ADDRESS, NAMES = "dana.subject@example.com", ("dana.subject", "Leuven Lab", "Lies Lab", "Naamsestraat")


def places_of(text: str) -> list[str]:
    """Every column of every table that still holds `text`, also inside bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'")
        columns = cursor.fetchall()
        found = []
        for table, column, kind in columns:
            held = f"position(%s::bytea IN \"{column}\") > 0" if kind == "bytea" else f"position(%s IN \"{column}\"::text) > 0"
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {held}', [text.encode() if kind == "bytea" else text])
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


@pytest.fixture
def sent(mail: Any, org: Any, issue_to: Any, proven: Any, make_invoice: Any, actor: Actor) -> Invoice:
    """An invoice of Dana's, sealed, proven, drawn, mailed, delivered and reported, from a draft."""
    draft = create_draft(org, actor=actor, invoice=make_invoice(email=ADDRESS))
    row = Invoice.objects.for_org(org).get(pk=issue(org, draft, actor=actor).invoice_id)
    proven()
    pdf_for(row)
    send_now(deliver(row))
    proven()
    return row


def test_nothing_personal_is_left_and_what_the_law_keeps_is(sent: Invoice, org: Any, actor: Actor, proven: Any) -> None:
    assert all(places_of(name) for name in NAMES), "the test must be able to find them"
    before = Invoice.objects.for_org(org).filter(pk=sent.pk).values().get()
    leaves = list(Entry.objects.order_by("index").values_list("leaf", flat=True))
    removed = erase(org, sent.pk, ground="request", actor=actor)
    assert removed["documents"] == 3
    assert {name: places_of(name) for name in NAMES} == {name: [] for name in NAMES}
    assert Invoice.objects.for_org(org).filter(pk=sent.pk).values().get() == before
    proven()
    after = list(Entry.objects.order_by("index").values_list("leaf", flat=True))
    assert after[: len(leaves)] == leaves
    assert fsck.run() == []


def test_it_is_an_event_in_the_log_and_an_act_with_its_actor(sent: Invoice, org: Any, owner: Any, proven: Any) -> None:
    erase(org, sent.pk, ground="retention", actor=Actor.of(owner))
    proven()
    event = Event.objects.for_org(org).get(invoice_id=sent.pk, type="erased")
    assert Entry.objects.filter(event_id=event.pk).exists()
    act = AuditEntry.objects.for_org(org).get(act="invoice.erase", object_id=sent.pk)
    assert (act.person_id, act.body["ground"], act.body["number"]) == (owner.pk, "retention", sent.number)
    assert is_genuine(act)


def test_other_proofs_still_verify_and_its_own_is_gone(sent: Invoice, org: Any, actor: Actor, issue_to: Any, proven: Any) -> None:
    other = issue_to("someone@example.com")
    erase(org, sent.pk, ground="request", actor=actor)
    proven()
    verdict = verify(sealed_xml(other), xades=document(org.pk, other.pk, Document.XADES), proof=proof_for(other), trust=[installation()])
    assert verdict.exit_code == 0
    for ask in (proof_for, sealed_xml, pdf_for):
        with pytest.raises(NotFound):
            ask(sent)


def test_events_that_wait_for_the_log_are_closed_too(mail: Any, org: Any, issue_to: Any, actor: Actor, proven: Any) -> None:
    row = issue_to(ADDRESS)
    erase(org, row.pk, ground="request", actor=actor)
    proven()
    assert fsck.run() == []
    with pytest.raises(NotFound):
        proof_for(row)


def test_persons_links_end_and_the_printed_ones_live(sent: Invoice, org: Any, actor: Actor) -> None:
    mine, printed, public = (make_link(sent, *what) for what in ((Link.MAIL, ADDRESS), (Link.PDF,), (Link.VERIFY,)))
    erase(org, sent.pk, ground="request", actor=actor)
    with pytest.raises(NotFound):
        resolve(mine)
    assert resolve(printed).invoice_id == resolve(public).invoice_id == sent.pk


def test_a_waiting_mail_is_given_up_and_none_can_be_queued(mail: Any, org: Any, issue_to: Any, actor: Actor) -> None:
    row = issue_to(ADDRESS)
    waiting = deliver(row)
    erase(org, row.pk, ground="request", actor=actor)
    assert send_now(waiting).state == Delivery.BOUNCED
    assert mail.messages() == []
    with pytest.raises(NoRecipient):
        deliver(row)


def test_while_a_mail_is_leaving_it_waits(mail: Any, org: Any, issue_to: Any, actor: Actor) -> None:
    row = issue_to(ADDRESS)
    waiting = deliver(row)
    Delivery.objects.for_org(org).filter(pk=waiting.pk).update(in_flight=True, next_attempt_at=clock.now() + timedelta(minutes=2))
    with pytest.raises(MailLeaving):
        erase(org, row.pk, ground="request", actor=actor)
    assert sealed_xml(row), "nothing half-erased"


def test_again_takes_what_came_since(sent: Invoice, org: Any, actor: Actor) -> None:
    erase(org, sent.pk, ground="request", actor=actor)
    make_link(sent, Link.MAIL, ADDRESS)
    assert erase(org, sent.pk, ground="request", actor=actor)["links"] == 1


def test_only_owners_of_that_organisation_may(sent: Invoice, org: Any, clerk: Any, make_org: Any, make_person: Any, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        erase(org, sent.pk, ground="request", actor=Actor.of(clerk))
    with pytest.raises(NotFound):
        erase(org, sent.pk, ground="request", actor=Actor.of(make_person()))
    with pytest.raises(NotFound):
        erase(make_org(), sent.pk, ground="request", actor=actor)
    assert sealed_xml(sent)


def test_an_address_may_only_be_emptied(mail: Any, org: Any, issue_to: Any) -> None:
    from django.db import IntegrityError, transaction

    delivery = deliver(issue_to(ADDRESS))
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.for_org(org).filter(pk=delivery.pk).update(recipient="thief@example.com")
