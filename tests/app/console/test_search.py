"""Search folds what looks or sounds alike, on both sides by one table."""

from __future__ import annotations

from typing import Any

import pytest

from wasl.app.console.search import FROM, TO, fold, folded_sql

ALIKE = [
    ("الدرعيه", "الدرعية"), ("الافق", "الأفق"), ("احمد", "أَحْمَد"), ("مصطفي", "مصطفى"), ("سند", "ســند"), ("inv-12", "INV-١٢"), ("12", "۱۲"),
    ("شوون", "شؤون"), ("هاني", "هانئ"), ("علم", "\u2067علم\u2069"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "written"), ALIKE)
def test_what_is_alike_folds_to_one_form(typed: str, written: str) -> None:
    assert fold(typed) == fold(written)


def test_the_two_sides_of_the_table_fit() -> None:
    assert len(TO) < len(FROM) == len(set(FROM))
    assert "'" not in FROM + TO and "%" not in FROM + TO


@pytest.mark.django_db
@pytest.mark.parametrize("text", [written for _typed, written in ALIKE] + ["O'Brien & Sons", "Ünal GmbH"])
def test_the_database_folds_as_python_does(text: str) -> None:
    from wasl.app.sql import run

    assert run(f"SELECT {folded_sql('%(text)s::text')}", {"text": text})[0][0] == fold(text)


@pytest.mark.django_db
def test_an_invoice_is_found_however_its_buyer_is_written(org: Any, make_invoice: Any, actor: Any) -> None:
    from datetime import date

    from msgspec.structs import replace

    from wasl.app.console.queries import invoice_list
    from wasl.app.invoicing.issue import issue

    source = make_invoice()
    issue(org, replace(source, buyer=replace(source.buyer, name="مجموعة الدرعية للضيافة")), actor=actor)

    found = [invoice_list(org, today=date(2026, 11, 23), text=text)[0] for text in ("الدرعيه", "مجموعه", "٢٠", "%", "nobody")]

    assert [len(rows) for rows in found] == [1, 1, 1, 0, 0]
