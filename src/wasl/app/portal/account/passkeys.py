"""Passkeys in the browser: entering with one, adding, naming and removing them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wasl.app.errors import NotFound
from wasl.app.portal.access import private
from wasl.app.portal.account.acting import act
from wasl.app.portal.account.enter import arrive, enter_page
from wasl.app.portal.account.tasks import tell
from wasl.app.portal.door import safe_next
from wasl.app.tenancy import payers_passkeys as service
from wasl.app.tenancy.payers import Inbox
from wasl.app.tenancy.payers_acts import note
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many, visitor

TRIES = Limit(count=60, seconds=600)


@require_POST
def begin_enter(request: HttpRequest) -> HttpResponse:
    """The challenge for this browser; the same for everybody, whether they have a passkey or not."""
    if not TRIES.spend(visitor(request)):
        return private(too_many(request, TRIES.seconds))
    return private(JsonResponse(service.begin_enter(request)))


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """The browser's answer, sent as a form: signed in, or the sign-in page with one sentence."""
    if not TRIES.spend(visitor(request)):
        return private(too_many(request, TRIES.seconds))
    way = safe_next(request, request.POST.get("next", ""))
    try:
        person = service.finish_enter(request, request.POST.get("answer", ""))
    except service.PasskeyRefused as refused:
        return enter_page(request, refused.message(current()), way, "", status=422)
    return arrive(request, person, "passkey", way)


@act("signing-in", fresh=True)
def begin_add(request: Any, inbox: Inbox) -> HttpResponse:
    return JsonResponse(service.begin_add(request, inbox.person))


@act("signing-in", fresh=True)
def add(request: Any, inbox: Inbox) -> str:
    from wasl.app.portal.account.devices import words_of

    name = request.POST.get("name", "") or words_of(request.META.get("HTTP_USER_AGENT", ""))
    service.finish_add(request, inbox.person, request.POST.get("answer", ""), name)
    note(inbox.payer.pk, inbox.person.pk, "passkey.add")
    tell(inbox.person, "passkey-added")
    return _("The passkey is ready: next time, your fingerprint, face or device PIN is enough.")


@act("signing-in")
def rename(request: Any, inbox: Inbox, key_id: int) -> str:
    if not service.rename(inbox.person, key_id, request.POST.get("name", "")):
        raise NotFound(what="passkey")
    return _("The passkey has its new name.")


@act("signing-in", fresh=True)
def remove(request: Any, inbox: Inbox, key_id: int) -> str:
    if not service.remove(inbox.person, key_id):
        raise NotFound(what="passkey")
    note(inbox.payer.pk, inbox.person.pk, "passkey.remove")
    tell(inbox.person, "passkey-removed")
    return _("The passkey no longer opens your inbox. Delete it from the device as well.")
