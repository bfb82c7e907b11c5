"""Where a person is signed in: one row a session, by allauth.usersessions. Which device and when, never from where."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models.signals import pre_save

from wasl.app import clock

NOWHERE = "::"  # the model wants an address; ours keeps none


def connect() -> None:
    pre_save.connect(_without_place, sender=UserSession, dispatch_uid="wasl-session-without-place")


def _without_place(sender: Any, instance: UserSession, **_signal: Any) -> None:
    instance.ip = NOWHERE


def seen(request: Any) -> None:
    """Write down that this session is in use, and on what."""
    if not request.session.session_key:
        request.session.save()
    agent = request.META.get("HTTP_USER_AGENT", "")[: UserSession._meta.get_field("user_agent").max_length]
    values = {"user": request.user, "ip": NOWHERE, "user_agent": agent, "last_seen_at": clock.now()}
    UserSession.objects.update_or_create(session_key=request.session.session_key, defaults=values)
