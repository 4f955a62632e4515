"""A header that is not ``Bearer <token>`` is ignored, but the response says what was expected."""

import pytest
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD

EXPECTED = (
    'Bearer realm="oddjobbox", error="invalid_request", '
    "error_description=\"Expected 'Authorization: Bearer <token>'.\""
)
NOBODY = {"detail": "Authentication credentials were not provided.", "code": "not_authenticated"}
SECRET = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer Bearer {}",
        "Bearer: {}",
        "JWT {}",
        "Token {}",
        "{}",
        "Bearer",
        "Bearer ",
        "Basic {}",
        "Bearer {} x",
        "Bearer\t{}",
        "Bearer,{}",
        'Bearer "{}" x',
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/auth/me", "/p/default"])
def test_a_header_in_another_form_gets_a_hint(path: str, header: str, api: APIClient, db: None) -> None:
    answer = api.get(path, HTTP_AUTHORIZATION=header.format(SECRET))
    assert (answer.status_code, answer.json()) == (401, NOBODY)
    assert answer.headers["WWW-Authenticate"] == EXPECTED
    assert SECRET not in f"{answer.headers}{answer.content!r}"


@pytest.mark.parametrize("headers", [{}, {"HTTP_AUTHORIZATION": ""}])
def test_a_request_without_the_header_gets_none(headers: dict[str, str], api: APIClient, db: None) -> None:
    answer = api.get("/api/v1/auth/me", **headers)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="oddjobbox"'


def test_a_public_endpoint_does_not_look_at_the_header(api: APIClient, user: User) -> None:
    body = {"username": "jane_doe", "password": PASSWORD}
    for header in ("JWT x", "Bearer Bearer x", "Bearer stale"):
        assert api.post("/api/v1/auth/login", body, HTTP_AUTHORIZATION=header).status_code == 200
