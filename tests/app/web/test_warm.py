"""What a new process does before its first reader comes."""

from __future__ import annotations

import structlog
from structlog.testing import capture_logs

from wasl.app import warm


def test_every_step_of_warming_works(settings, tmp_path):
    """A step that fails is told and hurts nobody; so a test must look."""
    structlog.reset_defaults()
    with capture_logs() as told:
        warm.begin().join(timeout=60)

    assert [entry for entry in told if entry["event"] == "not warm"] == []
