"""Hashing passwords is not the point of most of these, so it costs next to nothing."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD

Tokens = dict[str, str]


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def pair(user: User) -> Tokens:
    """An access token and a refresh token of the user."""
    credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "body"}
    body: Tokens = APIClient().post("/auth/login", credentials).json()
    return body
