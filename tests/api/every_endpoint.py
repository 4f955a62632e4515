"""A request to every endpoint, made by a user whom DRF's ``force_authenticate`` has signed in."""

from typing import Any

from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD

NEW_PASSWORD = "nine purple kettles"
NEWCOMER = {"username": "new_comer", "email": "new@example.com", "password": PASSWORD}
KEY = {"key": "ojk_x"}

# By method and path below the mount: the body, and the status of the response.
REQUESTS: dict[tuple[str, str], tuple[dict[str, str], int]] = {
    ("get", "me"): ({}, 200),
    ("patch", "me"): ({"username": "jane_roe"}, 200),
    ("post", "me/delete"): ({"password": PASSWORD}, 204),
    ("post", "registration"): (NEWCOMER, 201),
    ("post", "login"): ({"username": "jane_doe", "password": PASSWORD}, 200),
    ("post", "refresh"): ({}, 401),
    ("post", "logout"): ({}, 401),
    ("get", "sessions"): ({}, 200),
    ("delete", "sessions"): ({}, 204),
    ("delete", "sessions/{session_id}"): ({}, 204),
    ("get", "events"): ({}, 200),
    ("post", "password/change"): ({"password": PASSWORD, "new_password": NEW_PASSWORD}, 200),
    ("post", "password/reset"): ({"email": "jane@example.com"}, 202),
    ("post", "password/reset/confirm"): ({"uid": "1", **KEY, "new_password": NEW_PASSWORD}, 400),
    ("post", "email/verify"): (KEY, 400),
    ("post", "email/undo"): (KEY, 400),
    ("post", "email/resend"): ({}, 202),
    ("post", "email/change"): ({"email": "jane@example.org", "password": PASSWORD}, 202),
}


def ask(user: User, endpoint: tuple[str, str], prefix: str = "/auth/", auth: Any = None) -> Any:
    """Send the request of an endpoint mounted under ``prefix``."""
    client = APIClient()
    client.force_authenticate(user, token=auth)
    user.sessions.open()
    method, path = endpoint
    url = prefix + path.format(session_id=user.sessions.get().pk)
    send = getattr(client, method)
    body = REQUESTS[endpoint][0]
    return send(url, body, format="json") if method in ("post", "patch") else send(url)
