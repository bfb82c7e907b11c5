"""What a search page shows, for payers and sellers alike: how the question was understood, what fits, and ways on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from wasl.app.archive import sayings
from wasl.app.archive.highlight import Piece
from wasl.app.archive.parse import Query, Term, parse
from wasl.app.archive.search import PAGES_MAX, Filters, Hit, Results, find, without
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import macros
from wasl.app.ui.i18n import current

STATES = ("overdue", "due_soon", "open", "paid", "credited", "notes")
SELLERS_SHOWN = 8


@dataclass(frozen=True)
class Chip:
    label: str
    href: str
    on: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Understood:
    """A word that was taken for a time or a state: what for, and the address that takes it as a mere word."""

    text: str
    meaning: Markup | str
    as_word: str


@dataclass(frozen=True)
class Answer:
    """One page of answers. `asked` is False where nothing was asked yet."""

    results: Results
    filters: Filters
    base: str
    params: dict[str, str]
    today: date

    @property
    def text(self) -> str:
        return self.results.query.text

    @property
    def asked(self) -> bool:
        return bool(self.results.query.terms or self.is_narrow)

    @property
    def is_narrow(self) -> bool:
        return any(key in self.params for key in ("state", "when", "seller"))

    def address(self, **changes: str | None) -> str:
        kept = {key: value for key, value in (self.params | changes).items() if value}
        return f"{self.base}?{urlencode(kept)}" if kept else self.base

    @property
    def states(self) -> list[Chip]:
        labels = {"overdue": _("Overdue"), "due_soon": _("Due soon"), "open": _("To be paid"), "paid": _("Paid"), "credited": _("Cancelled"),
                  "notes": _("Credit notes")}  # fmt: skip
        chosen = self.params.get("state")
        return [Chip(_("All"), self.address(state=None), not chosen), *(Chip(labels[key], self.address(state=key), key == chosen) for key in STATES)]

    @property
    def times(self) -> list[Chip]:
        labels = {"30": _("Last 30 days"), "90": _("Last 90 days"), "year": _("This year"), "before": _("Last year")}
        chosen = self.params.get("when")
        chips = [Chip(label, self.address(when=key), key == chosen) for key, label in labels.items()]
        return [Chip(_("Any time"), self.address(when=None), not chosen), *chips]

    @property
    def sellers(self) -> list[Chip]:
        """Those among the rows, to narrow to one; the one that is chosen, to let go of it."""
        counted = dict(self.results.sellers[:SELLERS_SHOWN])
        if (chosen := self.filters.seller) is not None:
            counted = {chosen: 0}
        elif len(self.results.sellers) < 2:
            return []
        names = {org.pk: org.name_in(current()) for org in Organisation.objects.filter(pk__in=counted)}
        return [
            Chip(names.get(org_id, ""), self.address(seller=None if org_id == chosen else str(org_id)), org_id == chosen, count or None)
            for org_id, count in counted.items() if org_id in names
        ]  # fmt: skip

    @property
    def understood(self) -> list[Understood]:
        said = [(term, self._meaning(term)) for term in self.results.query.terms]
        return [Understood(term.text, meaning, self.address(q=self._as_word(term))) for term, meaning in said if meaning]

    def _meaning(self, term: Term) -> Markup | str:
        if term.state:
            return next(chip.label for chip in self.states if f"state={term.state}" in chip.href) if term.state in STATES else _("Partly paid")
        if not term.spans:
            return ""
        span = term.spans[0]
        days = macros.day(span.first) if span.first == span.last else Markup("{} – {}").format(macros.day(span.first), macros.day(span.last))
        if span.of_issue and span.of_due:
            return Markup(_("issued or due %(days)s")) % {"days": days}  # noqa: S704
        return Markup(_("issued %(days)s") if span.of_issue else _("due %(days)s")) % {"days": days}  # noqa: S704

    def _as_word(self, term: Term) -> str:
        return f'{without(self.results.query, term)} "{term.text}"'.strip()

    @property
    def advice(self) -> list[tuple[str, str, str, int]]:
        """(kind, text, the address of it, how many at least)."""
        wide = self.address(state=None, when=None, seller=None)
        return [
            (advice.kind, advice.text, wide if advice.kind == "unfiltered" else self.address(q=advice.text), advice.count)
            for advice in self.results.advice
        ]  # fmt: skip

    @property
    def older(self) -> str:
        return self.address(page=str(self.results.page + 1)) if self.results.has_next else ""

    @property
    def newer(self) -> str:
        return self.address(page=str(self.results.page - 1) if self.results.page > 2 else None) if self.results.page > 1 else ""

    @property
    def is_last_shown(self) -> bool:
        return self.results.page >= PAGES_MAX and not self.results.has_next


def answer(request: Any, whose: Any, *, today: date, base: str, with_sellers: bool) -> Answer:
    """Read the address, ask, and keep what belongs into the next address. What is no value there is left out."""
    given = request.GET
    text = given.get("q", "").replace("\x00", "").strip()[:200]
    params = {"q": text}
    if given.get("state") in STATES:
        params["state"] = given["state"]
    if given.get("when") in _TIMES:
        params["when"] = given["when"]
    seller = _uuid(given.get("seller", "")) if with_sellers else None
    if seller is not None:
        params["seller"] = str(seller)
    filters = Filters(params.get("state", ""), (_TIMES[params["when"]](today),) if "when" in params else (), seller)
    page = given.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    query: Query = parse(text, today=today)
    return Answer(find(whose, query, today=today, filters=filters, page=number), filters, base, {k: v for k, v in params.items() if v}, today)


_TIMES = {
    "30": lambda today: sayings.Span(today - timedelta(days=30), today),
    "90": lambda today: sayings.Span(today - timedelta(days=90), today),
    "year": lambda today: sayings.Span(date(today.year, 1, 1), today),
    "before": lambda today: sayings.Span(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def marked(pieces: tuple[Piece, ...]) -> Markup:
    """Pieces as text with <mark>; everything is escaped."""
    return Markup("").join(Markup("<mark>{}</mark>").format(piece.text) if piece.marked else escape(piece.text) for piece in pieces)


def where(hit: Hit) -> list[tuple[str, Markup]]:
    """(what kind of place, the text there with its marks) of each place that is shown."""
    labels = {"line": _("Line %(at)s"), "note": _("Note"), "reference": _("Reference"), "said": _("Conversation"),
              "aside": _("Internal note"), "first": ""}  # fmt: skip
    return [(labels[place.where] % {"at": place.at} if place.where == "line" else labels[place.where], marked(place.pieces)) for place in hit.places]
