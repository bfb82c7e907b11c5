"""The style page at /ui, while developing only: every component with its examples in both languages and both themes.

A component's `examples.html` feeds this page and the tests; it says its sample texts as `t("عربي", "English")`, so that no
translator is asked about them, and ends its ids with `n`, because all four variants stand on one page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils.translation import override
from django.views.decorators.http import require_safe
from markupsafe import Markup

from wasl.app.ui import chart, format, i18n, palette, reader

COMPONENTS = Path(__file__).resolve().parent / "components"
VARIANTS = [(lang, theme) for theme in palette.THEMES for lang in i18n.LANGUAGES]
SCALES = {
    "text": ("text-small", "text-note", "text-body", "text-lead", "text-heading", "text-title", "text-hero"),
    "space": ("space-1", "space-2", "space-3", "space-4", "space-5", "space-6", "space-8", "space-10", "space-16"),
    "radius": ("radius-small", "radius-control", "radius-card", "radius-round"),
}


@dataclass(frozen=True)
class Variant:
    lang: str
    theme: str
    html: Markup

    @property
    def direction(self) -> str:
        return i18n.direction(self.lang)


def names() -> list[str]:
    """Components that have examples."""
    return sorted(path.parent.name for path in COMPONENTS.glob("*/examples.html"))


def shown(name: str, lang: str, theme: str, request: HttpRequest | None = None) -> Variant:
    """The examples of one component in one language and theme."""
    with override(lang), reader.use(reader.made(theme=theme)):
        template = engines["jinja2"].env.get_template(f"components/{name}/examples.html")  # type: ignore[attr-defined]
        html = template.render(**_sample(lang), n=f"-{name}-{lang}-{theme}", request=request)
    return Variant(lang, theme, Markup(html))  # noqa: S704  our own template


def _sample(lang: str) -> dict[str, Any]:
    """What examples are made of."""

    def t(ar: str, en: str) -> str:
        return ar if lang == "ar" else en

    months = [t("يوليو", "Jul"), t("أغسطس", "Aug"), t("سبتمبر", "Sep"), t("أكتوبر", "Oct"), t("نوفمبر", "Nov"), t("ديسمبر", "Dec")]
    paid = chart.Series(t("مدفوعة", "Paid"), tuple(map(Decimal, ("12400", "9800", "15250.50", "7000", "11300", "4200"))))
    still_open = chart.Series(t("بانتظار الدفع", "Awaiting payment"), tuple(map(Decimal, ("0", "0", "1200", "3400.75", "2600", "9300"))))
    title = t("فواتير الأشهر الستة الأخيرة", "Invoices of the last six months")

    def show(value: Decimal) -> str:
        return format.number(value, "SAR")

    def tick(value: Decimal) -> str:
        return format.count(int(value))

    return {
        "t": t, "D": Decimal, "day_of_issue": date(2026, 11, 23), "day_due": date(2026, 12, 23), "now": datetime(2026, 11, 23, 7, 2, tzinfo=UTC),
        "bars": chart.bars(title, months, [paid, still_open], show=show, tick=tick),
        "line": chart.line(title, months, [paid, still_open], show=show, tick=tick),
    }  # fmt: skip


@require_safe
def index(request: HttpRequest, name: str = "") -> HttpResponse:
    """/ui: everything; /ui/<component>: one. Nothing of it exists outside development."""
    if not settings.DEBUG or (name and name not in names()):
        raise Http404
    wanted = [name] if name else names()
    components = [(each, [shown(each, lang, theme, request) for lang, theme in VARIANTS]) for each in wanted]
    context = {"components": components, "all": names(), "one": name, "palettes": [] if name else _palettes(), "scales": SCALES}
    return render(request, "gallery.html", context)


def _palettes() -> list[dict[str, Any]]:
    found = []
    for theme in palette.THEMES:
        colours = palette.tokens(theme)
        pairs = [(text, on, f"{palette.contrast(colours[text], colours[on]):.1f}") for text, grounds in palette.TEXT.items() for on in grounds]
        found.append({"theme": theme, "colours": sorted(colours.items()), "pairs": pairs})
    return found
