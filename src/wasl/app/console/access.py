"""Who may open a page of the console: a signed-in person of the organisation in the address. To everybody else the page
does not exist, whatever it is (T53): same answer for a foreign organisation, a foreign invoice and a mistyped one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from wasl.app.portal.account.signin import METHOD_KEY
from wasl.app.tenancy.actor import Actor
from wasl.app.tenancy.models import Membership, Organisation, Person
from wasl.app.ui import language

View = Callable[..., HttpResponse]
NOWHERE = UUID(int=0)  # no organisation has it


class Desk(HttpRequest):
    """A request at the seller's desk: what `member` adds."""

    user: Person  # type: ignore[assignment]
    org: Organisation
    role: str
    actor: Actor


def member(view: View) -> View:
    """Give the view `request.org`, `request.role` and `request.actor`; 404 for anybody who does not work there."""

    @login_required
    @wraps(view)
    def guarded(request: Any, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if lacks_second_factor(request):
            logout(request)
            return redirect_to_login(request.get_full_path())
        org = Organisation.objects.filter(slug=slug).first()
        membership = Membership.objects.for_org(org or NOWHERE).filter(person=request.user).first()  # asked either way: the time tells nothing
        if org is None or membership is None:
            raise Http404
        language.prefer(request, request.user.language)
        request.org, request.role, request.actor = org, membership.role, Actor.of(request.user)
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded


def lacks_second_factor(request: Any) -> bool:
    """Signed in at the inbox's door, where a code or a passkey is enough, by somebody whose desk asks for a second factor: that
    session does not open the desk."""
    return METHOD_KEY in request.session and is_mfa_enabled(request.user)


def owner(view: View) -> View:
    """As `member`, for what only owners may do."""

    @member
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.role != Membership.OWNER:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def organisations_of(person: Person) -> list[Organisation]:
    """Where a person works, by name. Memberships are tenant rows, so the way goes through one statement of our own."""
    from wasl.app.sql import run

    ids = [row[0] for row in run("SELECT organisation_id FROM tenancy_membership WHERE person_id = %s", (person.pk,))]
    return sorted(Organisation.objects.filter(pk__in=ids), key=lambda org: org.created_at)


def show(request: Any, template: str, place: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the console."""
    from wasl.app.console.counts import counts
    from wasl.app.console.menu import menu

    frame = {"org": request.org, "role": request.role, "organisations": organisations_of(request.user), "place": place}
    frame["counts"] = counts(request.org, place)
    frame["menu"] = menu(request.org, request.role, place, frame["counts"])
    return render(request, template, frame | context, status=status)


def get_or_404(found: Any) -> Any:
    if found is None:
        raise Http404
    return found
