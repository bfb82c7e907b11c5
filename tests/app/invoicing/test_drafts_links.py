"""Drafts, customers, links, the PDF that is made once."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import connection

from wasl.app import clock
from wasl.app.errors import NotFound, StaleSave
from wasl.app.invoicing import links
from wasl.app.invoicing.customers import add_customer, change_customer
from wasl.app.invoicing.drafts import create_draft, draft_invoice, save_draft
from wasl.app.invoicing.errors import DraftAlreadyIssued, TextUnusable
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.models import Link
from wasl.app.tenancy.actor import Actor

pytestmark = pytest.mark.django_db


def test_a_draft_is_issued_once_and_only_as_it_was_shown(org, make_invoice, actor):
    draft = create_draft(org, invoice=make_invoice(), actor=actor)
    newer = save_draft(org, draft.pk, version=1, body=make_invoice(price="7.00"), actor=actor)
    with pytest.raises(StaleSave):
        save_draft(org, draft.pk, version=1, body=make_invoice(), actor=actor)
    with pytest.raises(StaleSave):
        issue(org, draft, actor=actor)
    answer = issue(org, newer, actor=actor)
    assert answer.payable_amount == 1694
    with pytest.raises(DraftAlreadyIssued, match=answer.number):
        issue(org, newer, actor=actor)


def test_t55_a_save_sets_only_what_it_may(org, make_invoice, actor):
    draft = create_draft(org, invoice=make_invoice(), actor=actor)
    with pytest.raises(TypeError):
        save_draft(org, draft.pk, version=1, body=make_invoice(), actor=actor, organisation_id="x")
    with pytest.raises(TypeError):
        add_customer(org, actor=actor, name="A", country="BE", id=draft.pk)
    customer = add_customer(org, actor=actor, name="A", country="BE")
    with pytest.raises(TypeError):
        change_customer(org, customer.pk, actor=actor, organisation_id="x")


def test_a_draft_starts_from_the_customers_record(org, actor):
    customer = add_customer(org, actor=actor, name="مكتبة الكندي", country="JO", city="Amman", email="k@example.com", language="ar")
    draft = create_draft(org, customer=customer, actor=actor)
    assert draft_invoice(draft).buyer == customer.party()
    assert draft.language == "ar"
    with pytest.raises(TextUnusable):
        add_customer(org, actor=actor, name="a\x00b", country="JO")


def test_t60_a_link_is_a_capability_of_which_the_database_holds_only_the_hash(issued):
    token = links.make_link(issued, Link.MAIL, "Lies@Example.com")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert links.make_link(issued, Link.MAIL, "lies@example.com ") == token
    assert links.make_link(issued, Link.MAIL, "other@example.com") != token
    found = links.resolve(token)
    assert (found.invoice_id, found.recipient, found.purpose) == (issued.pk, "lies@example.com", "mail")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(l)::text, '') FROM invoicing_link l")
        dump = cursor.fetchone()[0]
    assert token not in dump
    assert hashlib.sha256(token.encode()).hexdigest() in dump


def test_t57_a_revoked_or_expired_link_is_gone_and_a_new_one_is_another(issued):
    token = links.make_link(issued, Link.MAIL, "a@example.com", expires_at=clock.now() + timedelta(days=1))
    found = links.resolve(token)
    with clock.frozen(clock.now() + timedelta(days=2)), pytest.raises(links.LinkGone) as gone:
        links.resolve(token)
    assert gone.value.link.recipient == "a@example.com"
    links.revoke(found.organisation_id, found.id, actor=Actor.operator("test"))
    with pytest.raises(links.LinkGone):
        links.resolve(token)
    assert links.make_link(issued, Link.MAIL, "a@example.com") != token


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 44, "\ud800" * 43, "../" * 14 + "a"])
def test_t56_any_other_text_is_not_found(issued, token):
    with pytest.raises(NotFound):
        links.resolve(token)


def test_the_claim_code_needs_the_proven_address(issued):
    code = links.claim_code(issued)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{10}", code)
    assert links.resolve_claim(f" {code[:5].lower()}-{code[5:]}", "BUYER@example.com").invoice_id == issued.pk
    for wrong_code, address in ((code, "other@example.com"), ("0" * 10, "buyer@example.com")):
        with pytest.raises(NotFound):
            links.resolve_claim(wrong_code, address)


def test_the_first_pdf_is_kept_for_ever(issued, org):
    from wasl.app.invoicing.pdf import pdf_for

    first = pdf_for(issued)
    assert first.startswith(b"%PDF")
    org.name_en = "Another Name"
    org.save()
    assert pdf_for(issued) == first
