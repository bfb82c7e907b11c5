"""Thirteen bugs, planted in a copy of the source: the tests named here must catch each of them, and pass without it.

A harness that finds nothing proves nothing. A patch that no longer fits the source fails its test loudly: plant it anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from planting import Bug, Patch, outcome, planted
else:
    planting = sys.modules["wasl_fault_planting"]
    Bug, Patch, outcome, planted = planting.Bug, planting.Patch, planting.outcome, planting.planted

pytestmark = [pytest.mark.faults, pytest.mark.ci, pytest.mark.usefixtures("planted_cluster")]
REMIND = "tests/app/notices/test_remind.py"


BUGS = [
    Bug(
        "number-before-lock",
        (
            Patch(
                "app/invoicing/queries.py",
                "    rows = run(_LOCK, (org_id, kind, code, code))\n",
                '    rows = run(_LOCK.replace("FOR UPDATE OF s", ""), (org_id, kind, code, code))\n'
                '    run("SELECT 1 FROM invoicing_series WHERE organisation_id = %s AND kind = %s FOR UPDATE", (org_id, kind))\n',
            ),
        ),
        ("tests/app/invoicing/test_parallel.py::test_t83_a_hundred_parallel_issues_give_1_to_100",),
    ),
    Bug(
        "outbox-outside-the-transaction",
        (
            Patch("app/events/record.py", "INSERT INTO events_outbox (organisation_id, id) VALUES (%(org)s, %(id)s)\n", "SELECT 1\n"),
            Patch(
                "app/events/record.py",
                "    for subscriber in _subscribers.get(event_type, ()):\n",
                "    if event_type in LOGGED:\n"
                "        from django.db import transaction\n"
                '        waits = "INSERT INTO events_outbox (organisation_id, id) VALUES (%s, %s)"\n'
                "        transaction.on_commit(lambda: send(waits, (event.organisation_id, event.id)))\n"
                "    for subscriber in _subscribers.get(event_type, ()):\n",
            ),
        ),
        ("tests/faults/test_crash_issue.py::test_t85_issue_killed_at_every_point_is_whole_or_absent_and_its_key_is_safe_to_repeat",),
    ),
    Bug(
        "answer-before-the-disk",
        (Patch("app/invoicing/issue.py", "    try:\n        make_durable()\n", "    try:\n        pass\n"),),
        ("tests/faults/test_postgres_killed.py::test_t85_no_acknowledged_invoice_is_lost_when_postgresql_is_killed_under_load",),
    ),
    Bug(
        "webhook-not-deduplicated",
        (
            Patch(
                "app/payments/webhook.py",
                "ON CONFLICT (organisation_id, driver, event_id) DO NOTHING RETURNING id",
                "ON CONFLICT (organisation_id, driver, event_id) DO UPDATE SET id = EXCLUDED.id, applied_at = NULL, next_attempt_at = %(now)s RETURNING id",
            ),
            Patch("app/payments/settle.py", "state.status == SUCCEEDED and intent.status != Intent.SUCCEEDED:", "state.status == SUCCEEDED:"),
        ),
        (
            "tests/app/payments/test_pay.py::test_a_payment_is_counted_once_however_often_it_is_told",
            "tests/app/payments/test_bank_webhook.py::test_t70_the_same_event_a_hundred_times_at_once_counts_once",
        ),
    ),
    Bug(
        "rounding-half-even",
        (Patch("invoice/money.py", "from decimal import ROUND_HALF_UP, ", "from decimal import ROUND_HALF_EVEN as ROUND_HALF_UP, "),),
        (
            *(f"tests/invoice/test_money.py::test_rounding_is_half_up_on_the_magnitude[{case}]" for case in ("0.005-2-0.01", "2.5-0-3", "-2.5-0--3")),
            "tests/invoice/test_money.py::test_rounding_loses_nothing_of_a_very_large_amount",
        ),
    ),
    Bug(
        "unsigned-webhook-accepted",
        (Patch("app/payments/drivers/bank.py", "    fields = [part.partition(", "    if not header:\n        return\n    fields = [part.partition("),),
        (
            "tests/app/payments/test_bank_webhook.py::test_t69_t70_t71_what_is_not_genuine_is_refused[none]",
            "tests/app/payments/test_bank_webhook.py::test_t69_t70_t71_a_bad_webhook_leaves_no_trace[unsigned]",
        ),
    ),
    Bug(
        "edited-tile",
        (
            Patch(
                "app/proofs/log.py",
                "append((self._shard, tile.level, tile.index, data))",
                "append((self._shard, tile.level, tile.index, bytes([data[0] ^ 1]) + data[1:]))",
            ),
        ),
        ("tests/app/proofs/test_log.py::test_a_tree_over_several_tiles_proves_its_first_and_last_leaf",),
    ),
    Bug(
        "reminder-after-payment",
        (
            Patch("app/notices/apps.py", '        subscribe("paid", watches.on_paid)\n', ""),
            Patch("app/notices/fire.py", "if (watch.org_id, watch.invoice_id) not in still_open:", "if False:"),
            Patch("app/notices/letters.py", "        if not _is_open(delivery):\n            return Verdict(drop=\"paid\")\n", ""),
        ),
        (f"{REMIND}::test_never_after_payment_whether_planned_queued_or_retried",),
    ),
    Bug(
        "reminder-twice",
        (
            Patch("app/notices/fire.py", "batch.moves.append(Move(watch, plan.step, remind_on, after))", "batch.moves.append(Move(watch, watch.done_through, remind_on, plan))"),
            Patch("app/notices/fire.py", 'f"{watch.due_date}/{step:+d}"', 'f"{watch.due_date}/{step:+d}/{now.timestamp()}"'),
        ),
        (f"{REMIND}::test_an_invoice_that_was_sent_is_reminded_of_at_each_step_and_never_twice",),
    ),
    Bug(
        "reminder-lost-in-a-pause",
        (Patch("app/notices/plan.py", "for step in _steps(facts, rhythm, wishes)]", "for step in _steps(facts, rhythm, wishes) if walls.moment(step, facts.due_date) >= now]"),),
        (f"{REMIND}::test_after_a_pause_there_is_one_reminder_and_the_rest_is_said_to_be_missed",),
    ),
    Bug(
        "reminder-in-quiet-hours",
        (Patch("app/notices/letters.py", "    return Verdict(later=at) if at > now else GO\n", "    return GO\n"),),
        (f"{REMIND}::test_a_reminder_that_waited_for_the_mail_server_does_not_leave_in_quiet_hours",),
    ),
    Bug(
        "unsubscribed-by-a-scanner",
        (
            Patch("app/notices/views.py", '    if request.method == "POST":\n', "    if True:\n"),
            Patch("app/notices/views.py", 'if request.POST.get("act") == "stop":', "if True:"),
        ),
        ("tests/app/notices/test_mail.py::test_one_click_ends_that_kind_and_a_get_ends_nothing",),
    ),
    Bug(
        "flood-after-a-change",
        (Patch("app/notices/preferences.py", "    least(%(today)s::date - due_date - 1, next_step - 1))\n", "    NULL)\n"),),
        (f"{REMIND}::test_a_day_that_is_only_now_among_the_steps_is_not_made_up_for",),
    ),
]


def test_without_a_bug_every_one_of_these_tests_passes(source: Path) -> None:
    tests = tuple(test for bug in BUGS for test in bug.caught_by)
    said = outcome(source, tests)

    assert set(said) == {"passed"} and said["passed"] >= len(tests), said


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_planted_bug_is_caught(source: Path, bug: Bug) -> None:
    planted(source, bug.patches)
    said = outcome(source, bug.caught_by)

    assert set(said) <= {"failed", "error"}, f"{bug.name} was not caught by each of its tests: {said}"
    assert said["failed"] == len(bug.caught_by), said  # an error may come on top: books that are checked after the test


def test_a_patch_that_fits_nowhere_is_told(source: Path) -> None:
    with pytest.raises(AssertionError, match="can no longer be planted"):
        planted(source, (Patch("errors.py", "a line that is not there", ""),))
