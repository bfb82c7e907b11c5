"""The queued jobs of the payer's pages; procrastinate looks for them here."""

from __future__ import annotations

from wasl.app.portal.account import tasks as account

__all__ = ["account"]
