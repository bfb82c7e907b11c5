"""Search folds what looks or sounds alike, on both sides by one table."""

from __future__ import annotations

from typing import Any

import pytest

from wasl.app.folding import FROM, TO, fold, folded_sql

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
def test_an_invoice_is_found_however_its_buyer_is_written(desk: Any, issued: Any) -> None:
    for typed, count in (("الافق", 1), ("مؤسسه الأفق", 1), ("000001", 1), ("استشاريه", 1), ("2,482.05", 1), ("%", 0), ("nobody", 0)):
        assert desk.get("/console/sanad/search", {"q": typed}).content.decode().count('class="hit"') == count, typed


@pytest.mark.django_db
def test_the_old_address_of_a_search_leads_to_the_new_one(desk: Any, org: Any) -> None:
    assert desk.get("/console/sanad/?q=الأفق").headers["Location"].startswith("/console/sanad/search?q=")


@pytest.mark.django_db
def test_only_an_owner_turns_search_off_and_it_says_so(desk: Any, clerk_desk: Any, issued: Any) -> None:
    assert clerk_desk.post("/console/sanad/search/turn", {"search": "off"}).status_code == 403

    desk.post("/console/sanad/search/turn", {"search": "off"})

    assert desk.get("/console/sanad/search", {"q": "استشارية"}).content.decode().count('class="hit"') == 0
    assert "search/turn" in desk.get("/console/sanad/search").content.decode()


@pytest.mark.django_db
def test_t66_another_sellers_rows_are_not_found(desk: Any, make_org: Any, make_invoice: Any, actor: Any) -> None:
    from wasl.app.invoicing.issue import issue

    issue(make_org(), make_invoice(), actor=actor)

    assert desk.get("/console/sanad/search", {"q": "accounting"}).content.decode().count('class="hit"') == 0
