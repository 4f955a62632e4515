"""Hashing passwords is not the point of most of these, so it costs next to nothing."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _cheap_passwords(request: pytest.FixtureRequest, settings: Any) -> None:
    if "real_hasher" not in request.fixturenames:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def real_hasher() -> None:
    """Keep the hashers of the settings."""


@pytest.fixture
def unlimited(settings: Any) -> None:
    """Count no attempts: a generator of texts sends hundreds from one address."""
    settings.RATE_LIMITS = False
