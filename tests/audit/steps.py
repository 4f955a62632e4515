"""What reads the log, in tests of it."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from rest_framework.test import APIClient

from authentication.models import Event, User

PATH = "/auth/events"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def fill(user: User, count: int, *, apart: timedelta = timedelta(seconds=1)) -> list[int]:
    """Store so many events, and return their ids in the order in which they are to be shown."""
    ages = range(count - 1, -1, -1)
    Event.objects.bulk_create(Event(event="signed_in", user=user, at=NOON - age * apart) for age in ages)
    shown = Event.objects.filter(user=user).order_by("-pk")
    return list(shown.values_list("pk", flat=True))


def cursor(position: str, **more: str) -> str:
    """Return a cursor of this content, as DRF encodes it."""
    return b64encode(urlencode({**more, "p": position}).encode()).decode()


def get(client: APIClient, path: str | None) -> dict[str, Any]:
    assert path is not None
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def ids(body: dict[str, Any]) -> list[int]:
    return [event["id"] for event in body["results"]]
