"""Two names of one item: the reader's language comes first (docs/decisions/0002)."""

from __future__ import annotations

import pytest
from django.utils import translation

from wasl.app.portal.page import names
from wasl.invoice.model import Item

ARABIC, ENGLISH, LONG = "تصميم واجهات المستخدم", "User-interface design", "As agreed in the contract of the year. " * 4


@pytest.mark.parametrize(("first", "second"), [(ARABIC, ENGLISH), (ENGLISH, ARABIC)])
@pytest.mark.parametrize(("lang", "wanted"), [("ar", (ARABIC, ENGLISH)), ("en", (ENGLISH, ARABIC))])
def test_the_readers_language_comes_first(first: str, second: str, lang: str, wanted: tuple[str, str]) -> None:
    with translation.override(lang):
        assert names(Item(name=first, description=second)) == wanted


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        (None, ("", None)), (Item(name=ARABIC), (ARABIC, None)), (Item(name=ARABIC, description=LONG), (ARABIC, LONG)),
        (Item(name="A4", description="Paper"), ("A4", "Paper")),
    ],
)  # fmt: skip
def test_what_is_no_pair_of_names_stays_as_it_is(item: Item | None, shown: tuple[str, str | None]) -> None:
    with translation.override("en"):
        assert names(item) == shown
