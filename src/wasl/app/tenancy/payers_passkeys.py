"""Passkeys: discoverable, with user verification, kept in allauth's own table and checked by fido2.

A challenge lives in the session for one answer: it is taken out before the answer is looked at, so nothing can be replayed. A few may
wait at once, for people open a page twice.
They open the inbox only; for the seller's console allauth's sign-in stays as it is, and no passkey becomes a second factor there.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from allauth.mfa.models import Authenticator
from django.db import transaction
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wasl.app import clock
from wasl.app.errors import Refused
from wasl.app.tenancy.models import Person
from wasl.app.tenancy.payers_text import clean

ADD_KEY, ENTER_KEY = "wasl_passkey_add", "wasl_passkey_enter"
LIFE_SECONDS = 3600  # a sign-in page may stay open a while before somebody touches the sensor
WAITING_MAX = 5
PER_PERSON_MAX = 20
NAME_CHARS_MAX = 60
ANSWER_CHARS_MAX = 20_000


class PasskeyRefused(Refused):
    code = "WASL-PAYER-01"
    en = "This passkey could not be used. Try again, or sign in with a code."
    ar = "تعذّر استعمال مفتاح المرور. أعد المحاولة، أو ادخل برمز."


class TooManyPasskeys(Refused):
    code, status = "WASL-PAYER-02", 409
    en = "You have {limit} passkeys already. Remove one that you no longer use first."
    ar = "لديك {limit} مفتاح مرور بالفعل. أزل أولًا ما لم تعد تستعمله."


@dataclass(frozen=True)
class Passkey:
    """One passkey of a person, as a list shows it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


def works_at(request: Any) -> bool:
    """Browsers tie passkeys to a name: at an address made of numbers there are none."""
    try:
        ipaddress.ip_address(_host(request).strip("[]"))
    except ValueError:
        return True
    return False


def _host(request: Any) -> str:
    return request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()


def _server(request: Any) -> Fido2Server:
    """Answers count from this very origin alone, not from any other name under the same domain."""
    origin = f"{request.scheme}://{request.get_host()}"
    return Fido2Server(PublicKeyCredentialRpEntity(id=_host(request), name="Wasl"), verify_origin=lambda given: given == origin)


def begin_add(request: Any, person: Person) -> dict[str, Any]:
    """What the browser needs to make a passkey for `person`; the challenge stays in the session."""
    known = _credentials(person)
    if len(known) >= PER_PERSON_MAX:
        raise TooManyPasskeys(limit=PER_PERSON_MAX)
    user = PublicKeyCredentialUserEntity(id=person.pk.hex.encode(), name=person.email, display_name=person.name or person.email)
    options, state = _server(request).register_begin(
        user,
        known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(request, ADD_KEY, state)
    return dict(options)


@transaction.atomic
def finish_add(request: Any, person: Person, answer: str, name: str) -> Authenticator:
    """Keep the new passkey under a name of the person's choice. Raises PasskeyRefused."""
    given = _parsed(answer)
    state = _take(request, ADD_KEY, given)
    try:
        data = _server(request).register_complete(state, RegistrationResponse.from_dict(given))
    except Exception as error:  # fido2 raises many kinds for what a stranger may send
        raise PasskeyRefused from error
    credential = data.credential_data
    if credential is None or _owner_of(credential.credential_id) is not None:
        raise PasskeyRefused
    body = {"name": clean(name, NAME_CHARS_MAX), "credential": given, "wasl_public": websafe_encode(credential), "wasl_count": data.counter}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=body)


def begin_enter(request: Any) -> dict[str, Any]:
    """What the browser needs to offer its passkeys for this site: none is named, so nothing tells who has one."""
    options, state = _server(request).authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    _keep(request, ENTER_KEY, state)
    return dict(options)


@transaction.atomic
def finish_enter(request: Any, answer: str) -> Person:
    """Whose passkey answered the challenge of this session. Raises PasskeyRefused, whatever is wrong."""
    given = _parsed(answer)
    state = _take(request, ENTER_KEY, given)
    try:
        handle = websafe_decode(given["response"]["userHandle"]).decode("ascii")
        person = Person.objects.filter(pk=UUID(handle), is_active=True).first()
        rows = list(Authenticator.objects.select_for_update().filter(user=person, type=Authenticator.Type.WEBAUTHN)) if person else []
        known = [_credential(row) for row in rows]
        used = _server(request).authenticate_complete(state, known, given)
        counter = AuthenticationResponse.from_dict(given).response.authenticator_data.counter
        row = next(row for row, credential in zip(rows, known, strict=True) if credential.credential_id == used.credential_id)
    except Exception as error:  # as above
        raise PasskeyRefused from error
    if counter and counter <= row.data.get("wasl_count", 0):  # a copy of the key is in use somewhere
        raise PasskeyRefused
    row.data["wasl_count"], row.last_used_at = counter, clock.now()
    row.save(update_fields=["data", "last_used_at"])
    assert person is not None
    return person


def passkeys_of(person: Person) -> list[Passkey]:
    rows = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).order_by("created_at", "id")
    return [Passkey(row.pk, row.data.get("name", ""), row.created_at, row.last_used_at) for row in rows]


@transaction.atomic
def rename(person: Person, key_id: int, name: str) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=person, type=Authenticator.Type.WEBAUTHN, pk=key_id).first()
    if row is None:
        return False
    row.data["name"] = clean(name, NAME_CHARS_MAX)
    row.save(update_fields=["data"])
    return True


def remove(person: Person, key_id: int) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN, pk=key_id).delete()[0] > 0


def _keep(request: Any, key: str, state: dict[str, Any]) -> None:
    waiting = request.session.get(key) or []
    request.session[key] = [*waiting, {**state, "at": clock.now().timestamp()}][-WAITING_MAX:]


def _take(request: Any, key: str, given: dict[str, Any]) -> dict[str, Any]:
    """The challenge that was answered, once; PasskeyRefused where this session gave none such, or it is too old."""
    try:
        answered = orjson.loads(websafe_decode(given["response"]["clientDataJSON"]))["challenge"]
    except Exception as error:  # whatever a stranger may send
        raise PasskeyRefused from error
    waiting = request.session.get(key) or []
    found = next((state for state in waiting if state["challenge"] == answered), None)
    request.session[key] = [state for state in waiting if state is not found]
    if found is None or clock.now().timestamp() - found["at"] > LIFE_SECONDS:
        raise PasskeyRefused
    return {"challenge": found["challenge"], "user_verification": found["user_verification"]}


def _parsed(answer: str) -> dict[str, Any]:
    try:
        given = orjson.loads(answer[:ANSWER_CHARS_MAX])
    except orjson.JSONDecodeError:
        raise PasskeyRefused from None
    if not isinstance(given, dict):
        raise PasskeyRefused
    return given


def _credential(row: Authenticator) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(row.data["wasl_public"]))


def _credentials(person: Person) -> list[AttestedCredentialData]:
    return [_credential(row) for row in Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)]


def _owner_of(credential_id: bytes) -> Authenticator | None:
    """Who has this very credential already: it belongs to one account only."""
    wanted = websafe_encode(credential_id)
    return Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, data__credential__rawId=wanted).first()
