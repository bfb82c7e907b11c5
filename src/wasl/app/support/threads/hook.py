"""The second way in for mail: POST /hooks/mail with the raw message, from a mail service that receives for us.

`Wasl-Signature: t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over "<t>.<body>" with WASL_MAIL_HOOK_SECRET, which may be two secrets
with a comma between while one is replaced. The answer never says which part was wrong (T69-T71).
"""

from __future__ import annotations

import hashlib
import hmac

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wasl.app import clock
from wasl.app.delivery.bounds import BYTES_MAX
from wasl.app.delivery.inbound import take
from wasl.app.ui.limits import Limit, too_many, visitor
from wasl.errors import EnvironmentFault

log = structlog.get_logger(__name__)
TOLERANCE_SECONDS = 300
SIGNATURES_MAX = 4
_refused = Limit(60, 60)  # wrong signatures of one address a minute: each costs a hash over its body


@csrf_exempt  # no session and no cookie: the signature is the authority
@require_POST
def hook(request: HttpRequest) -> HttpResponse:
    """200 once the mail is ours or known to be nobody's, 400 unsigned, 413 too large, 503 to have it offered again."""
    secrets = [each for each in settings.CONFIG.mail_hook_secret.split(",") if each]
    if not secrets:
        raise Http404
    body = _body(request)
    if body is None:
        return JsonResponse({"error": "refused"}, status=413)
    if not is_signed(body, request.headers.get("Wasl-Signature", ""), secrets, at=clock.now().timestamp()):
        return JsonResponse({"error": "refused"}, status=400) if _refused.spend(visitor(request)) else too_many(request)
    try:
        return JsonResponse({"result": take(body)})
    except (EnvironmentFault, DatabaseError):
        return JsonResponse({"error": "later"}, status=503, headers={"Retry-After": "60"})
    except Exception:  # a mail that cannot be read must not be offered for ever (T91)
        log.exception("mail handed in not read")
        return JsonResponse({"result": "unreadable"})


def _body(request: HttpRequest) -> bytes | None:
    """The whole body, read no further than a mail may be; None where it is larger, whatever length was claimed."""
    try:
        claimed = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return None
    if claimed > BYTES_MAX:
        return None
    body = request.read(BYTES_MAX + 1)
    return body if len(body) <= BYTES_MAX else None


def is_signed(body: bytes, header: str, secrets: list[str], *, at: float) -> bool:
    """Whether one of the signatures fits the raw bytes under a live secret, no further than TOLERANCE_SECONDS from now."""
    fields = [part.strip().partition("=")[::2] for part in header[:1_000].split(",")]
    stamps = [value for name, value in fields if name == "t"]
    given = [value for name, value in fields if name == "v1"]
    if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit() and len(stamps[0]) <= 12) or not 0 < len(given) <= SIGNATURES_MAX:
        return False
    said = stamps[0].encode() + b"." + body
    wanted = [hmac.new(secret.encode(), said, hashlib.sha256).hexdigest().encode() for secret in secrets]
    fits = sum(hmac.compare_digest(w, g.encode()) for w in wanted for g in given)  # a sum: every pair is compared
    return bool(fits) and abs(at - int(stamps[0])) <= TOLERANCE_SECONDS
