"""Translations: complete, in six forms, and never raw on a page."""

from __future__ import annotations

import io

import pytest

from wasl.app.ui import catalogue, i18n


def test_nothing_is_untranslated_fuzzy_or_broken() -> None:
    assert list(catalogue.problems()) == []


def test_template_and_catalogue_are_up_to_date() -> None:
    assert catalogue.TEMPLATE.read_bytes() == catalogue.written(catalogue.extract())


def test_check_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = catalogue.read("ar")
    broken.get("Invoices").string = ""
    broken.get("Customers").flags.add("fuzzy")
    monkeypatch.setattr(catalogue, "read", lambda _lang: broken)
    out = io.StringIO()

    assert catalogue.main(["check"], out) == 1
    assert "untranslated: 'Invoices'" in out.getvalue() and "fuzzy: 'Customers'" in out.getvalue()


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "باقٍ يوم واحد"), (2, "باقٍ يومان"), (3, "باقٍ 3 أيام"), (10, "باقٍ 10 أيام"), (11, "باقٍ 11 يومًا"), (99, "باقٍ 99 يومًا"), (100, "باقٍ 100 يوم"), (103, "باقٍ 103 أيام")],
)
def test_counted_words_agree_in_arabic(count: int, text: str) -> None:
    from django.utils.translation import ngettext, override

    with override("ar"):
        assert ngettext("in %(days)d day", "in %(days)d days", count) % {"days": count} == text


def test_our_words_win_over_those_of_the_libraries() -> None:
    from django.utils.translation import gettext, override

    with override("ar"):
        assert gettext("Incorrect code.") == i18n.load("ar").gettext("Incorrect code.")


def test_usage_is_told() -> None:
    out = io.StringIO()

    assert catalogue.main([], out) == 2
    assert "extract" in out.getvalue()
