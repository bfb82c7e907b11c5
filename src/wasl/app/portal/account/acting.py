"""How every form of the account acts: a POST by somebody with a seat, a service, one sentence, and back to its section.

What another person's id names is answered as what never was (T53). Acts that a thief of a session would want first ask for a
fresh proof of who it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wasl.app import clock
from wasl.app.errors import NotFound
from wasl.app.portal.account.signin import AT_KEY
from wasl.app.portal.door import by_inbox
from wasl.app.tenancy.models_payers import PayerSeat
from wasl.app.ui.i18n import current
from wasl.app.ui.limits import Limit, too_many
from wasl.errors import WaslError

FRESH_SECONDS = 30 * 60
ACTS = Limit(count=60, seconds=600)
Act = Callable[..., "str | HttpResponseBase"]


def act(section: str, *, role: str = PayerSeat.VIEW, fresh: bool = False) -> Callable[[Act], Callable[..., HttpResponse]]:
    """Decorate `view(request, inbox, ...)`, which answers with the sentence to show, or with a response of its own."""

    def decorate(view: Act) -> Callable[..., HttpResponse]:
        @require_POST
        @by_inbox(role)
        @wraps(view)
        def guarded(request: Any, inbox: Any, **kwargs: Any) -> HttpResponse:
            if not ACTS.spend(str(inbox.person.pk)):
                return too_many(request, ACTS.seconds)
            if fresh and not is_fresh(request):
                messages.info(request, _("First confirm that it is you; then do it once more."))
                return redirect(f"{reverse('inbox-again')}?{urlencode({'next': place(section)})}")
            try:
                said = view(request, inbox, **kwargs)
            except NotFound:
                raise Http404 from None
            except WaslError as refused:
                messages.error(request, refused.message(current()))
                return redirect(place(section))
            if isinstance(said, HttpResponseBase):
                return said  # type: ignore[return-value]
            if said:
                messages.success(request, said)
            return redirect(place(section))

        return guarded

    return decorate


def place(section: str) -> str:
    """The account page, at one of its sections."""
    return f"{reverse('inbox-account')}#{section}"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person showed who they are within the last half hour."""
    return clock.now().timestamp() - request.session.get(AT_KEY, 0) <= FRESH_SECONDS
