"""The public log, as C2SP tlog-tiles says: a signed checkpoint and the tiles under it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from wasl.app.proofs import log
from wasl.app.proofs.models import Checkpoint, Shard
from wasl.ledger.tiles import TILE_WIDTH, parse_path

FOREVER = "public, max-age=31536000, immutable"


def _shard(number: int | None) -> Shard:
    found = Shard.objects.order_by("-number")
    shard = (found.filter(number=number) if number is not None else found).first()
    if shard is None:
        raise Http404
    return shard


def checkpoint(_request: HttpRequest, shard: int | None = None) -> HttpResponse:
    latest = Checkpoint.objects.filter(shard=_shard(shard)).order_by("-size").first()
    if latest is None:
        raise Http404
    response = HttpResponse(bytes(latest.note), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=1"
    return response


def tile(_request: HttpRequest, tile: str, shard: int | None = None) -> HttpResponse:
    wanted = parse_path(f"tile/{tile}")
    if wanted is None:
        raise Http404
    held = _shard(shard)
    published = Checkpoint.objects.filter(shard=held).order_by("-size").values_list("size", flat=True).first() or 0
    level = max(wanted.level, 0)
    if wanted.index * TILE_WIDTH + wanted.width > published >> (8 * level):
        raise Http404  # beyond what a checkpoint has signed
    data = log.DatabaseTiles(held.pk, log.head(held.pk)).get(wanted)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Cache-Control"] = FOREVER
    return response


def trust(_request: HttpRequest) -> HttpResponse:
    """The file that a verifier adds once, after comparing its fingerprint by another way."""
    from wasl.app.proofs.trust import installation

    response = HttpResponse(installation().encode(), content_type="application/json")
    response["Cache-Control"] = "public, max-age=300"
    return response
