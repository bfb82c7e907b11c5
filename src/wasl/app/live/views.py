"""What a server without the stream answers: pages then ask again now and then (ui/scripts/live.js)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


@csrf_exempt  # it does nothing, whatever comes
def no_stream(_request: HttpRequest, ticket: str = "") -> HttpResponse:
    """204 is how a server tells an EventSource not to come back."""
    return HttpResponse(status=204)


@require_safe
def no_health(_request: HttpRequest) -> JsonResponse:
    response = JsonResponse({"status": "unready", "checks": {"stream": False}}, status=503)
    response["Retry-After"] = "60"
    return response
