"""Browsers that an address allowed to be woken: saved, listed, removed. The caller has proven the address."""

from __future__ import annotations

import base64
import binascii
import hashlib
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from wasl.app.notices.errors import BadSubscription, TooManySubscriptions
from wasl.app.notices.models import PushSubscription
from wasl.app.notices.push.outward import checked_endpoint
from wasl.app.tenancy.models import normalise_email
from wasl.errors import Words

DEVICES_MAX = 10
LABEL_CHARS_MAX = 80
_BAD_KEY = Words("its keys are not those of a browser", "مفاتيحه ليست مفاتيح متصفح")


@transaction.atomic
def save_subscription(email: str, *, endpoint: str, p256dh: str, auth: str, language: str = "", label: str = "") -> PushSubscription:
    """Keep what `pushManager.subscribe` gave. The same browser again is the same row, under the address that asked last.

    Raises BadSubscription, TooManySubscriptions.
    """
    address, url = normalise_email(email), checked_endpoint(endpoint)
    point, secret = _bytes(p256dh, 65), _bytes(auth, 16)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise BadSubscription(reason=_BAD_KEY) from None
    digest = hashlib.sha256(url.encode()).digest()
    others = PushSubscription.objects.select_for_update().filter(email=address).exclude(endpoint_sha256=digest)
    if len(others) >= DEVICES_MAX:
        raise TooManySubscriptions(count=DEVICES_MAX)
    values = {
        "email": address, "endpoint": url, "p256dh": _text(point), "auth": _text(secret), "language": language if language in ("ar", "en") else "",
        "label": "".join(c for c in label if c.isprintable())[:LABEL_CHARS_MAX],
    }  # fmt: skip
    row, _is_new = PushSubscription.objects.update_or_create(endpoint_sha256=digest, defaults=values)
    return row


def subscriptions_of(email: str) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(email=normalise_email(email)).order_by("created_at"))


def remove_subscription(email: str, subscription_id: UUID) -> bool:
    """One of the address's own; somebody else's is not there."""
    return bool(PushSubscription.objects.filter(email=normalise_email(email), pk=subscription_id).delete()[0])


def _bytes(text: str, size: int) -> bytes:
    try:
        data = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadSubscription(reason=_BAD_KEY) from None
    if len(data) != size:
        raise BadSubscription(reason=_BAD_KEY)
    return data


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
