"""The "?" beside things, and who knows the titles behind it: the floor of help registers here, since imports only go down."""

from __future__ import annotations

from collections.abc import Callable

from wasl.app.ui.i18n import current

_title_of: list[Callable[[str, str], str]] = []


def name_articles(title_of: Callable[[str, str], str]) -> None:
    """`title_of(slug, lang)` names a help article; it raises for a slug that has none."""
    _title_of[:] = [title_of]


def title(slug: str) -> str:
    """The title of a help article in the reader's language."""
    return _title_of[0](slug, current())
