"""Attempts that fail, and what has been counted of them."""

from datetime import timedelta
from typing import Any

from django.db import connection
from rest_framework.test import APIClient

from authentication.core.client import Client
from authentication.limits.actions import LimitedAction
from authentication.limits.services import _slots
from authentication.models import Counter
from tests.conftest import PASSWORD

MINUTE = timedelta(minutes=1)
HERE = Client(ip="192.0.2.7")
WRONG = {"non_field_errors": ["A user with this email and password was not found."]}
THROTTLED = {"detail": "Too many requests.", "code": "throttled"}


def client_at(ip: str, device: str = "") -> APIClient:
    """Return a client with this address, and perhaps a device marker."""
    return APIClient(REMOTE_ADDR=ip, headers={"X-Device": device} if device else None)


def login(api: APIClient, identifier: str, password: str = "wrong", **extra: Any) -> Any:
    return api.post("/auth/login", {"username": identifier, "password": password}, **extra)


def fail(api: APIClient, identifier: str, times: int) -> None:
    """Send a wrong password so often; each attempt must be judged."""
    for _ in range(times):
        answer = login(api, identifier)
        assert (answer.status_code, answer.json()) == (400, WRONG)


def assert_throttled(answer: Any, retry_after_seconds: int) -> None:
    assert (answer.status_code, answer.json()) == (429, THROTTLED)
    assert answer.headers["Retry-After"] == str(retry_after_seconds)


def assert_signs_in(api: APIClient, identifier: str = "jane_doe") -> dict[str, Any]:
    answer = login(api, identifier, PASSWORD)
    assert answer.status_code == 200, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def counted(
    action: LimitedAction, account: str, client: Client = HERE, device: str | None = None
) -> list[int]:
    """Return the hits of each key that an attempt would need, the account's own first."""
    own, shared = _slots(action, account, client, device)
    hits = dict(Counter.objects.values_list("key", "hits"))
    return [hits.get(slot.key, 0) for slot in own + shared]


def writes() -> Any:
    """Return what differs after any write: SQLite's count of changes, PostgreSQL's row versions."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return connection.connection.total_changes
        cursor.execute("SELECT key, xmin::text, ctid::text FROM authentication_counter ORDER BY key")
        return cursor.fetchall()
