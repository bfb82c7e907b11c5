"""What this floor keeps of a reader beyond any seller's invoice: given out, and forgotten with the account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wasl.app.notices.models import Digest, Preference, PushSubscription, Suppression


def forget(emails: list[str], _payers: list[UUID]) -> None:
    """Preferences, browsers to be woken, digests, and what is known of the mailbox. Sellers' own notices go with their invoices."""
    for model in (Preference, PushSubscription, Digest, Suppression):
        model.objects.filter(email__in=emails).delete()


def export(emails: list[str], _payers: list[UUID]) -> dict[str, Any]:
    """Preferences and browsers, without the secrets that wake them."""
    return {
        "preferences": list(Preference.objects.filter(email__in=emails).values()),
        "browsers": list(PushSubscription.objects.filter(email__in=emails).values("email", "label", "language", "created_at", "last_ok_at")),
    }
