"""The door of the console, and the one-time sign-in link that `wasl demo` and `wasl signin` print."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from wasl.app import clock
from wasl.app.console.access import organisations_of
from wasl.app.tenancy.models import Person
from wasl.app.ui import language
from wasl.app.ui.limits import Limit, too_many, visitor

ENTER_SECONDS = 15 * 60  # long enough to read a terminal, too short to be worth stealing
_SALT = "wasl.console.enter"
TRIES = Limit(count=20, seconds=300)


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """`/`: whoever types the bare address wants the console; payers come with a link."""
    return redirect("console-home")


@require_safe
@login_required
def home(request: Any) -> HttpResponse:
    """To the person's first organisation; a plain word where they have none yet."""
    language.prefer(request, request.user.language)
    organisations = organisations_of(request.user)
    if organisations:
        return redirect("console-invoices", slug=organisations[0].slug)
    return render(request, "console/nowhere.html")


def entry_token(person: Person) -> str:
    """A token that signs `person` in once, within a quarter of an hour. It dies with the next sign-in, password or role change."""
    return signing.dumps([str(person.pk), _epoch(person)], salt=_SALT, compress=False)


def _epoch(person: Person) -> str:
    return f"{person.session_epoch}.{person.last_login.timestamp() if person.last_login else 0}"


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button: a GET of the link (a preview, a scanner) does not use it up."""
    if not TRIES.spend(visitor(request)):
        return too_many(request, TRIES.seconds)
    person = _person(token)
    if person is None:
        return render(request, "console/enter_gone.html", status=410)
    if request.method == "GET":
        return render(request, "console/enter.html", {"email": person.email})
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if _person(token) is None:  # used in another tab a moment ago
            return render(request, "console/enter_gone.html", status=410)
        login(request, person, backend="wasl.app.tenancy.signin.PasswordBackend")
        Person.objects.filter(pk=person.pk).update(last_login=clock.now())
    return HttpResponseRedirect("/console/")


def _person(token: str) -> Person | None:
    try:
        key, epoch = signing.loads(token, salt=_SALT, max_age=ENTER_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=key, is_active=True).first()
    return person if person is not None and _epoch(person) == epoch else None


def entry_url(person: Person) -> str:
    """The whole address that signs `person` in once: what a terminal prints."""
    return f"{settings.CONFIG.origin.rstrip('/')}{reverse('console-enter', args=[entry_token(person)])}"
