"""Responses match the OpenAPI document."""

import json
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.models import User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD, client_for
from tests.openapi import DOCUMENT, OPERATIONS, PROBLEM, examples, resolve, validator

LIMITED = [
    "changeEmail",
    "changePassword",
    "confirmPasswordReset",
    "deleteMe",
    "login",
    "refresh",
    "register",
    "requestPasswordReset",
    "resendVerification",
    "undoEmailChange",
    "verifyEmail",
]
SESSION_PATH = "/auth/sessions/{session_id}"
NOBODYS = "/auth/sessions/00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("accept", ["application/json", PROBLEM])
@pytest.mark.parametrize(
    ("method", "path", "template", "extra", "status", "code"),
    [
        ("post", "/auth/login", None, {"data": {}}, 400, "invalid_input"),
        ("post", "/auth/login", None, {"data": "{", "content_type": "application/json"}, 400, "parse_error"),
        ("post", "/auth/login", None, {"data": {}, "HTTP_HOST": "evil.example"}, 400, "bad_request"),
        (
            "post",
            "/auth/registration",
            None,
            {"data": {"refresh_in": "cookie", "username": "a", "email": "b", "password": "c"}}
            | {"HTTP_ORIGIN": "https://evil.example"},
            403,
            "origin_not_allowed",
        ),
        ("post", "/auth/refresh", None, {"data": {}}, 401, "not_authenticated"),
        ("post", "/auth/refresh", None, {"data": {"refresh": "oj_x"}}, 401, "token_invalid"),
        ("post", "/auth/logout", None, {"data": {}}, 401, "not_authenticated"),
        ("get", "/auth/me", None, {"HTTP_AUTHORIZATION": "Bearer x"}, 401, "token_invalid"),
        ("get", "/auth/sessions", None, {}, 401, "not_authenticated"),
        ("post", "/auth/email/verify", None, {"data": {"key": "ojk_x"}}, 400, "key_invalid"),
        ("post", "/auth/email/undo", None, {"data": {"key": ""}}, 400, "invalid_input"),
        ("post", "/auth/email/resend", None, {"data": {}}, 400, "invalid_input"),
        ("post", "/auth/email/resend", None, {"HTTP_AUTHORIZATION": "Bearer x"}, 401, "token_invalid"),
        ("post", "/auth/email/change", None, {"data": {}}, 401, "not_authenticated"),
        ("delete", NOBODYS, SESSION_PATH, {"signed_in": True}, 404, "not_found"),
        ("post", "/auth/login", None, {"HTTP_TRANSFER_ENCODING": "chunked"}, 411, "length_required"),
        ("post", "/auth/login", None, {"data": {"username": "x" * 70_000}}, 413, "too_large"),
        (
            "patch",
            "/auth/me",
            None,
            {"data": "x", "content_type": "text/plain", "signed_in": True},
            415,
            "unsupported_media_type",
        ),
    ],
)
def test_an_error_response_is_as_documented(
    user: User,
    accept: str,
    method: str,
    path: str,
    template: str | None,
    extra: dict[str, Any],
    status: int,
    code: str,
) -> None:
    extra = dict(extra)
    client = client_for(user.token) if extra.pop("signed_in", False) else APIClient()

    answer = client.generic(method.upper(), path, HTTP_ACCEPT=accept, **_encoded(extra))

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == accept
    documented = resolve(DOCUMENT["paths"][template or path][method]["responses"][str(status)])
    validator(documented["content"][accept]["schema"]).validate(answer.json())
    assert set(documented.get("headers", {})) <= set(answer.headers)
    if accept == PROBLEM:
        assert answer.json()["code"] == code
        assert any(example["value"]["code"] == code for example in examples(documented, accept))


def test_a_sign_in_is_answered_as_documented(api: APIClient, user: User) -> None:
    for refresh_in in ("body", "cookie"):
        body = {"username": "jane_doe", "password": PASSWORD, "refresh_in": refresh_in}
        answer = api.post("/auth/login", body)
        documented = DOCUMENT["paths"]["/auth/login"]["post"]["responses"]["200"]
        validator(documented["content"]["application/json"]["schema"]).validate(answer.json())
        shown = examples(documented, "application/json")
        assert set(answer.json()) in [set(example["value"]) for example in shown]


def test_a_registration_that_is_to_be_verified_is_answered_as_documented(
    api: APIClient, db: None, settings: Settings
) -> None:
    settings.REQUIRE_VERIFIED_EMAIL = True
    body = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
    documented = DOCUMENT["paths"]["/auth/registration"]["post"]["responses"]["201"]

    answer = api.post("/auth/registration", body)

    assert answer.json() == {"username": "jane_doe", "email": "jane@example.com", "verification": "required"}
    validator(documented["content"]["application/json"]["schema"]).validate(answer.json())
    assert answer.json() in [example["value"] for example in examples(documented, "application/json")]
    refused = api.post("/auth/login", body)
    documented = DOCUMENT["paths"]["/auth/login"]["post"]["responses"]["403"]
    assert refused.status_code == 403
    assert refused.json() in [example["value"] for example in examples(documented, "application/json")]


@pytest.mark.parametrize("accept", ["application/json", PROBLEM])
def test_a_throttled_response_is_as_documented(
    api: APIClient, user: User, settings: Settings, accept: str
) -> None:
    settings.LIMITS = {name: (1, timedelta(minutes=15)) for name in settings.LIMITS}
    wrong = {"username": "jane_doe", "password": "wrong", "new_password": "staple the battery anew"}
    newcomer = {"username": "new_comer", "email": "new@example.com", "password": PASSWORD}
    tokens = api.post("/auth/login", {**wrong, "password": PASSWORD, "refresh_in": "body"}).json()
    email = {"email": "new@example.com"}
    bodies: dict[str, dict[str, Any]] = {
        "register": newcomer,
        "refresh": {"refresh": tokens["refresh"]},
        "changeEmail": {**email, "password": "wrong"},
        "requestPasswordReset": email,
        "resendVerification": email,
        "verifyEmail": {"key": links.issue(Purpose.VERIFY, user.pk)},
        "undoEmailChange": {"key": links.issue(Purpose.UNDO, 0)},
        "confirmPasswordReset": {
            "uid": "0",
            "key": links.issue(Purpose.RESET, 0),
            "new_password": wrong["new_password"],
        },
    }
    signed_in, met = client_for(user.token), []
    for method, path, operation in OPERATIONS:
        documented = operation["responses"].get("429")
        if documented is None:
            continue
        name = operation["operationId"]
        client = signed_in if operation["security"] == [{"bearer": []}] else api
        for _ in range(2):
            answer = getattr(client, method)(path, bodies.get(name, wrong), headers={"Accept": accept})

        assert (answer.status_code, answer.json()["code"]) == (429, "throttled"), name
        validator(resolve(documented)["content"][accept]["schema"]).validate(answer.json())
        assert set(resolve(documented)["headers"]) == {"Retry-After"}
        assert 1 <= int(answer.headers["Retry-After"]) <= 900
        met.append(name)
    assert sorted(met) == LIMITED


def _encoded(extra: dict[str, Any]) -> dict[str, Any]:
    data = extra.pop("data", "")
    body = data if isinstance(data, str) else json.dumps(data)
    return {"data": body, "content_type": extra.pop("content_type", "application/json"), **extra}
