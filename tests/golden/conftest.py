"""`pytest tests/golden --update-golden` rewrites the .xml beside each .json; review the difference before committing."""

from __future__ import annotations

import pytest


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden", default=False))
