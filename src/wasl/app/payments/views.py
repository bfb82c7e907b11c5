"""The address that gateways call: /hooks/<driver>/<organisation>. By the crowd at a door beside the pages, alone as a view."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import orjson
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wasl.app.http import is_environment
from wasl.app.live.doors import Knock, Reply, open_door
from wasl.app.logs import log
from wasl.app.payments.webhook import Delivery, receive_all
from wasl.app.tenancy.models import Organisation
from wasl.errors import EnvironmentFault, WaslError

BODY_BYTES_MAX = 100_000  # ours are about 600 bytes
REFUSED: Reply = (400, b'{"error": "refused"}')


@csrf_exempt  # no session and no cookie: the signature is the authority
@require_POST
def hook(request: HttpRequest, driver: str, org_id: UUID) -> HttpResponse:
    """200 once the webhook is on our disk, 400 for what is not genuine. The answer never says which part was wrong (T69-T71)."""
    if int(request.headers.get("Content-Length") or 0) > BODY_BYTES_MAX:
        status, content = 413, REFUSED[1]
    else:
        ((status, content),) = replies([Delivery(org_id, driver, request.headers, request.body)])
    return HttpResponse(content, status=status, content_type="application/json")


def listen() -> None:
    """Called once, when the application starts."""
    open_door("/hooks/", r"/hooks/(?P<driver>[-\w]+)/(?P<org>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", at_the_door, octets_max=BODY_BYTES_MAX)


def at_the_door(knocks: Sequence[Knock]) -> list[Reply]:
    """A crowd's webhooks. Where one makes trouble for all, each is taken alone; a database that went away is asked once more."""
    close_old_connections()
    deliveries = [Delivery(UUID(knock.matched["org"]), knock.matched["driver"], knock.headers, knock.body) for knock in knocks]
    try:
        return replies(deliveries)
    except Exception as error:  # noqa: BLE001 - told of below
        close_old_connections()
        if is_environment(error):
            return _alone(deliveries)
        return [reply for each in deliveries for reply in _alone([each])]


def _alone(deliveries: Sequence[Delivery]) -> list[Reply]:
    try:
        return replies(deliveries)
    except Exception as error:  # noqa: BLE001 - one that cannot be taken must not stop the others; the gateway sends it again
        is_theirs = isinstance(error, EnvironmentFault) or is_environment(error)
        log.error("webhook not taken", fault=type(error).__name__, count=len(deliveries))
        return [(503, b'{"error": "unavailable"}') if is_theirs else (500, b'{"error": "fault"}')] * len(deliveries)


def replies(deliveries: Sequence[Delivery]) -> list[Reply]:
    """Status and body for each. Raises what the database raises: then none of them was kept."""
    known = set(Organisation.objects.filter(pk__in={each.org_id for each in deliveries}).values_list("pk", flat=True))
    results = iter(receive_all([each for each in deliveries if each.org_id in known]))
    return [_reply(next(results)) if each.org_id in known else REFUSED for each in deliveries]


def _reply(result: str | WaslError) -> Reply:
    return REFUSED if isinstance(result, WaslError) else (200, orjson.dumps({"result": result}))
