"""Fixtures for every test."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.test import override_settings
from rest_framework.test import APIClient

from authentication.core import clock
from authentication.models import User
from authentication.users import hashing
from tests.live import WAIT_SECONDS, LiveServer, serve

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session", autouse=True)
def without_frontend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the tests in this process pass whether or not `make build` was run; live servers have it."""
    with override_settings(FRONTEND_BUILD=tmp_path_factory.getbasetemp() / "no-build"):
        yield


@pytest.fixture(autouse=True)
def patient_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a thread to hash in however long that takes; a busy machine is not what is tested."""
    monkeypatch.setattr(hashing, "MAX_WAIT_SECONDS", WAIT_SECONDS)


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("jane_doe", "jane@example.com", PASSWORD)


@pytest.fixture
def signed_in(user: User) -> APIClient:
    """A client that sends the user's token."""
    return client_for(user.token)


def client_for(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def advance(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Stop the clock, and move it: ``advance(minutes=15)``."""
    now = clock.now()

    def move(**span: float) -> None:
        nonlocal now
        now += timedelta(**span)

    monkeypatch.setattr(clock, "now", lambda: now)
    return move


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A gunicorn with four workers; tests use accounts of their own.

    It limits nothing: they sign in and register hundreds of times an hour, from one address.
    """
    with serve(tmp_path_factory.mktemp("live"), RATE_LIMITS="off") as server:
        yield server


@pytest.fixture
def cheap_passwords(settings: Any) -> None:
    """Hash passwords with MD5, which costs next to nothing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def real_hasher() -> None:
    """Keep the hashers of the settings."""


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect every password that is hashed, to be stored or to be compared."""
    seen: list[str] = []
    real = hashers.MD5PasswordHasher.encode

    def encode(self: Any, password: str, salt: str) -> str:
        seen.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
    return seen
