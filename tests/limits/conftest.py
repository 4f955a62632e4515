"""A clock that stands still, and a cheap hasher that is watched."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from authentication.core import clock

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Stop the clock at noon; ``wait(minutes=15)`` moves it, and returns what it shows."""
    now = NOON

    def move(**span: float) -> datetime:
        nonlocal now
        now += timedelta(**span)
        return now

    monkeypatch.setattr(clock, "now", lambda: now)
    return move
