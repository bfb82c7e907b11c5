"""Every document keeps every clause; every clause notices its broken fixture."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_broken import BREAKERS, BYTES, broken

from wasl.errors import UnreadableInput
from wasl.render import structure

CLAUSES = [c.id for c in structure.clauses()]
GOOD = ["ar-1", "ar-10", "ar-60", "en-1", "en-60", "credit-note", "jordanian"]
DOCUMENT = Path(__file__).parents[2] / "docs" / "pdf-clauses.md"


@pytest.mark.parametrize("name", GOOD)
def test_a_rendered_document_breaks_no_clause(rendered, name):
    assert structure.check(rendered(name).data) == []


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_notices_its_broken_fixture(rendered, clause):
    found = {violation.clause for violation in structure.check(broken(clause, rendered("ar-1").data))}

    assert clause in found


def test_at_least_25_clauses_each_once_each_with_a_fixture():
    assert len(CLAUSES) == len(set(CLAUSES)) >= 25
    assert set(CLAUSES) == set(BREAKERS) | set(BYTES)


def test_saving_alone_breaks_nothing(rendered):
    """The fixtures differ from the good file by their own change, not by being saved again."""
    from pdf_broken import _open, _save

    assert structure.check(_save(_open(rendered("ar-1").data))) == []


def test_what_is_not_a_pdf_is_unreadable():
    with pytest.raises(UnreadableInput):
        structure.check(b"no PDF at all")


def test_the_clauses_page_is_generated_from_the_code():
    assert structure.table() in DOCUMENT.read_text("utf-8")
