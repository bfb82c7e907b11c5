"""Preferences in plain words, and what they would do, before they are saved."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.utils.translation import override

from wasl.app.notices import kinds
from wasl.app.notices.errors import BadPreference
from wasl.app.notices.preferences import Preferences, preferences_of, save
from wasl.app.notices.preview import coming, next_of
from wasl.app.notices.words import in_words

pytestmark = pytest.mark.django_db
ADDRESS = "nadir@y.example"
RIYADH = Preferences(time_zone="Asia/Riyadh", country="SA", reminder_days=(7, 3), quiet_from=time(22), quiet_until=time(8))


def test_arabic_says_it_as_a_person_would() -> None:
    with override("ar"):
        said = in_words(RIYADH)
    plain = [sentence.replace("\u2068", "").replace("\u2069", "") for sentence in said]
    assert plain == [
        "تصلك كل فاتورة جديدة فورًا: بالبريد وفي صندوقك هنا.",
        "تذكير بموعد الاستحقاق: قبله بـ7 أيام وقبله بـ3 أيام.",
        "وما تأخر سداده نذكّرك به حسب جدول البائع.",
        "لا شيء بين 22:00 و08:00 بتوقيت الرياض.",
        "لا تذكير يومي الجمعة والسبت ولا في العطل الرسمية.",
    ]


def test_english_and_the_choices_that_change_a_sentence() -> None:
    quiet = Preferences(country="AE", reminder_days=(0,), digest="weekly", quiet_from=time(0), quiet_until=time(0), skip_holidays=False)
    with override("en"):
        said = in_words(quiet.without(kinds.PAID).without(kinds.PAID, kinds.PUSH).without(kinds.PAID, kinds.PORTAL))
    assert said[1:] == [
        "A reminder of what is due: on the day itself.",
        "What is overdue you hear of as the seller's schedule has it.",
        "Instead of single e-mails, one summary a week, on Monday.",
        "No reminders on Saturday and Sunday.",
        "Switched off: Your payment arrived.",
    ]


def test_the_next_reminder_is_told_for_wishes_that_are_not_saved(now: Any, send_invoice: Any, work: Any) -> None:
    row = send_invoice()
    work()
    with override("en"):
        last = in_words(RIYADH, email=ADDRESS)[-1].replace("\u2068", "").replace("\u2069", "")
    assert last == f"The next reminder: Wednesday 16 December 2026 at 09:00, invoice {row.number} from Sanad Technology."
    assert preferences_of(ADDRESS) == Preferences()
    assert [each.step for each in coming(ADDRESS)] == [-3] and next_of(row).step == -3  # type: ignore[union-attr]


def test_what_is_saved_is_read_back_and_nonsense_is_refused() -> None:
    save("  NADIR@y.example ", RIYADH)
    assert preferences_of(ADDRESS) == RIYADH
    for wrong in ({"digits": "roman"}, {"time_zone": "../etc/passwd"}, {"country": "sa"}, {"reminder_days": (-1,)}, {"digest": "hourly"}, {"channels": {"x": frozenset()}}):
        with pytest.raises(BadPreference):
            save(ADDRESS, Preferences(**wrong))


def test_new_invoices_and_legal_notices_cannot_be_switched_off() -> None:
    save(ADDRESS, Preferences(channels={kind: frozenset() for kind in kinds.KINDS}))
    wanted = preferences_of(ADDRESS)
    assert {kind for kind in kinds.KINDS if kinds.EMAIL in wanted.on(kind)} == {"new", "legal"}
