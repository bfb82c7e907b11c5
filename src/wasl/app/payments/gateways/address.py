"""Where a gateway tells us what happened: the address that a seller puts into its dashboard."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def hook_address(org: Any, driver: str) -> str:
    """The organisation's webhook address for one gateway; it is no secret, the signature is what counts."""
    return f"{settings.CONFIG.origin.rstrip('/')}/hooks/{driver}/{org.pk}"
