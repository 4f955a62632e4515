"""Hashing passwords is not the point of most of these tests, so it costs next to nothing."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _cheap_passwords(request: pytest.FixtureRequest) -> None:
    if "real_hasher" not in request.fixturenames:
        request.getfixturevalue("cheap_passwords")


@pytest.fixture
def unlimited(settings: Any) -> None:
    """Count no attempts: a generator of texts sends hundreds from one address."""
    settings.RATE_LIMITS = False
