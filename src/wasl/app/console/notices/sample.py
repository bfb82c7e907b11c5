"""A sample of the mail: what a kind of reminder would say, for an invoice that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from wasl.app import clock
from wasl.app.notices import kinds
from wasl.app.notices.say import Matter, Notice
from wasl.app.notices.schedule import schedule_of
from wasl.app.ui import format

_AWAY = {kinds.DUE_SOON: 3, kinds.DUE: 0, kinds.OVERDUE: -3}
_PERSON = {"ar": "نادر حداد", "en": "Nadir Haddad"}


@dataclass(frozen=True)
class Sample:
    subject: str
    headline: Any
    lead: Any
    button: str


def shown(org: Any, kind: str, language: str, own: tuple[str, str]) -> Sample:
    """The sentences in `language`, with `own` words where there are some."""
    today = format.local_day(clock.now(), org.time_zone)
    matter = Matter(
        kind=kind, number="INV-2026-000042", currency=org.currency, country=org.country, reply_to=org.email, due=today + timedelta(days=_AWAY[kind]),
        seller_names={lang: org.name_in(lang) for lang in ("ar", "en")}, today=today, total=Decimal("1250.00"), left=Decimal("1250.00"),
        person=_PERSON[language], tone=schedule_of(org).tone, texts={(kind, language): own},
    )  # fmt: skip
    with override(language):
        said = Notice(matter, language, plain=False)
        return Sample(said.subject, said.headline, said.lead, said.button)
