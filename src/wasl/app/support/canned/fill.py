"""A canned answer for one conversation: in the payer's language where it has it, its variables filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import override

from wasl.app.notices import templating
from wasl.app.support.models import CannedAnswer
from wasl.app.ui import format, reader


@dataclass(frozen=True, slots=True)
class Facts:
    """What the variables say. Amounts in the currency's own units; `link` leads to this very conversation."""

    name: str
    number: str
    amount: Decimal
    currency: str
    due_date: date | None
    country: str
    link: str


@dataclass(frozen=True, slots=True)
class Filled:
    id: UUID
    title: str
    language: str
    text: str


def filled(answer: CannedAnswer, facts: Facts, language: str) -> Filled:
    """In `language`, or in the other one where it is written in that alone."""
    chosen = language if text_in(answer, language) else "en" if language == "ar" else "ar"
    return Filled(answer.pk, answer.title, chosen, templating.fill(text_in(answer, chosen), values(facts, chosen)))


def text_in(answer: CannedAnswer, language: str) -> str:
    return answer.text_ar if language == "ar" else answer.text_en


def values(facts: Facts, language: str) -> Mapping[str, str]:
    """The variables in `language`; figures and the link keep their direction inside Arabic."""
    with override(language), reader.use(reader.made()):
        return {
            "name": facts.name, "number": format.isolate(facts.number), "amount": format.isolate(format.money(facts.amount, facts.currency)),
            "due_date": format.isolate(format.day(facts.due_date, facts.country)) if facts.due_date else "", "link": facts.link,
        }  # fmt: skip


def example(org: Any) -> Facts:
    """Figures of nobody, for a preview of an answer that is being written."""
    return Facts("", "INV-2026-000123", Decimal("1150.00"), org.currency, date(2026, 12, 23), org.country, "https://…")
