"""Sign-in: an e-mail code, or a password once the person has chosen one. Nobody has a preset password (T2)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from wasl.app.tenancy.models import Person, normalise_email


def connect() -> None:
    """A changed password ends the person's other sessions; allauth then signs this one out too (T61)."""
    from allauth.account.signals import password_changed, password_reset, password_set

    for signal in (password_changed, password_reset, password_set):
        signal.connect(_end_sessions, dispatch_uid=f"wasl-end-sessions-{id(signal)}")


def _end_sessions(sender: Any, request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    from wasl.app.tenancy.organisations import end_sessions

    end_sessions(user.pk)


class PasswordBackend(AuthenticationBackend):
    """E-mail and argon2 password; an unknown address costs the same hashing as a known one (T59)."""

    def authenticate(self, request: HttpRequest | None, password: str | None = None, **credentials: Any) -> Person | None:
        address = credentials.get("email") or credentials.get("username")
        if not address or password is None:
            return None
        person = Person.objects.filter(email=normalise_email(address)).first()
        if person is None:
            Person().set_password(password)
            return None
        if person.check_password(password) and person.is_active:
            return person
        return None

    def get_user(self, user_id: Any) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()


def attempted_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Which account somebody tries: what django-axes counts failures by, for all processes together."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or (request.POST.get("login") if request is not None else "") or ""
    return normalise_email(name)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's decisions that are ours."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.CONFIG.signup == "open"


class MfaAdapter(DefaultMFAAdapter):
    """Passkeys open the inbox and are no second factor of the seller's desk: there allauth could not ask for one."""

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        wanted = set(types or Authenticator.Type.values) - {Authenticator.Type.WEBAUTHN}
        return bool(super().is_mfa_enabled(user, types=wanted))
