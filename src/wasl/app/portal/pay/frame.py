"""What the pages around a payment show of the seller: the same in the payer's frame and in the inbox's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wasl.app.portal.viewer import Viewer
from wasl.app.ui import format
from wasl.app.ui.i18n import current


@dataclass(frozen=True)
class Head:
    """For `portal/layout.html` and the pages in it."""

    viewer: Viewer

    @property
    def seller_name(self) -> str:
        return format.shown(self.viewer.org.name_in(current()))

    @property
    def seller_lang(self) -> str:
        return "ar" if self.viewer.org.name_in(current()) == self.viewer.org.name_ar else "en"

    @property
    def is_private(self) -> bool:
        return self.viewer.is_private

    @property
    def is_in_inbox(self) -> bool:
        return self.viewer.inbox is not None

    @property
    def preferences_url(self) -> str:
        from wasl.app.portal.build import optional

        return optional(self.viewer, "payer-preferences") if self.is_private else ""

    @property
    def back_url(self) -> str:
        return self.viewer.base_url

    @property
    def row(self) -> Any:
        return self.viewer.row

    @property
    def number(self) -> str:
        return self.viewer.row.number

    @property
    def currency(self) -> str:
        return self.viewer.row.currency
