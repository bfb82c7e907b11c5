"""Find what movements may pay: one pass over a whole range of a file, or over chosen movements again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from wasl.app.payments.matching import queries
from wasl.app.payments.matching.names import Payers
from wasl.app.sql import copy, run

LINES_MAX = 200_000  # movements judged in one transaction


@transaction.atomic
def match_file(org_id: UUID, file_id: UUID, *, after: int, until: int) -> int:
    """Judge the new movements of a file whose place is above `after` and at most `until`; how many there were."""
    run(queries.TODO, {"org": org_id, "file": file_id, "after": after, "until": until}, planned=True)
    return _judge(org_id)


@transaction.atomic
def match_again(org_id: UUID, lines: Iterable[UUID]) -> int:
    """Judge waiting movements anew: the books moved since, or a payer's name was learned."""
    run(queries.TODO_AGAIN, {"org": org_id, "lines": list(lines)}, planned=True)
    return _judge(org_id)


def _judge(org_id: UUID) -> int:
    """Every finding for what stands in `todo`, in five steps from sure to weak; each takes only what none before has found."""
    values: dict[str, Any] = {"org": org_id}
    for statement in queries.READY.split(";"):
        run(statement, planned=True)
    count = int(run("SELECT count(*) FROM todo", planned=True)[0][0])
    if count:
        run(queries.FORGET, values, planned=True)
        run(queries.REFERENCED, values, planned=True)
        run("CREATE INDEX ON named (line_id)", planned=True)
        run("ANALYZE named", planned=True)
        run(queries.BY_REFERENCE, values, planned=True)
        run(queries.PAYER, planned=True)
        run(queries.LEARNED, values, planned=True)
        _name_payers(org_id)
        run(queries.OWED, values, planned=True)
        run(queries.OWED_BY_NAME, values, planned=True)
        run("CREATE INDEX ON owed (customer_id, open_amount)", planned=True)
        for statement in queries.OWED_READY.split(";"):
            run(statement, planned=True)
        for statement in (queries.BY_PAYER, queries.BY_SUM, queries.BY_AMOUNT, queries.JUDGE):
            run(statement, values, planned=True)
    for table in ("todo", "named", "payer", "owed"):
        run(f"DROP TABLE IF EXISTS {table}", planned=True)  # several passes may share a transaction
    return count


def _name_payers(org_id: UUID) -> None:
    """Fill `payer` for the movements that no reference and nothing learned explains, by names that are alike."""
    wanted = run(queries.UNNAMED, {"org": org_id}, planned=True)
    if not wanted:
        return
    payers = Payers(((customer, buyer), name) for customer, buyer, name in run(queries.CUSTOMERS, {"org": org_id}, planned=True))
    rows: list[tuple[Any, ...]] = []
    for name, lines in wanted:
        for key, likeness in payers.find(name):
            customer, buyer = key  # type: ignore[misc]
            rows += [(line, customer, buyer, likeness) for line in lines]
    copy("payer", {"line_id": "uuid", "customer_id": "uuid", "buyer": "text", "likeness": "int2"}, rows)
