"""T8, T92: a database behind its own published log neither issues nor forks; accepting the loss opens new series."""

from __future__ import annotations

import pytest
from django.db import transaction

from wasl.app import fsck
from wasl.app.invoicing.errors import IssuingHeld
from wasl.app.invoicing.issue import issue
from wasl.app.proofs import recovery
from wasl.app.proofs.models import Shard
from wasl.app.proofs.publish import publish_once
from wasl.app.proofs.sequencer import sequence_all
from wasl.ledger.errors import WouldFork

pytestmark = pytest.mark.django_db


class _Lost(Exception):
    pass


def _lose_two_invoices(org, make_invoice, actor):
    """Issue, publish, and then have the database as it was before: an old backup was put back."""
    issue(org, make_invoice(), actor=actor)
    sequence_all()
    before = publish_once()
    try:
        with transaction.atomic():
            lost = [issue(org, make_invoice(), actor=actor).number for _ in range(2)]
            sequence_all()
            publish_once()
            raise _Lost
    except _Lost:
        return before, lost


def test_t92_issuing_is_off_until_the_loss_is_accepted_and_no_lost_number_comes_back(org, make_invoice, actor):
    held, lost = _lose_two_invoices(org, make_invoice, actor)
    gap = recovery.check_checkpoint_store()
    assert (gap.held, gap.signed, gap.lost) == (held, held + 2, 2)
    with pytest.raises(IssuingHeld):
        issue(org, make_invoice(), actor=actor)

    successor = recovery.accept_loss()
    assert recovery.check_checkpoint_store() is None
    answer = issue(org, make_invoice(), actor=actor)
    assert answer.number not in lost
    assert answer.number.startswith("R2-INV-")
    assert Shard.objects.get(number=1).closed_at is not None
    assert f"\n{held + 2}\n" in successor.previous_checkpoint
    sequence_all()
    assert publish_once() == 2, "the opening leaf and the new invoice"
    assert fsck.run() == []


def test_t8_a_log_that_lies_behind_is_not_signed(org, make_invoice, actor):
    _lose_two_invoices(org, make_invoice, actor)
    issue(org, make_invoice(), actor=actor)  # before anybody compared
    sequence_all()
    with pytest.raises(WouldFork):
        publish_once()
    with pytest.raises(IssuingHeld):
        issue(org, make_invoice(), actor=actor)


def test_nothing_is_held_and_accepting_changes_nothing_where_nothing_is_lost(issued, org, make_invoice, actor):
    sequence_all()
    publish_once()
    assert recovery.check_checkpoint_store() is None
    assert recovery.accept_loss() is None
    assert issue(org, make_invoice(), actor=actor).number.endswith("000002")
