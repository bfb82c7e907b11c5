"""Passing an invoice on: what is shared is the pay link, which shows amount, due date and Pay. A person's own link stays theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from wasl.app.ui import format
from wasl.app.ui.i18n import current


@dataclass(frozen=True)
class Share:
    """Addresses that open the reader's own programs; nothing is sent by us and nothing is fetched from elsewhere."""

    url: str
    title: str
    text: str  # without the address: programs add it
    whatsapp: str
    email: str


def pay_link(viewer: Any) -> str:
    """The link of the code printed in the PDF, as a whole address."""
    return f"{settings.CONFIG.origin.rstrip('/')}{reverse('payer', args=[viewer.printed[0]])}"


def share(viewer: Any) -> Share:
    """Neither amount nor number nor the buyer stand in the text: it passes through other people's servers."""
    url = pay_link(viewer)
    seller = {"seller": format.shown(viewer.org.name_in(current()))}
    if viewer.row.is_credit_note:
        title = _("A credit note from %(seller)s") % seller
        text = _("A credit note from %(seller)s. See it here:") % seller
    else:
        title = _("An invoice from %(seller)s") % seller
        text = _("An invoice from %(seller)s. See the amount and pay here:") % seller
    return Share(
        url=url, title=title, text=text,
        whatsapp=f"https://wa.me/?text={_quoted(text, url)}", email=f"mailto:?subject={_quoted(title)}&body={_quoted(text, url)}",
    )  # fmt: skip


def _quoted(*lines: str) -> str:
    """Lines as a value of a query. Letters stay as they are: a browser encodes them itself, and an Arabic one would take six bytes of the page."""
    return re.sub(r"[^\w.~-]", lambda found: quote(found[0], safe=""), "\n".join(lines))
