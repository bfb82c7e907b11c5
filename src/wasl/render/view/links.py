"""The pay and verify cards, and the tax code. Links are http(s) only: nothing else may be opened from an invoice."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from wasl.errors import WaslError

from ..context import RenderContext
from .desk import Desk

URL_CHARACTERS_MAX = 300  # a QR code that a phone reads at 24 mm
URL_CHARACTERS = 44  # of full size in one line of the narrower card
URL_RUN = 64
SHORT_URL_CHARACTERS = 66  # two lines at most


class LinkRefused(WaslError):
    """A pay or verify address that is not a plain web address."""

    code = "WASL-RENDER-03"
    en = "The link {url} cannot be printed. Give an http or https address of at most 300 characters."
    ar = "لا يمكن طباعة الرابط {url}. أعطِ عنوان http أو https لا يزيد على 300 حرف."


def actions(context: RenderContext, desk: Desk, draw: Callable[[str], str], *, payable: bool) -> list[dict[str, Any]]:
    """Pay (never on a credit note or an offer) and verify, each where its address is known."""
    cards: list[dict[str, Any]] = []
    if context.pay_url and payable:
        code = {"label": desk.label("claim"), "value": desk.code(context.claim_code)} if context.claim_code else None
        cards.append({**_card("pay", context.pay_url, desk, draw), "code": code, "strong": True})
    if context.verify_url:
        cards.append({**_card("verify", context.verify_url, desk, draw), "code": None, "strong": False})
    return cards


def _card(key: str, url: str, desk: Desk, draw: Callable[[str], str]) -> dict[str, Any]:
    checked = check_url(url)
    return {
        "short": len(checked) <= SHORT_URL_CHARACTERS,
        "title": desk.label(key),
        "hint": desk.label(f"{key}_hint"),
        "url": checked,
        "shown": desk.pen.plain(checked.partition("://")[2], run=URL_RUN),
        "scale": desk.fitting(checked.partition("://")[2].replace("/", "/ "), URL_CHARACTERS),
        "qr": draw(checked),
        "alt": desk.label(f"{key}_alt")[0],
    }


def check_url(url: str) -> str:
    """The address as given, if it is a plain web address; raises LinkRefused."""
    parts = urlsplit(url)
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or not plain or len(url) > URL_CHARACTERS_MAX:
        raise LinkRefused(url=url[:80])
    return url


def tax_code(context: RenderContext, colour: str) -> str | None:
    """The tax authority's QR code: TLV bytes are printed as base64, as the Saudi rules ask."""
    from ..qr import qr

    if context.tax_qr is None:
        return None
    return qr(base64.b64encode(context.tax_qr).decode() if isinstance(context.tax_qr, bytes) else context.tax_qr, colour=colour)
