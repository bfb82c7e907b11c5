"""The public log, as C2SP tlog-tiles says: a signed checkpoint and the tiles under it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from wasl.app.proofs.models import Checkpoint


def checkpoint(_request: HttpRequest, shard: int | None = None) -> HttpResponse:
    found = Checkpoint.objects.order_by("-shard__number", "-size")
    if shard is not None:
        found = found.filter(shard__number=shard)
    latest = found.first()
    if latest is None:
        raise Http404
    response = HttpResponse(bytes(latest.note), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=1"
    return response


def tile(_request: HttpRequest, tile: str, shard: int | None = None) -> HttpResponse:
    raise Http404
