"""What every endpoint that takes a body is sent."""

from typing import Any

from django.http import HttpResponse
from rest_framework.test import APIClient

from authentication.urls import router

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

# Every text that each endpoint reads.
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
    """Return every method and path of the router that takes a body and no argument."""
    found = []
    for url in router.urls:
        path = "/auth/" + str(url.pattern).removeprefix("^").removesuffix("/?$")
        methods = getattr(url.callback, "actions", {})
        if "(" not in path:
            found += [(method.upper(), path) for method in methods if method in ("post", "put", "patch")]
    return found


def send(
    client: APIClient, endpoint: tuple[str, str], body: bytes | str, content_type: str = JSON, **extra: Any
) -> Any:
    """Send raw bytes; what lives or dies in the server comes back as an answer."""
    method, path = endpoint
    client.raise_request_exception = False
    return client.generic(method, path, body, content_type=content_type, **extra)


def assert_json_refusal(answer: HttpResponse) -> None:
    """Whatever it was, it is the client's fault and the answer is a JSON object."""
    assert 400 <= answer.status_code < 500, answer.content
    assert answer.headers["Content-Type"] == JSON
    assert isinstance(answer.json(), dict)  # type: ignore[attr-defined]
