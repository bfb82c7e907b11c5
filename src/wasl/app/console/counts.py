"""What the bar of the console counts: conversations that wait, and what needs attention. Three or four small statements a page."""

from __future__ import annotations

from typing import Any

from wasl.app.console.desk.queue import due_count
from wasl.app.console.payments import refunds
from wasl.app.console.questions.queries import COUNT_MAX, waiting_count
from wasl.app.console.statements_in import queries as bank
from wasl.app.support.attention import queries
from wasl.app.ui.counting import count


def counts(org: Any, place: str = "") -> dict[str, str]:
    """By part of the console, as it is shown; a part that counts nothing is not in it.

    At the desk the calls that are due, too; at the bank the movements that wait.
    """
    found = {"questions": waiting_count(org.pk), "attention": queries.count(org.pk), "refunds": refunds.waiting_count(org.pk)}
    if place == "questions":
        found["calls"] = due_count(org.pk)
    elif place in ("bank", "attention"):
        found["bank"] = bank.waiting(org.pk, COUNT_MAX)
    return {part: f"{count(COUNT_MAX - 1)}+" if number >= COUNT_MAX else count(number) for part, number in found.items() if number}
