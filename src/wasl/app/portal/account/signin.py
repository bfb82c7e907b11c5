"""Beginning a session for somebody who has just proven who they are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login

from wasl.app import clock
from wasl.app.tenancy.models import Person
from wasl.app.tenancy.payers_devices import seen

BACKEND = "wasl.app.tenancy.signin.PasswordBackend"
METHOD_KEY, AT_KEY = "wasl_signed_in_by", "wasl_signed_in_at"
JOIN_KEY, KEPT_KEY = "wasl_join", "wasl_keep"  # what somebody came for: an invitation, an invoice to keep
CARRIED = (JOIN_KEY, KEPT_KEY)


def begin(request: Any, person: Person, method: str, at: float | None = None) -> None:
    """Sign `person` in under a session key of its own: whatever the visitor came with is worth nothing afterwards.

    Of the old session only what the visitor came for is taken along. `at` is when they showed who they are, now if not said.
    """
    carried = {key: request.session[key] for key in CARRIED if key in request.session}
    request.session.flush()
    login(request, person, backend=BACKEND)
    Person.objects.filter(pk=person.pk).update(last_login=clock.now())
    request.session.update(carried)
    request.session[METHOD_KEY] = method
    request.session[AT_KEY] = clock.now().timestamp() if at is None else at
    seen(request)
