"""Beginning a session for somebody who has just proven who they are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login

from wasl.app import clock
from wasl.app.tenancy.models import Person
from wasl.app.tenancy.payers_devices import seen

BACKEND = "wasl.app.tenancy.signin.PasswordBackend"
METHOD_KEY, AT_KEY = "wasl_signed_in_by", "wasl_signed_in_at"


def begin(request: Any, person: Person, method: str) -> None:
    """Sign `person` in under a session key of its own: whatever the visitor came with is worth nothing afterwards.

    Of the old session nothing is taken along but the language, which has a cookie of its own.
    """
    request.session.flush()
    login(request, person, backend=BACKEND)
    Person.objects.filter(pk=person.pk).update(last_login=clock.now())
    request.session[METHOD_KEY] = method
    request.session[AT_KEY] = clock.now().timestamp()
    seen(request)
