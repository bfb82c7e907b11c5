"""What help puts onto the invoice page: the tour on a first visit, and the small card about paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from wasl.app.insight.sustainability.paper import glance
from wasl.app.portal.help.footprint_words import headline
from wasl.app.portal.viewer import Viewer
from wasl.app.support.help.marks import marks_of


def beside(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """Context for `portal/invoice.html`: `show_tour`, `footprint_href` and `footprint`. Only for whom the document was sent to."""
    if not viewer.is_private:
        return {}
    return {
        "show_tour": not marks_of(request).tour, "footprint_href": viewer.url("payer-footprint"), "footprint": headline(glance(viewer.row).spared),
    }  # fmt: skip
