"""Whether an article helped: one more on a counter of the day. Nobody's name, address or cookie is kept with it."""

from __future__ import annotations

from django.db.models import F, Sum

from wasl.app import clock
from wasl.app.support.help.articles import article
from wasl.app.support.help.models import Vote


def vote(slug: str, lang: str, *, helped: bool) -> None:
    """Count one answer; NotFound for a slug that is no article."""
    found = article(slug, lang)
    row, _made = Vote.objects.get_or_create(slug=found.slug, language=lang, day=clock.now().date())
    column = "helped" if helped else "missed"
    Vote.objects.filter(pk=row.pk).update(**{column: F(column) + 1})


def totals() -> dict[tuple[str, str], tuple[int, int]]:
    """(slug, language) -> how often it helped and how often not."""
    rows = Vote.objects.values("slug", "language").annotate(yes=Sum("helped"), no=Sum("missed"))
    return {(row["slug"], row["language"]): (row["yes"], row["no"]) for row in rows}
