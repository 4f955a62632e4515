"""Bodies for every endpoint that takes one."""

from typing import Any

from django.http import HttpResponse
from rest_framework.test import APIClient

from tests.routes import routes

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

# The text fields that each endpoint reads.
FIELDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", "/auth/registration"): ("username", "email", "password"),
    ("POST", "/auth/login"): ("username", "email", "password"),
    ("POST", "/auth/refresh"): ("refresh",),
    ("POST", "/auth/logout"): ("refresh",),
    ("POST", "/auth/password/change"): ("password", "new_password"),
    ("POST", "/auth/me/delete"): ("password",),
    ("PATCH", "/auth/me"): ("username",),
}
ENDPOINTS = tuple(FIELDS)
TEXTS = tuple((*endpoint, field) for endpoint, fields in FIELDS.items() for field in fields)


def routed() -> list[tuple[str, str]]:
    """Return every method and path that takes a body and no argument."""
    return [
        (route.method.upper(), route.path)
        for route in routes()
        if route.method in ("post", "put", "patch") and "{" not in route.path
    ]


def send(
    client: APIClient, endpoint: tuple[str, str], body: bytes | str, content_type: str = JSON, **extra: Any
) -> Any:
    """Send raw bytes; an exception in the server comes back as a response."""
    method, path = endpoint
    client.raise_request_exception = False
    return client.generic(method, path, body, content_type=content_type, **extra)


def assert_json_refusal(answer: HttpResponse) -> None:
    """Assert that the response is a client error whose body is a JSON object."""
    assert 400 <= answer.status_code < 500, answer.content
    assert answer.headers["Content-Type"] == JSON
    assert isinstance(answer.json(), dict)  # type: ignore[attr-defined]
