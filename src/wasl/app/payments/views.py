"""The address that gateways call: /hooks/<driver>/<organisation>."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wasl.app.payments.drivers.port import WebhookRefused
from wasl.app.payments.drivers.registry import NoSuchDriver
from wasl.app.payments.webhook import receive
from wasl.app.tenancy.models import Organisation

BODY_BYTES_MAX = 100_000  # ours are about 600 bytes


@csrf_exempt  # no session and no cookie: the signature is the authority
@require_POST
def hook(request: HttpRequest, driver: str, org_id: UUID) -> HttpResponse:
    """200 once the webhook is on our disk, 400 for what is not genuine. The answer never says which part was wrong (T69-T71)."""
    if int(request.headers.get("Content-Length") or 0) > BODY_BYTES_MAX:
        return JsonResponse({"error": "refused"}, status=413)
    if not Organisation.objects.filter(pk=org_id).exists():
        return JsonResponse({"error": "refused"}, status=400)
    try:
        result = receive(org_id, driver, request.headers, request.body)
    except (WebhookRefused, NoSuchDriver):
        return JsonResponse({"error": "refused"}, status=400)
    return JsonResponse({"result": result})
