"""What all drivers do with a webhook: find its header, compare its mark in constant time, read its body strictly."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from wasl.app.payments.drivers import wire
from wasl.app.payments.drivers.port import GatewayDown, Notice, WebhookRefused
from wasl.errors import Words

EVENT_ID_CHARS_MAX = 100
UNSIGNED = Words("it is not signed", "ليس موقّعًا")
WRONG = Words("its signature does not fit", "توقيعه لا يطابق محتواه")
OLD = Words("it is too old", "وقته أبعد مما يُقبل")
NO_EVENT = Words("its body is not an event", "محتواه ليس حدثًا")


def header(headers: Mapping[str, str], name: str) -> str:
    """The header, whatever its case; "" where there is none."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), "")


def mac(secret: str, message: bytes) -> bytes:
    """HMAC-SHA-256 in lower-case hex."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode()


def require_one(given: Iterable[bytes], wanted: Iterable[bytes]) -> None:
    """One of `given` must be one of `wanted`; every pair is compared, so time tells nothing (T60). WebhookRefused else."""
    marks = list(wanted)
    if not sum(hmac.compare_digest(mark, one) for mark in marks for one in given):
        raise WebhookRefused(reason=WRONG)


def event(body: bytes) -> dict[str, Any]:
    """The event in `body`; WebhookRefused for what is none."""
    try:
        return wire.parsed(body)
    except GatewayDown:
        raise WebhookRefused(reason=NO_EVENT) from None


def notice(event_id: Any, gateway_id: Any, reference: Any) -> Notice:
    """A notice of checked parts. An id is one that may stand in an address; a reference that is none of ours is left out."""
    try:
        name = wire.text(event_id, most=EVENT_ID_CHARS_MAX)
        return Notice(name, wire.identifier(gateway_id) if gateway_id else "", wire.identifier(reference)[:64] if reference else "")
    except ValueError:
        raise WebhookRefused(reason=NO_EVENT) from None
