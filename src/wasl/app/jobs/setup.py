"""Procrastinate on Django's own database connection."""

from __future__ import annotations

import procrastinate


def on_app_ready(app: procrastinate.App) -> None:
    """Called by procrastinate once its app exists; tasks register themselves from each app's `tasks` module."""
