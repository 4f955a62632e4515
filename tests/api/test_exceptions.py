"""Every refusal as an answer, plain and as a problem document (RFC 9457)."""

import json
import logging
import re
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from rest_framework import exceptions as drf
from rest_framework.test import APIClient

from authentication.api.errors import INPUT_CODES, InUse, PermissionDenied, Throttled
from authentication.login import services as login
from authentication.models import User
from authentication.sessions import services as sessions
from tests.api.bodies import JSON, send
from tests.conftest import PASSWORD, client_for

PROBLEM = "application/problem+json"
LOGIN = ("POST", "/auth/login")
ME = ("GET", "/auth/me")
CREDENTIALS = b'{"username": "jane_doe", "password": "x"}'
SECRET = "host=10.0.0.7 password=swordfish"

# What is sent, and the title, status, detail and code that come back.
PROBLEMS: dict[str, tuple[tuple[str, str], bytes, dict[str, str], tuple[str, int, str, str]]] = {
    "no JSON": (
        LOGIN,
        b"{",
        {},
        (
            "The body is not valid JSON.",
            400,
            "JSON parse error - Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
            "parse_error",
        ),
    ),
    "another host": (
        LOGIN,
        b"{}",
        {"HTTP_HOST": "evil.example"},
        ("The request could not be understood.", 400, "This host is not served here.", "bad_request"),
    ),
    "nobody": (
        ME,
        b"",
        {},
        ("Authentication credentials were not provided.", 401, "", "not_authenticated"),
    ),
    "no token": (
        ME,
        b"",
        {"HTTP_AUTHORIZATION": "Bearer x"},
        ("Invalid authentication. Could not decode token.", 401, "", "token_invalid"),
    ),
    "a foreign page": (
        LOGIN,
        b'{"username": "jane_doe", "password": "x", "refresh_in": "cookie"}',
        {"HTTP_ORIGIN": "https://evil.example"},
        ("Requests from this origin may not use the refresh cookie.", 403, "", "origin_not_allowed"),
    ),
    "no path": (("GET", "/nothing"), b"", {}, ("Not found.", 404, "", "not_found")),
    "no method": (
        ("GET", "/auth/login"),
        b"",
        {},
        ("This method is not allowed here.", 405, 'Method "GET" not allowed.', "method_not_allowed"),
    ),
    "chunks": (
        LOGIN,
        b"",
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        ("A request with a body needs a Content-Length header.", 411, "", "length_required"),
    ),
    "too much": (LOGIN, b"x" * 65_537, {}, ("The body is too large.", 413, "", "too_large")),
    "a charset": (
        LOGIN,
        b"{}",
        {"content_type": "application/json; charset=latin-1"},
        ("This media type is not supported.", 415, "Only UTF-8 is supported.", "unsupported_media_type"),
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("accept", [PROBLEM, "text/html, application/problem+json;q=0.5", PROBLEM.upper()])
def test_an_error_is_a_problem_document_on_request(
    accept: str, name: str, api: APIClient, user: User
) -> None:
    endpoint, body, extra, (title, status, detail, code) = PROBLEMS[name]
    answer = send(api, endpoint, body, **extra, HTTP_ACCEPT=accept)
    assert answer.headers["Content-Type"] == PROBLEM
    assert (answer.status_code, answer.json()) == (
        status,
        {
            "type": f"/docs/errors#{code}",
            "title": title,
            "status": status,
            "detail": detail or title,
            "code": code,
        },
    )


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_same_error_is_a_detail_and_a_code_by_default(name: str, api: APIClient, user: User) -> None:
    endpoint, body, extra, (title, status, detail, code) = PROBLEMS[name]
    answer = send(api, endpoint, body, **extra)
    assert answer.headers["Content-Type"] == JSON
    assert (answer.status_code, answer.json()) == (status, {"detail": detail or title, "code": code})


def test_bad_input_lists_every_message_with_its_code(api: APIClient, db: None) -> None:
    body = b'{"username": "jane", "password": "12345678"}'
    answer = send(api, ("POST", "/auth/registration"), body, HTTP_ACCEPT=PROBLEM)
    assert answer.json() == {
        "type": "/docs/errors#invalid_input",
        "title": "The input is not valid.",
        "status": 400,
        "detail": "The input is not valid.",
        "code": "invalid_input",
        "errors": [{"field": "email", "code": "required", "message": "This field is required."}],
    }
    assert answer.headers["Content-Type"] == PROBLEM


def test_every_code_of_a_message_is_in_the_catalogue(api: APIClient, signed_in: APIClient) -> None:
    values = (
        "null",
        "1",
        '""',
        '" "',
        '"a\\u0000"',
        '"\\ud800"',
        '"x"',
        '"12345678"',
        '"password"',
        f'"{"x" * 999}"',
    )
    seen: set[str] = set()
    for value in values:
        names = ("username", "email", "password", "new_password", "refresh")
        body = "{" + ",".join(f'"{name}": {value}' for name in names) + "}"
        for endpoint in (
            ("POST", "/auth/registration"),
            LOGIN,
            ("POST", "/auth/password/change"),
            ("PATCH", "/auth/me"),
        ):
            answer = send(signed_in, endpoint, body, HTTP_ACCEPT=PROBLEM).json()
            seen |= {error["code"] for error in answer["errors"]}
    body = json.dumps({"username": "x", "email": "x", "password": PASSWORD})
    answer = send(api, ("POST", "/auth/registration"), body, HTTP_ACCEPT=PROBLEM).json()
    seen |= {error["code"] for error in answer["errors"]}
    assert {"null", "invalid", "blank", "email_invalid", "username_invalid", "credentials_invalid"} <= seen
    assert seen <= set(INPUT_CODES)


def test_without_documents_a_problem_has_no_type_of_its_own(api: APIClient, settings: Any) -> None:
    settings.DOCS = False
    assert api.get("/nothing", HTTP_ACCEPT=PROBLEM).json()["type"] == "about:blank"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("accept", [JSON, PROBLEM, "text/html"])
def test_an_unexpected_exception_is_logged_and_kept_from_the_client(
    debug: bool,
    accept: str,
    api: APIClient,
    db: None,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.DEBUG = debug
    monkeypatch.setattr(login, "sign_in", failing(RuntimeError(SECRET)))
    answer = send(api, LOGIN, CREDENTIALS, HTTP_ACCEPT=accept)
    body = answer.json()
    reference = body.pop("reference")
    assert answer.status_code == 500
    assert re.fullmatch("[0-9a-f]{16}", reference)
    expected = {"detail": "Something went wrong on the server.", "code": "server_error"}
    assert {name: body[name] for name in expected} == expected
    assert set(body) - set(expected) == ({"type", "title", "status"} if accept == PROBLEM else set())
    record = next(record for record in caplog.records if record.name == "oddjobbox")
    assert record.getMessage() == f"POST /auth/login failed, reference {reference}"
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == SECRET


def test_an_exception_outside_of_the_views_is_json_too(
    api: APIClient, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("authentication.middleware._is_host_served", failing(RuntimeError(SECRET)))
    answer = send(api, LOGIN, CREDENTIALS)
    assert answer.status_code == 500
    assert answer.json().keys() == {"detail", "code", "reference"}
    assert answer.json()["reference"] in caplog.text


@pytest.mark.parametrize("error", [OperationalError(SECRET), InterfaceError(SECRET)])
def test_an_unreachable_database_is_503_with_a_retry_after(
    error: Exception, user: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_for(user.token)
    monkeypatch.setattr(login, "sign_in", failing(error))
    monkeypatch.setattr(sessions, "find", failing(error))
    for endpoint in (LOGIN, ME):
        answer = send(client, endpoint, CREDENTIALS if endpoint == LOGIN else b"")
        expected = {"detail": "The database cannot be reached.", "code": "unavailable"}
        assert (answer.status_code, answer.json()) == (503, expected)
        assert answer.headers["Retry-After"] == "2"
    assert [record.levelno for record in caplog.records if record.name == "oddjobbox"] == [logging.ERROR] * 2


@pytest.mark.parametrize(
    ("error", "status", "body", "retry_after"),
    [
        (Throttled(retry_after_seconds=0), 429, {"detail": "Too many requests.", "code": "throttled"}, "0"),
        (Throttled(retry_after_seconds=61), 429, {"detail": "Too many requests.", "code": "throttled"}, "61"),
        (
            drf.Throttled(wait=30.2),
            429,
            {"detail": "Request was throttled. Expected available in 31 seconds.", "code": "throttled"},
            "31",
        ),
        (InUse(), 409, {"detail": InUse.title, "code": "in_use"}, None),
        (PermissionDenied(), 403, {"detail": PermissionDenied.title, "code": "permission_denied"}, None),
        (
            drf.AuthenticationFailed("No."),
            # As in DRF, because the view has no authentication class and so no challenge.
            403,
            {"detail": "No.", "code": "token_invalid"},
            None,
        ),
    ],
)
def test_an_error_of_a_view_keeps_its_status_code_and_headers(
    error: Exception,
    status: int,
    body: dict[str, str],
    retry_after: str | None,
    api: APIClient,
    db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login, "sign_in", failing(error))
    answer = send(api, LOGIN, CREDENTIALS)
    assert (answer.status_code, answer.json()) == (status, body)
    assert answer.headers.get("Retry-After") == retry_after


def failing(error: Exception) -> Any:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    return fail
