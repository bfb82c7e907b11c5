"""Bugs of paying, planted in a copy of the source: each must be caught by every test named with it (docs/planted-payment-bugs.md)."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from planting import Bug, Patch, outcome, planted
else:
    planting = sys.modules["wasl_fault_planting"]
    Bug, Patch, outcome, planted = planting.Bug, planting.Patch, planting.outcome, planting.planted

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("planted_cluster")]
PAY, MONEY, AUTO = (f"tests/app/payments/test_{name}.py" for name in ("pay", "money", "autopay"))
LIST = Path(__file__).resolve().parents[2] / "docs" / "planted-payment-bugs.md"


def one(name: str, file: str, old: str, new: str, *tests: str) -> Bug:
    return Bug(name, (Patch(f"app/payments/{file}.py", old, new),), tests)


BUGS = [
    one(
        "redirect-believed", "pay",
        "        settle(intent.organisation_id, intent.pk, registry.driver(intent.organisation_id, intent.driver).fetch(intent.gateway_id))\n",
        "        from dataclasses import replace\n\n"
        "        state = registry.driver(intent.organisation_id, intent.driver).fetch(intent.gateway_id)\n"
        "        settle(intent.organisation_id, intent.pk, replace(state, status=SUCCEEDED))\n",
        f"{PAY}::test_t73_the_redirect_alone_pays_nothing",
    ),
    one(
        "amount-not-compared", "settle", '        "amount": (intent.amount, state.amount),\n', "",
        f"{PAY}::test_t72_what_does_not_fit_its_invoice_is_not_paid_and_raises_one_alarm[{{'amount': 24199}}]",
    ),
    Bug(
        "payment-key-changes",
        (
            Patch("app/payments/pay.py", '        if intent.is_old and FIND in getattr(wish.driver, "features", ()):\n', "        if not FIND:\n"),
            Patch("app/payments/orders.py", "        key=intent.pk.hex,\n", '        key=f"{intent.pk.hex}{int(intent.is_old)}",\n'),
        ),
        (f"{PAY}::test_lost_answer_at_the_start_is_asked_for_again",),
    ),
    one(
        "refund-key-changes", "refunds_out", "key=str(refund.pk))", 'key=f"{refund.pk}{refund.attempts}")',
        f"{PAY}::test_requested_refund_with_a_lost_answer_is_made_once",
    ),
    one(
        "webhook-done-before-it-is-applied", "webhook", "UPDATE payments_hook SET attempts = attempts + 1, parked",
        "UPDATE payments_hook SET applied_at = %(now)s::timestamptz, attempts = attempts + 1, parked",
        f"{PAY}::test_webhook_while_the_gateway_is_down_is_kept_and_applied_later",
    ),
    one(
        "second-payment-kept", "allocate", "goes_back = not applied or money.wants_back", "goes_back = money.wants_back",
        f"{MONEY}::test_a_second_payment_that_is_contested_before_it_went_back_is_not_lost_twice",
    ),
    one(
        "contested-money-sent-back-too", "refunds_out", "d.state = 'open')", "d.state = 'never')",
        f"{MONEY}::test_a_second_payment_that_is_contested_before_it_went_back_is_not_lost_twice",
    ),
    one(
        "lost-chargeback-still-paid", "chargebacks", "[JLine(RECEIVABLE, part), JLine(DISPUTED, -part)]", "[JLine(CLEARING, part), JLine(DISPUTED, -part)]",
        f"{MONEY}::test_a_chargeback_is_contested_then_won_or_lost",
    ),
    one(
        "pending-refund-booked", "settle", "for refund in state.refunds if refund.status == SUCCEEDED)", "for refund in state.refunds)",
        f"{MONEY}::test_a_pending_refund_that_fails_is_not_booked",
    ),
    one(
        "approves-own-refund", "refunds", "    if row.asked_by == actor.label:\n        raise OwnRequest\n", "",
        f"{MONEY}::test_a_large_refund_waits_for_a_second_person",
    ),
    one(
        "credit-spent-twice", "credit", "    has, owed = balance_of(org_id, locked.customer_id, locked.currency), ", "    has, owed = 10**9, ",
        f"{MONEY}::test_t75_too_much_becomes_credit_which_pays_the_next_invoice_or_goes_back",
    ),
    one(
        "transfer-twice", "receive", "    if not is_new:\n", "    if not is_new and found.amount != amount:\n",
        f"{MONEY}::test_a_transfer_counts_once_and_what_is_left_is_credit_or_unmatched",
    ),
    one(
        "charge-without-its-notice", "autopay_run", "at = max(moment(org, charge.charge_on), now + timedelta(days=charge.mandate.notice_days))",
        "at = moment(org, charge.charge_on)",
        f"{AUTO}::test_a_worker_that_slept_makes_the_charge_late_never_the_notice_short",
    ),
    one(
        "cancelled-charge-made", "autopay", "    charge.state, charge.ended_at = PlannedCharge.CANCELLED, clock.now()\n",
        "    charge.ended_at = clock.now()\n",
        f"{AUTO}::test_until_the_day_the_payer_can_cancel_it",
    ),
    Bug(
        "charged-anew-after-silence",
        (
            Patch("app/payments/attempts.py", "    if not is_new and FIND in driver.features:\n", "    if is_new and FIND in driver.features:\n"),
            Patch("app/payments/orders.py", "        key=intent.pk.hex,\n", "        key=__import__('uuid').uuid4().hex,\n"),
        ),
        (f"{AUTO}::test_a_silent_gateway_is_asked_again_under_the_same_key",),
    ),
]  # fmt: skip


def test_without_a_bug_every_one_of_these_tests_passes(source: Path) -> None:
    tests = sorted({test for bug in BUGS for test in bug.caught_by})
    said = outcome(source, tuple(tests))

    assert set(said) == {"passed"} and said["passed"] >= len(tests), said


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_planted_bug_is_caught(source: Path, bug: Bug) -> None:
    planted(source, bug.patches)
    said = outcome(source, bug.caught_by)

    assert set(said) <= {"failed", "error"}, f"{bug.name} was not caught by each of its tests: {said}"
    assert said.get("failed", 0) + said.get("error", 0) >= len(bug.caught_by), said


@pytest.mark.ci
def test_the_list_names_each_of_them(source: Path) -> None:
    """And each patch still fits the source, so that the whole run finds nothing planted nowhere."""
    assert re.findall(r"^\| `([a-z-]+)`", LIST.read_text(), re.MULTILINE) == [bug.name for bug in BUGS] and len(BUGS) >= 12
    for bug in BUGS:
        for patch in bug.patches:
            assert (source / "wasl" / patch.file).read_text().count(patch.old) == 1, (bug.name, patch.file)
