"""What a server without the stream answers: pages then ask again now and then (ui/scripts/live.js)."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt  # it does nothing, whatever comes
def no_stream(_request: HttpRequest, ticket: str = "") -> JsonResponse:
    response = JsonResponse({"status": "unready", "checks": {"stream": False}}, status=503)
    response["Retry-After"] = "60"
    return response
