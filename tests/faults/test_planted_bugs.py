"""Thirteen bugs, planted in a copy of the source: the tests named here must catch each of them, and pass without it.

A harness that finds nothing proves nothing. A patch that no longer fits the source fails its test loudly: plant it anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.ci]
ROOT = Path(__file__).resolve().parents[2]
REMIND = "tests/app/notices/test_remind.py"


@dataclass(frozen=True)
class Patch:
    """One replacement in one file below src/wasl; `old` must stand there exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Bug:
    """What is broken, and the tests of which every single one must fail."""

    name: str
    patches: tuple[Patch, ...]
    caught_by: tuple[str, ...]


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
            Patch("app/payments/webhook.py", "    if done.exists():\n        return KNOWN\n", ""),
            Patch("app/payments/webhook.py", "        if locked.applied_at is not None:\n            return KNOWN\n", ""),
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


def planted(source: Path, patches: tuple[Patch, ...]) -> None:
    """Change the copy; a place that is not found exactly once is an error of this file, not a bug caught."""
    for patch in patches:
        path = source / "wasl" / patch.file
        text = path.read_text()
        assert text.count(patch.old) == 1, f"the bug can no longer be planted in {patch.file}: {patch.old!r} is there {text.count(patch.old)} times"
        path.write_text(text.replace(patch.old, patch.new))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of src that may be broken. What is compiled comes along: Python compiles anew what is planted, by its time."""
    shutil.copytree(ROOT / "src", tmp_path / "src")
    return tmp_path / "src"


@pytest.fixture(scope="session", autouse=True)
def cluster() -> Iterator[str]:
    """One PostgreSQL for all these runs: its tables are made once, and each test leaves them empty."""
    from wasl.pg.supervisor import Cluster

    with tempfile.TemporaryDirectory(prefix="wasl-planted-") as folder, Cluster(folder, durable=False) as cluster:
        os.environ["WASL_TEST_DATABASE_URL"] = cluster.url
        yield cluster.url
        del os.environ["WASL_TEST_DATABASE_URL"]


def outcome(source: Path, tests: tuple[str, ...]) -> dict[str, int]:
    """How the tests end with `source` in place of the installed package: {"passed": 1, "failed": 0, ...}."""
    kept = "WASL_TEST_DATABASE_URL"
    environment = {name: value for name, value in os.environ.items() if name == kept or not name.startswith(("PYTEST_", "WASL_", "DATABASE_URL"))}
    environment |= {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    where = subprocess.run([sys.executable, "-c", "import wasl; print(wasl.__file__)"], env=environment, capture_output=True, text=True, check=True)
    assert where.stdout.startswith(str(source)), "the copy is not what runs"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--reuse-db", *tests]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr[-500:]
    assert done.returncode in (0, 1), f"pytest did not run the tests: {done.stdout[-1500:]}{done.stderr[-500:]}"
    return {word.rstrip("s"): int(count) for count, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", last)}


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
