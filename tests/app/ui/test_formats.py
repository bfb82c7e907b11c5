"""Values as people read them, and as they type them; Python's macros equal the templates'."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from wasl.app.ui import format, jinja, macros, numbers
from wasl.app.ui.states import state
from wasl.errors import WaslError

D = Decimal


@pytest.mark.parametrize(
    ("typed", "value"),
    [("", None), (" 10 ", D(10)), ("1,234.50", D("1234.50")), ("١٬٢٣٤٫٥٠", D("1234.50")), ("۱۲٫۵", D("12.5")), ("-3", D(-3)), ("0.000001", D("0.000001"))],
)
def test_numbers_are_read_as_people_type_them(typed: str, value: Decimal | None) -> None:
    assert numbers.number(typed) == value


@pytest.mark.parametrize("typed", ["1,5", "1e9", "abc", "--1", "1" + "0" * 18, "0.0000001", "NaN", "Infinity"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(WaslError):
        numbers.number(typed)


@pytest.mark.parametrize(("typed", "value"), [("2026-12-23", date(2026, 12, 23)), ("٢٠٢٦-١٢-٢٣", date(2026, 12, 23)), ("2026/12/23", date(2026, 12, 23)), ("", None)])
def test_dates_are_read(typed: str, value: date | None) -> None:
    assert numbers.day(typed) == value


@pytest.mark.parametrize(
    ("paid", "credited", "due", "key"),
    [
        ("0", "0", date(2026, 12, 23), "awaiting"), ("0", "0", date(2026, 11, 28), "due_soon"), ("0", "0", date(2026, 11, 22), "overdue"),
        ("40", "0", date(2026, 12, 23), "partly_paid"), ("40", "0", date(2026, 11, 1), "overdue"), ("100", "0", date(2026, 11, 1), "paid"),
        ("0", "100", date(2026, 11, 1), "credited"), ("60", "40", date(2026, 11, 1), "paid"), ("0", "0", None, "awaiting"),
    ],
)  # fmt: skip
def test_state_of_an_invoice(paid: str, credited: str, due: date | None, key: str) -> None:
    found = state(is_note=False, total=D(100), paid=D(paid), credited=D(credited), due=due, today=date(2026, 11, 23))

    assert found.key == key


def test_due_is_said_in_days() -> None:
    with override("en"):
        said = [format.due_in(date(2026, 11, day), date(2026, 11, 23)) for day in (20, 22, 23, 24, 25)]

    assert said == ["3 days overdue", "1 day overdue", "due today", "due tomorrow", "in 2 days"]


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize(
    ("template", "arguments", "made"),
    [
        ("money", "amount", lambda: macros.number_cell(D("31583.93"), "SAR")), ("money", "money", lambda: macros.money(D("31583.93"), "SAR")),
        ("money", "percent", lambda: macros.percent(D("15.00"))), ("date", "day", lambda: macros.day(date(2026, 12, 23))),
        ("date", "full", lambda: macros.full_day(date(2026, 12, 23))), ("code", "code", lambda: macros.code("INV-1")),
        ("code", "mono", lambda: macros.mono("9f3c")), ("date", "moment", lambda: macros.moment(datetime(2026, 11, 23, 7, 2, tzinfo=UTC), "Asia/Riyadh")),
    ],
)  # fmt: skip
def test_python_macros_equal_the_templates(lang: str, template: str, arguments: str, made: Any) -> None:
    values = {
        "amount": "D('31583.93'), 'SAR'", "money": "D('31583.93'), 'SAR'", "percent": "D('15.00')", "day": "when", "full": "when", "code": "'INV-1'",
        "mono": "'9f3c'", "moment": "at, 'Asia/Riyadh'",
    }  # fmt: skip
    from django.template import engines

    env = engines["jinja2"].env
    text = f'{{% from "components/{template}/macro.html" import {arguments} %}}{{{{ {arguments}({values[arguments]}) }}}}'
    with override(lang):
        shown = env.from_string(text).render(D=D, when=date(2026, 12, 23), at=datetime(2026, 11, 23, 7, 2, tzinfo=UTC))
        assert shown == made()


def test_parameters_of_a_sentence_are_escaped() -> None:
    env = jinja.environment()
    shown = env.from_string('{{ _("Due %(date)s", date=value) }}').render(value="<b>")

    assert "<b>" not in shown
