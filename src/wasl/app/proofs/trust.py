"""What a verifier pins of this installation: the keys of all its logs, its root certificate, its revocation list."""

from __future__ import annotations

from django.conf import settings

from wasl.app import clock
from wasl.app.proofs.models import Shard
from wasl.app.tenancy import keys
from wasl.ledger.checkpoint import VerifierKey
from wasl.ledger.trust import Installation


def installation() -> Installation:
    """The trust file's content, for `wasl trust add` on the verifier's side."""
    logs = tuple(VerifierKey(shard.origin, bytes(shard.public_key)) for shard in Shard.objects.order_by("number"))
    authority = keys.authority()
    return Installation(name=settings.CONFIG.host, logs=logs, roots=(authority.root,), crls=(authority.crl(now=clock.now()),))
