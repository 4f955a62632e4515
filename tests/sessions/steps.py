"""What clients do, and how time passes, in tests of sessions."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from rest_framework.test import APIClient

from authentication.models import Session
from tests.conftest import PASSWORD, client_for

COOKIE = "__Host-oddjobbox_refresh"
DEVICE_COOKIE = "__Host-oddjobbox_device"


def sign_in(api: APIClient, **extra: Any) -> dict[str, Any]:
    """Sign in as the fixture's user and return the answer's body."""
    answer = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD, **extra})
    assert answer.status_code == 200, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def refresh(token: str) -> dict[str, Any]:
    """Use a refresh token that must be accepted."""
    answer = APIClient().post("/auth/refresh", {"refresh": token})
    assert answer.status_code == 200, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def refresh_code(token: str) -> str:
    """Use a refresh token that must be refused, and return the refusal's code."""
    answer = APIClient().post("/auth/refresh", {"refresh": token})
    assert answer.status_code == 401
    return str(answer.json()["code"])


def me_code(token: str) -> str:
    """Return the code that an access token is refused with, or "" while it is accepted."""
    answer = client_for(token).get("/auth/me")
    assert answer.status_code in (200, 401)
    return str(answer.json().get("code", ""))


def use(token: str) -> None:
    """Use an access token that must be accepted."""
    assert client_for(token).get("/auth/me").status_code == 200


def leave_the_grace() -> None:
    """Let more than ten seconds pass on the database's clock since the last rotation."""
    Session.objects.update(rotated_at=F("rotated_at") - timedelta(seconds=11))
