"""The way that a reader pays by becomes the one that stands first, where they asked for it."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest

from wasl.app.notices.preferences import preferences_of, save
from wasl.app.portal.pay.ways import Way
from wasl.app.portal.viewer import Viewer


def may_prefer(viewer: Viewer) -> bool:
    """Whose address is proven, by the link in its mail or by a sign-in. A shared inbox has owners to decide for it."""
    return bool(viewer.email) and (viewer.inbox is None or not viewer.inbox.is_shared or viewer.inbox.may("owner"))


def remember_way(request: HttpRequest, viewer: Viewer, way: Way) -> None:
    if not request.POST.get("prefer") or not way.family or not may_prefer(viewer):
        return
    before = preferences_of(viewer.email)
    if before.pay_way != way.family:
        save(viewer.email, replace(before, pay_way=way.family))
