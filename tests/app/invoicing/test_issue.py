"""Issuing, one document at a time."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest

from wasl.app import clock
from wasl.app.invoicing.issue import issue
from wasl.app.invoicing.models import Document, Invoice, Series
from wasl.formats import ubl

pytestmark = pytest.mark.django_db


def test_an_issued_invoice_has_number_bytes_seal_and_event(org, make_invoice, actor):
    answer = issue(org, make_invoice(), actor=actor)
    row = Invoice.objects.for_org(org).get(pk=answer.invoice_id)
    data = {d.kind: bytes(d.data) for d in Document.objects.for_org(org).filter(invoice=row)}
    assert (row.number, row.counter, row.tax_inclusive_amount, row.currency) == (f"INV-{row.issue_date.year}-000001", 1, 24200, "EUR")
    assert hashlib.sha256(data["xml"]).digest() == bytes(row.document_sha256)
    assert hashlib.sha256(data["xades"]).hexdigest() == answer.seal_sha256
    read = ubl.read(data["xml"]).invoice
    assert (read.number, read.issue_date, read.seller.name) == (row.number, row.issue_date, "Brussels Books")


def test_the_account_in_the_document_is_the_sellers_own_and_dated_by_its_first_use(org, issued):
    from wasl.app.events.models import Event

    event = Event.objects.for_org(org).get(invoice_id=issued.pk, type="issued")
    version = issued.account_version
    assert bytes(event.account_sha256) == bytes(version.sha256)
    assert (event.account_version, version.first_used_on) == (1, issued.issue_date)


def test_t6_a_clock_set_back_is_refused(org, make_invoice, actor):
    from wasl.app.invoicing.errors import ClockSetBack

    with clock.frozen(datetime(2026, 11, 20, 12, tzinfo=UTC)) as travel:
        issue(org, make_invoice(), actor=actor)
        travel.forward(days=-1)
        with pytest.raises(ClockSetBack):
            issue(org, make_invoice(), actor=actor)
        travel.forward(days=1, seconds=1)
        assert issue(org, make_invoice(), actor=actor).number == "INV-2026-000002"


def test_the_issue_date_is_the_sellers_day(make_org, make_invoice, actor):
    riyadh, los_angeles = make_org(time_zone="Asia/Riyadh"), make_org(time_zone="America/Los_Angeles")
    with clock.frozen(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)):
        assert issue(riyadh, make_invoice(), actor=actor).issue_date == date(2027, 1, 1)
        assert issue(los_angeles, make_invoice(), actor=actor).issue_date == date(2026, 12, 31)


def test_t11_a_changed_time_zone_leaves_issued_documents_alone_and_never_dates_before_them(make_org, make_invoice, actor):
    from wasl.app.invoicing.errors import IssueDateOutOfOrder

    org = make_org(time_zone="Asia/Riyadh")
    with clock.frozen(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) as travel:
        first = issue(org, make_invoice(), actor=actor)
        org.time_zone = "America/Los_Angeles"
        org.save()
        travel.forward(minutes=5)
        with pytest.raises(IssueDateOutOfOrder):
            issue(org, make_invoice(), actor=actor)
    assert Invoice.objects.for_org(org).get(pk=first.invoice_id).issue_date == date(2027, 1, 1)


def test_fatal_findings_of_the_profile_refuse_and_give_no_number_away(org, make_invoice, actor):
    from wasl.app.invoicing.errors import IssueRefused

    with pytest.raises(IssueRefused) as refused:
        issue(org, make_invoice(buyer=None), actor=actor)
    assert {"BR-07", "BR-10"} <= {finding.rule for finding in refused.value.findings}
    assert Series.objects.for_org(org).get(kind="invoice").next_number == 1
    assert not Invoice.objects.for_org(org).exists()


def test_t84_the_same_key_gives_the_same_answer_and_another_body_is_refused(org, make_invoice, actor):
    from wasl.app.invoicing.errors import KeyReused

    first = issue(org, make_invoice(), key="k", actor=actor)
    assert issue(org, make_invoice(), key="k", actor=actor).encode() == first.encode()
    assert Invoice.objects.for_org(org).count() == 1
    with pytest.raises(KeyReused) as refused:
        issue(org, make_invoice(price="1.00"), key="k", actor=actor)
    assert refused.value.status == 422


def test_the_number_of_a_file_is_kept_as_the_sources_and_never_used(org, make_invoice, actor):
    from wasl.app.events.models import Event

    answer = issue(org, make_invoice(number="THEIRS-7", issue_date=date(2001, 1, 1)), actor=actor)
    event = Event.objects.for_org(org).get(invoice_id=answer.invoice_id, type="issued")
    assert answer.number.startswith("INV-")
    assert event.data["source_number"] == "THEIRS-7"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x85b", "\ud800"])
def test_text_that_no_document_can_carry_is_refused_by_its_place(org, make_invoice, actor, text):
    from wasl.app.invoicing.errors import TextUnusable

    with pytest.raises(TextUnusable) as refused:
        issue(org, make_invoice(buyer_reference=text), actor=actor)
    assert "“buyer reference”" in refused.value.message("en").lower()
    assert "«مرجع المشتري»" in refused.value.message("ar")


def test_a_foreign_account_or_seller_is_refused(org, make_invoice, actor):
    from wasl.app.invoicing.errors import AccountUnknown, SellerForeign
    from wasl.invoice.model import CreditTransfer, Party, PaymentInstructions

    foreign = PaymentInstructions(means_code="30", credit_transfers=(CreditTransfer(account="BE71 0961 2345 6769"),))
    with pytest.raises(AccountUnknown):
        issue(org, make_invoice(payment=foreign), actor=actor)
    with pytest.raises(SellerForeign):
        issue(org, make_invoice(seller=Party(name="Somebody else", vat_identifier="BE0999999999")), actor=actor)


def test_t77_an_amount_of_10_to_the_18_is_refused_in_one_clear_line(org, make_invoice, actor):
    from wasl.app.invoicing.errors import AmountTooLarge

    with pytest.raises(AmountTooLarge):
        issue(org, make_invoice(price="1000000000000000000"), actor=actor)


def test_t3_nobody_cannot_issue(org, make_invoice):
    from wasl.app.errors import ActWithoutPerson

    with pytest.raises(ActWithoutPerson):
        issue(org, make_invoice(), actor=None)  # type: ignore[arg-type]


def test_t53_a_stranger_learns_only_that_nothing_is_there(org, make_invoice, make_person):
    from wasl.app.errors import NotFound
    from wasl.app.tenancy.actor import Actor

    with pytest.raises(NotFound):
        issue(org, make_invoice(), actor=Actor.of(make_person()))


def test_issuing_takes_a_fixed_number_of_statements(org, make_invoice, actor, django_assert_max_num_queries):
    issue(org, make_invoice(), actor=actor)
    many = make_invoice()
    from msgspec.structs import replace

    many = replace(many, lines=tuple(replace(many.lines[0], identifier=str(i)) for i in range(1, 40)))
    with django_assert_max_num_queries(20):
        issue(org, many, key="k2", actor=actor)
