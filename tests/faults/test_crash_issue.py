"""T85 for issuing, crediting and the log: SIGKILL at every point; nothing lost, nothing doubled, no gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasl.app import fsck
from wasl.app.invoicing.models import IdempotencyKey, Invoice, Series

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SCENARIOS = Path(__file__).with_name("scenarios.py")


@pytest.mark.ci
def test_t85_issue_killed_at_every_point_is_whole_or_absent_and_its_key_is_safe_to_repeat(crasher, org):
    points = 0
    for crash in crasher.every(SCENARIOS, "issue_one", lambda n: {"org": str(org.pk), "key": f"key-{n}"}):
        points += 1
        key = f"key-{crash.die_at}"
        kept = IdempotencyKey.objects.for_org(org).filter(key=key).exists()
        count = Invoice.objects.for_org(org).count()
        assert count == points - 1 + kept, "the invoice is there exactly when its key is"
        assert fsck.run() == [], crash
        again = crasher.run(SCENARIOS, "issue_one", {"org": str(org.pk), "key": key})
        assert again.error is None
        assert Invoice.objects.for_org(org).count() == points, "once, whenever it died"
        assert again.result == Invoice.objects.for_org(org).get(counter=points).number
    assert points >= 12, "statements and both sides of the commit"
    total = Invoice.objects.for_org(org).count()
    assert sorted(Invoice.objects.for_org(org).values_list("counter", flat=True)) == list(range(1, total + 1))
    assert Series.objects.for_org(org).get(kind="invoice").next_number == total + 1


def test_t85_credit_killed_at_every_point_credits_once(crasher, org, issued):
    for crash in crasher.every(SCENARIOS, "credit_all", {"org": str(org.pk), "invoice": str(issued.pk), "key": "credit"}):
        assert Invoice.objects.for_org(org).filter(kind="credit_note").count() <= 1
        assert fsck.run() == [], crash
    assert Invoice.objects.for_org(org).filter(kind="credit_note").count() == 1


@pytest.mark.ci
def test_t85_the_log_killed_at_every_point_appends_each_event_once_and_signs_no_fork(crasher, org, make_invoice, actor):
    from wasl.app.events.models import Event
    from wasl.app.invoicing.issue import issue
    from wasl.app.proofs.models import Entry
    from wasl.app.proofs.publish import publish_once
    from wasl.app.proofs.sequencer import sequence_all

    issue(org, make_invoice(), actor=actor)
    crashes = 0
    for crash in crasher.every(SCENARIOS, "log_round", {}, effects=("wasl.ledger.store:DirectoryCheckpointStore.swap",)):
        crashes += 1
        assert fsck.run() == [], crash
        issue(org, make_invoice(), actor=actor)  # the next round has something to do again
    assert crashes >= 8
    sequence_all()
    publish_once()
    assert fsck.run() == []
    assert Entry.objects.filter(organisation_id=org.pk).count() == Event.objects.for_org(org).filter(logged=True).count()
