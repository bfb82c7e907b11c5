"""Pushes on their way: claimed, asked once more, encrypted for the one browser, handed to its push service.

A push that may have arrived is sent again under the same topic, which the service replaces, and with the same tag, which the browser
replaces: a person sees one. What is in it could lie on a locked screen: who, what is due when, and where to look; no amount.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import http_ece
import httpcore
import orjson
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wasl.app import clock
from wasl.app.invoicing.links import make_link
from wasl.app.invoicing.models import Invoice, Link
from wasl.app.notices import kinds
from wasl.app.notices.models import Notice, Push, PushSubscription
from wasl.app.notices.push import outward, vapid
from wasl.app.sql import run
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import format

log = structlog.get_logger(__name__)
LEASE_SECONDS = 60
LIFE_SECONDS = 24 * 3600  # the push service forgets it then: yesterday's reminder must not wake anybody
TRIES_MAX = 6
BACK_OFF_MINUTES = (1, 5, 15, 60, 180)

_CLAIM = """
WITH due AS (
    SELECT organisation_id, id FROM notices_push WHERE state IN ('queued', 'deferred', 'unknown') AND next_attempt_at <= %(now)s
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE notices_push p SET in_flight = true, next_attempt_at = %(lease)s FROM due
WHERE p.organisation_id = due.organisation_id AND p.id = due.id RETURNING p.organisation_id, p.id
"""
_WANTED = """
SELECT 1 FROM notices_watch w JOIN payments_balance b ON b.organisation_id = w.organisation_id AND b.id = w.invoice_id AND b.is_open
WHERE w.organisation_id = %s AND w.invoice_id = %s AND w.email = %s AND w.closed = ''
"""


def push_due(limit: int = 50) -> int:
    """Try what is due; how many were handed over. One that cannot be made does not stop the next (T91)."""
    handed = 0
    for _turn in range(limit):
        now = clock.now()
        claimed = run(_CLAIM, {"now": now, "lease": now + timedelta(seconds=LEASE_SECONDS)})
        if not claimed:
            break
        try:
            handed += _try(*claimed[0])
        except Exception as error:
            log.exception("push not sent", push=str(claimed[0][1]))
            _finish(*claimed[0], Push.DEFERRED, type(error).__name__)
    return handed


def _try(org_id: UUID, push_id: UUID) -> bool:
    push = Push.objects.for_org(org_id).get(pk=push_id)
    notice = Notice.objects.for_org(org_id).get(pk=push.notice_id)
    subscription = PushSubscription.objects.filter(pk=push.subscription_id, email=notice.email).first()
    if subscription is None:
        return _finish(org_id, push_id, Push.GONE, "removed")
    if notice.kind in kinds.REMINDERS and not run(_WANTED, (org_id, notice.invoice_id, notice.email)):
        return _finish(org_id, push_id, Push.DROPPED, "settled")
    body = encrypted(payload(notice, subscription.language or notice.language), subscription)
    headers = {
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "TTL": str(LIFE_SECONDS), "Urgency": "normal",
        "Topic": vapid.b64(hashlib.sha256(push.notice_id.bytes).digest()[:24]), "Authorization": vapid.authorization(subscription.endpoint),
    }  # fmt: skip
    try:
        answer = outward.post(outward.checked_endpoint(subscription.endpoint), headers, body)
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        return _finish(org_id, push_id, Push.DEFERRED, f"{type(error).__name__}: {error}")
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        return _finish(org_id, push_id, Push.UNKNOWN, f"{type(error).__name__}: {error}")
    return _answered(org_id, push_id, subscription, answer)


def _answered(org_id: UUID, push_id: UUID, subscription: PushSubscription, answer: outward.Answer) -> bool:
    words = f"{answer.status} {answer.words}"
    if answer.status in (200, 201, 202):
        PushSubscription.objects.filter(pk=subscription.pk).update(last_ok_at=clock.now())
        return _finish(org_id, push_id, Push.HANDED_OVER, words)
    if answer.status in (404, 410):  # the browser has taken its leave: RFC 8030, 7.3
        subscription.delete()
        return _finish(org_id, push_id, Push.GONE, words)
    if answer.status == 429 or answer.status >= 500:
        return _finish(org_id, push_id, Push.DEFERRED, words)
    return _finish(org_id, push_id, Push.DROPPED, words)


@transaction.atomic
def _finish(org_id: UUID, push_id: UUID, state: str, reply: str) -> bool:
    push = Push.objects.for_org(org_id).select_for_update().get(pk=push_id)
    push.attempts += 1
    if push.state == Push.UNKNOWN and state == Push.DEFERRED:
        state = Push.UNKNOWN
    if state in (Push.DEFERRED, Push.UNKNOWN) and push.attempts >= TRIES_MAX:
        state = Push.UNKNOWN if state == Push.UNKNOWN else Push.DROPPED
        push.next_attempt_at = clock.now() + timedelta(days=36500)
    else:
        push.next_attempt_at = clock.now() + timedelta(minutes=BACK_OFF_MINUTES[min(push.attempts, len(BACK_OFF_MINUTES)) - 1])
    push.state, push.state_at, push.in_flight, push.reply = state, clock.now(), False, "".join(c if c.isprintable() else " " for c in reply)[:200]
    push.save()
    return state == Push.HANDED_OVER


def payload(notice: Notice, language: str) -> bytes:
    """What the browser's service worker shows: {title, body, url, tag, lang, dir}."""
    org = Organisation.objects.get(pk=notice.organisation_id)
    row = Invoice.objects.for_org(org).get(pk=notice.invoice_id)
    url = f"{settings.CONFIG.origin.rstrip('/')}/i/{make_link(row, Link.MAIL, notice.email)}{notice.data.get('path', '')}"
    with override(language):
        shown = {"title": org.name_in(language), "body": body_of(notice, org.country)}
    return orjson.dumps(shown | {"url": url, "tag": str(notice.pk), "lang": language, "dir": "rtl" if language == "ar" else "ltr"})


def body_of(notice: Notice, country: str) -> str:
    """One sentence without number, amount or name: it may stand on a locked screen."""
    due = date.fromisoformat(notice.data["due"]) if notice.data.get("due") else None
    shown = format.day_and_weekday(due, country) if due else ""
    sentences: dict[str, Any] = {
        kinds.DUE_SOON: _("An invoice is due on %(date)s."), kinds.DUE: _("An invoice is due on %(date)s."),
        kinds.OVERDUE: _("An invoice was due on %(date)s."), kinds.PAID: _("Your payment arrived."),
        kinds.CREDITED: _("A credit note was issued to you."),
        kinds.DISPUTED: _("There is news on your dispute."), kinds.QUESTION: _("Your question has been answered."),
        kinds.LEGAL: _("There is a notice on your invoice."), kinds.NEW: _("A new invoice is here."),
    }  # fmt: skip
    return sentences[notice.kind] % {"date": shown}


def encrypted(data: bytes, subscription: PushSubscription) -> bytes:
    """For this one browser (RFC 8291); the sender's key is made anew each time."""
    point, secret = (base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) for text in (subscription.p256dh, subscription.auth))
    return http_ece.encrypt(data, private_key=ec.generate_private_key(ec.SECP256R1()), dh=point, auth_secret=secret, version="aes128gcm")
