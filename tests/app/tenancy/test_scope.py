"""Tenants apart: in the ORM by raising, in the database by keys."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from wasl.app.invoicing.models import Customer, Draft, Invoice
from wasl.app.tenancy.models import Payer, PayerGrant
from wasl.app.tenancy.scope import UnscopedQuery

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "ask",
    [
        lambda q: list(q.all()), lambda q: q.first(), lambda q: q.count(), lambda q: q.exists(), lambda q: q.filter(name="x").update(name="y"),
        lambda q: q.filter(name="x").delete(), lambda q: list(q.values_list("id")), lambda q: list(q.iterator()), lambda q: q.get(pk=1),
        lambda q: q.aggregate(), lambda q: q.raw("SELECT 1"), lambda q: q.last(), lambda q: list(q.order_by("name")[:3]), lambda q: q.in_bulk(),
    ],
)  # fmt: skip
def test_an_unscoped_query_raises_before_it_reaches_the_database(ask, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(UnscopedQuery):
        ask(Customer.objects)


def test_a_scoped_query_sees_one_organisation(make_org):
    ours, theirs = make_org(), make_org()
    Customer.objects.create(organisation=ours, name="A", country="BE")
    row = Customer.objects.create(organisation=theirs, name="B", country="BE")
    assert [c.name for c in Customer.objects.for_org(ours)] == ["A"]
    assert Customer.objects.for_org(ours).filter(pk=row.pk).first() is None


def test_a_row_that_points_into_another_organisation_is_refused_by_the_database(make_org):
    ours, theirs = make_org(), make_org()
    customer = Customer.objects.create(organisation=theirs, name="B", country="BE")
    with pytest.raises(IntegrityError, match="tenant_fk"), transaction.atomic():
        Draft.objects.create(organisation=ours, body="{}", customer=customer)


def test_joins_and_look_ups_stay_inside_the_organisation(issued, django_assert_num_queries):
    with django_assert_num_queries(1):
        row = Invoice.objects.for_org(issued.organisation_id).select_related("series", "customer").get(pk=issued.pk)
        assert (row.series.code, row.customer) == ("main", None)
    sql = str(Invoice.objects.for_org(issued.organisation_id).select_related("series").query)
    assert sql.count('"organisation_id"') >= 4, "the join compares the organisation too"


def test_a_payer_sees_only_what_a_grant_names(issued, make_org, make_invoice, actor):
    from wasl.app.invoicing.issue import issue

    issue(issued.organisation, make_invoice(), actor=actor)
    payer, other = Payer.objects.create(name="P"), Payer.objects.create(name="Q")
    assert list(Invoice.objects.for_payer(payer)) == []
    PayerGrant.objects.create(organisation_id=issued.organisation_id, payer=payer, invoice_id=issued.pk)
    assert [i.pk for i in Invoice.objects.for_payer(payer)] == [issued.pk]
    assert list(Invoice.objects.for_payer(other)) == []
    with pytest.raises(UnscopedQuery):
        Customer.objects.for_payer(payer)


def test_t53_other_tenants_rows_do_not_exist(make_org, issued):
    from wasl.app.errors import NotFound
    from wasl.app.invoicing.drafts import find_draft
    from wasl.app.invoicing.find import find_by_number, find_invoice

    other = make_org()
    for ask in (lambda: find_invoice(other, issued.pk), lambda: find_by_number(other, issued.number), lambda: find_draft(other, issued.pk)):
        with pytest.raises(NotFound) as refused:
            ask()
        assert refused.value.status == 404


T4 = [
    "UPDATE invoicing_invoice SET payable_amount = 1", "DELETE FROM invoicing_invoice", "TRUNCATE invoicing_invoice CASCADE",
    "UPDATE events_event SET amount = 1", "DELETE FROM events_event", "UPDATE events_eventdetail SET data = '{}'",
    "UPDATE invoicing_document SET data = ''", "UPDATE tenancy_auditentry SET act = ''", "DELETE FROM tenancy_auditentry",
    "UPDATE invoicing_series SET next_number = 1 WHERE next_number > 1", "DELETE FROM invoicing_series", "UPDATE invoicing_series SET pattern = 'X-{0}'",
    "UPDATE invoicing_bankaccountversion SET iban = 'X'", "UPDATE invoicing_bankaccountversion SET first_used_on = '2000-01-01'",
    "UPDATE invoicing_invoicetext SET buyer_name = 'X'", "UPDATE tenancy_sealkey SET certificate = ''",
    "UPDATE proofs_entry SET leaf = ''", "DELETE FROM proofs_checkpoint", "UPDATE proofs_salt SET salt = ''", "UPDATE proofs_head SET size = 0",
    "UPDATE proofs_shard SET origin = 'x'", "DELETE FROM proofs_shard", "UPDATE proofs_opening SET canonical = ''",
]  # fmt: skip


@pytest.mark.parametrize("sql", T4)
def test_t4_raw_sql_on_issued_rows_is_refused_by_the_database(issued, sql):
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_once

    assert sequence_once() >= 2
    assert publish_once() >= 2
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE is refused for what still waits, not by the trigger
        cursor.execute(sql)


def test_t4_the_orm_is_refused_too_and_the_row_is_named(issued):
    issued.payable_amount = 1
    with pytest.raises(IntegrityError, match=str(issued.pk)), transaction.atomic():
        issued.save()
    with pytest.raises(IntegrityError, match="DELETE"), transaction.atomic():
        Invoice.objects.for_org(issued.organisation_id).filter(pk=issued.pk).delete()
