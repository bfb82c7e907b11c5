"""Deliberately broken variants of the product: a pytest plugin that edits one module's source as it is imported.

    WASL_PLANT=number-before-lock pytest -p plants tests/app/invoicing/test_parallel.py

A suite that lets one of them pass proves nothing. Each names the tests that must catch it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Plant:
    """A bug: what is replaced in which module, and the tests that must fail."""

    name: str
    module: str
    edits: tuple[tuple[str, str], ...]
    caught_by: tuple[str, ...]


PLANTS = {
    plant.name: plant
    for plant in (
        Plant(
            "number-before-lock",
            "wasl.app.invoicing.queries",
            (("ORDER BY id LIMIT 1 FOR UPDATE OF s", "ORDER BY id LIMIT 1"),),
            ("tests/app/invoicing/test_parallel.py::test_t83_a_hundred_parallel_issues_give_1_to_100",),
        ),
        Plant(
            "outbox-outside-the-transaction",
            "wasl.app.events.record",
            (
                (")\nINSERT INTO events_outbox (organisation_id, id) VALUES (%(org)s, %(id)s)\n", ")\nSELECT 1\n"),
                (
                    "    for subscriber in _subscribers.get(event_type, ()):\n",
                    "    if event_type in LOGGED:\n"
                    "        from django.db import transaction\n"
                    "        late = ('INSERT INTO events_outbox (organisation_id, id) VALUES (%s, %s)', (event.organisation_id, event.id))\n"
                    "        transaction.on_commit(lambda: send(*late))\n"
                    "    for subscriber in _subscribers.get(event_type, ()):\n",
                ),
            ),
            ("tests/faults/test_crash_issue.py::test_t85_issue_killed_at_every_point_is_whole_or_absent_and_its_key_is_safe_to_repeat",),
        ),
        Plant(
            "answer-before-the-disk",
            "wasl.app.invoicing.issue",
            (("    try:\n        make_durable()\n", "    try:\n        pass\n"),),
            ("tests/faults/test_postgres_killed.py",),
        ),
        Plant(
            "webhook-not-deduplicated",
            "wasl.app.payments.settle",
            (("state.status == SUCCEEDED and intent.status != Intent.SUCCEEDED", "state.status == SUCCEEDED"),),
            ("tests/app/payments/test_pay.py::test_a_payment_is_counted_once_however_often_it_is_told",),
        ),
        Plant(
            "rounding-half-even",
            "wasl.invoice.money",
            (("from decimal import ROUND_HALF_UP, ", "from decimal import ROUND_HALF_EVEN as ROUND_HALF_UP, "),),
            ("tests/invoice",),
        ),
        Plant(
            "unsigned-webhook-accepted",
            "wasl.app.payments.drivers.bank",
            (
                ("    fields = [part.partition(", "    if not header:\n        return\n    fields = [part.partition("),
                ("    if not sum(hmac.compare_digest", "    if False and not sum(hmac.compare_digest"),
            ),
            ("tests/app/payments/test_bank_webhook.py::test_t69_t70_t71_a_bad_webhook_leaves_no_trace",),
        ),
        Plant(
            "edited-tile",
            "wasl.app.proofs.log",
            (("(self._shard, tile.level, tile.index, data))", "(self._shard, tile.level, tile.index, data[:-1] + b'!'))"),),
            ("tests/app/proofs/test_log.py::test_a_tree_over_several_tiles_proves_its_first_and_last_leaf",),
        ),
    )
}


class _Editor(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the one module and runs its edited source."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.plant.module:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert found is not None and found.origin is not None
        return importlib.util.spec_from_file_location(fullname, found.origin, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        assert module.__file__ is not None
        with open(module.__file__, encoding="utf-8") as file:
            source = file.read()
        for old, new in self.plant.edits:
            assert source.count(old) == 1, f"the plant {self.plant.name} no longer fits its module: {old!r}"
            source = source.replace(old, new)
        exec(compile(source, module.__file__, "exec"), module.__dict__)
        if mark := os.environ.get("WASL_PLANT_MARK"):  # tells the test that the bug was really in
            with open(mark, "w", encoding="utf-8") as file:
                file.write(self.plant.name)


def install() -> None:
    plant = PLANTS[os.environ["WASL_PLANT"]]
    assert plant.module not in sys.modules, "too late: the module is already imported"
    sys.meta_path.insert(0, _Editor(plant))


if os.environ.get("WASL_PLANT"):
    install()
