"""Events: only with their effect, seen by subscribers in the same transaction, details apart."""

from __future__ import annotations

import pytest
from django.db import transaction

from wasl.app import clock
from wasl.app.events import record as module
from wasl.app.events.models import Event, EventDetail, Outbox
from wasl.app.events.record import record, subscribe


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(org):
    with pytest.raises(RuntimeError, match="transaction"):
        record("paid", org=org, at=clock.now())


@pytest.mark.django_db
def test_a_logged_event_waits_in_the_outbox_and_a_plain_one_does_not(org, issued):
    waiting = Outbox.objects.for_org(org).count()
    paid = record("paid", org=org, invoice=issued, at=clock.now(), amount=5, currency="EUR", data={"reference": "X"})
    assert Outbox.objects.for_org(org).count() == waiting + 1
    record("opened", org=org, invoice=issued, at=clock.now())
    assert Outbox.objects.for_org(org).count() == waiting + 1
    row = Event.objects.for_org(org).get(pk=paid.id)
    assert bytes(row.document_sha256) == bytes(issued.document_sha256), "it names the document it is about"
    assert row.data == {"reference": "X"}
    EventDetail.objects.for_org(org).filter(event_id=paid.id).delete()
    assert row.data == {}, "details can be erased; the fact stays"


@pytest.mark.django_db
def test_what_a_subscriber_refuses_does_not_happen(org, issued, monkeypatch):
    monkeypatch.setattr(module, "_subscribers", {})

    def refuse(_event):
        raise ValueError("no")

    subscribe("paid", refuse)
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        record("paid", org=org, invoice=issued, at=clock.now())
    assert not Event.objects.for_org(org).filter(type="paid").exists()


def test_identifiers_grow_and_say_version_7():
    from wasl.app.ids import uuid7

    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000
    assert {(u.version, u.variant) for u in made} == {(7, "specified in RFC 4122")}


def test_the_clock_is_in_utc_and_milliseconds():
    from datetime import UTC, datetime, timedelta, timezone

    with clock.frozen(datetime(2026, 1, 1, 3, 0, 0, 123456, tzinfo=timezone(timedelta(hours=3)))) as travel:
        assert clock.now() == datetime(2026, 1, 1, 0, 0, 0, 123000, tzinfo=UTC)
        travel.forward(days=1)
        assert clock.now().day == 2
    with pytest.raises(ValueError, match="zone"), clock.frozen(datetime(2026, 1, 1)):
        pass
