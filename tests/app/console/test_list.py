"""The seller's list and its sums read what the database keeps of each invoice: their plans know no journal, however long it grows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from wasl.app.console import queries
from wasl.app.sql import run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", sorted(queries.STATUS))
def test_no_page_of_the_list_folds_the_journal(org: Any, issued: Any, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    asked: list[str] = []

    def noted(sql: str, values: Any) -> Any:
        asked.append("\n".join(row[0] for row in run("EXPLAIN " + sql, values)))
        return run(sql, values)

    monkeypatch.setattr(queries, "run", noted)
    today = date(2026, 11, 28)
    queries.invoice_list(org, today=today, status=status)
    queries.settled(org, issued.pk, today=today)
    queries.sums(org, today=today)

    assert len(asked) == 3 and all("payments_balance" in plan and "payments_journal" not in plan for plan in asked)
