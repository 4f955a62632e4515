"""An exception of another app keeps what DRF promises for it."""

import itertools
from http import HTTPStatus
from typing import Any

import pytest
from django.core import exceptions as django
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework.test import APIClient
from rest_framework.views import exception_handler

from authentication.api.errors import CatalogueError, Throttled, TokenExpired, catalogue
from authentication.models import User
from authentication.sessions.authentication import authenticate_token
from tests.conftest import client_for
from tests.neighbours import probe

PROBLEM = "application/problem+json"
PLACES = ["authentication", "permission", "throttle", "parser", "serializer", "negotiation", "view"]


class PaymentRequired(drf.APIException):
    status_code, default_detail, default_code = 402, "The trial is over.", "payment_required"


class Taken(drf.ValidationError):
    status_code = 409


class KeyRefused(drf.AuthenticationFailed):
    default_detail, default_code = "This key is unknown.", "key_unknown"


class SignInFirst(drf.NotAuthenticated):
    default_code = "sign_in_first"


class SlowDown(drf.Throttled):
    default_code = "slow_down"


class Teapot(drf.APIException):
    status_code, default_detail, default_code = 418, "I am a teapot.", "teapot"


def own(status: int) -> drf.APIException:
    name = f"status_{status}"
    return type(name, (drf.APIException,), {"status_code": status, "default_code": name})("No.")


# The exception, its status and its code.
STOCK: list[tuple[drf.APIException, int, str]] = [
    (drf.APIException(), 500, "error"),
    (drf.ParseError(), 400, "parse_error"),
    (drf.AuthenticationFailed(), 401, "token_invalid"),
    (drf.NotAuthenticated(), 401, "not_authenticated"),
    (drf.PermissionDenied(), 403, "permission_denied"),
    (drf.NotFound(), 404, "not_found"),
    (drf.MethodNotAllowed("POST"), 405, "method_not_allowed"),
    (drf.NotAcceptable(), 406, "not_acceptable"),
    (drf.UnsupportedMediaType("text/x"), 415, "unsupported_media_type"),
    (drf.Throttled(7), 429, "throttled"),
]
OWN: list[tuple[drf.APIException, int, str]] = [
    (PaymentRequired(), 402, "payment_required"),
    (KeyRefused(), 401, "key_unknown"),
    (SignInFirst(), 401, "sign_in_first"),
    (SlowDown(7), 429, "slow_down"),
    (drf.AuthenticationFailed("No key.", code="no_key"), 401, "no_key"),
    (drf.PermissionDenied("Not your team.", code="wrong_team"), 403, "wrong_team"),
    (drf.NotFound("No team.", code="no_team"), 404, "no_team"),
    (drf.ParseError("No CSV.", code="no_csv"), 400, "no_csv"),
    *((own(status), status, f"status_{status}") for status in (400, 401, 403, 409, 410, 418, 423, 451, 503)),
]
ALL = STOCK + OWN
PARTS: list[tuple[drf.APIException, int, Any, str]] = [
    (drf.ValidationError("No."), 400, ["No."], "invalid_input"),
    (drf.ValidationError(["No.", "Never."]), 400, ["No.", "Never."], "invalid_input"),
    (drf.ValidationError({"slot": ["Taken."]}), 400, {"slot": ["Taken."]}, "invalid_input"),
    (Taken({"slot": ["Taken."]}), 409, {"slot": ["Taken."]}, "invalid_input"),
    (PaymentRequired({"plan": "free"}), 402, {"plan": "free"}, "payment_required"),
    (PaymentRequired(["Pay.", "Please."]), 402, ["Pay.", "Please."], "payment_required"),
    (drf.PermissionDenied({"team": "red"}, code="wrong_team"), 403, {"team": "red"}, "wrong_team"),
    (drf.PermissionDenied({"a": {"b": ["No."]}}), 403, {"a": {"b": ["No."]}}, "permission_denied"),
]


def ask(api: APIClient, place: str, error: Exception, **headers: str) -> Any:
    probe.raised[place] = error
    return api.post("/p/raise", {}, **headers)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("error", "status", "code"), ALL, ids=[f"{type(e).__name__}-{c}" for e, _, c in ALL])
def test_an_exception_keeps_its_status_code_and_detail_wherever_it_is_raised(
    error: drf.APIException, status: int, code: str, place: str, api: APIClient
) -> None:
    detail = str(error.detail)

    plain = ask(api, place, error)
    problem = ask(api, place, error, HTTP_ACCEPT=PROBLEM)

    assert (plain.status_code, plain.json()) == (status, {"detail": detail, "code": code})
    assert problem.headers["Content-Type"] == PROBLEM
    body = problem.json()
    assert (problem.status_code, body["status"], body["detail"], body["code"]) == (
        status,
        status,
        detail,
        code,
    )


@pytest.mark.parametrize("place", PLACES)
def test_a_401_has_the_challenge_of_the_views_own_authentication(place: str, api: APIClient) -> None:
    for error in (drf.NotAuthenticated(), drf.AuthenticationFailed(), KeyRefused(), own(401)):
        assert ask(api, place, error).headers["WWW-Authenticate"] == 'ApiKey realm="api"'


@pytest.mark.parametrize("error", [drf.NotAuthenticated(), KeyRefused()])
def test_a_401_becomes_403_on_a_view_without_a_challenge_as_in_drf(
    error: drf.APIException, api: APIClient
) -> None:
    probe.raised["view"] = error

    answer = api.get("/p/raise-open")

    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer.headers


def test_a_refused_token_has_its_own_challenge_on_a_view_that_accepts_other_credentials(user: User) -> None:
    for path in ("/p/key", "/p/session-or-token", "/p/token-or-session"):
        answer = client_for("stale").get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
        assert answer.headers["WWW-Authenticate"].startswith(
            'Bearer realm="oddjobbox", error="invalid_token"'
        )


@pytest.mark.parametrize(("error", "status", "body", "code"), PARTS)
def test_a_detail_of_several_parts_keeps_its_shape(
    error: drf.APIException, status: int, body: Any, code: str, api: APIClient
) -> None:
    plain = ask(api, "view", error)
    problem = ask(api, "view", error, HTTP_ACCEPT=PROBLEM)

    assert (plain.status_code, plain.json()) == (status, body)
    assert (problem.status_code, problem.json()["status"], problem.json()["code"]) == (status, status, code)
    messages = [message["message"] for message in problem.json()["errors"]]
    assert messages == list(_texts(body))


def _texts(body: Any) -> Any:
    if isinstance(body, str):
        return [body]
    parts = body.values() if isinstance(body, dict) else body
    return itertools.chain.from_iterable(_texts(part) for part in parts)


def test_details_that_are_not_drfs_own_are_written_as_they_are(api: APIClient) -> None:
    error = PaymentRequired()
    error.detail = {"balance": 3, "due": None, "items": [1, {"id": 2}]}  # type: ignore[assignment]
    assert ask(api, "view", error).json() == error.detail
    assert ask(api, "view", error, HTTP_ACCEPT=PROBLEM).json()["code"] == "payment_required"
    error.detail = "Pay."  # type: ignore[assignment]
    assert ask(api, "view", error).json() == {"detail": "Pay.", "code": "payment_required"}


def test_a_problem_of_another_app_is_titled_by_its_status(api: APIClient) -> None:
    problem = ask(api, "view", PaymentRequired(), HTTP_ACCEPT=PROBLEM).json()
    assert problem == {
        "type": "about:blank",
        "title": HTTPStatus.PAYMENT_REQUIRED.phrase,
        "status": 402,
        "detail": "The trial is over.",
        "code": "payment_required",
    }
    assert ask(api, "view", own(499), HTTP_ACCEPT=PROBLEM).json()["title"] == "Error"


@pytest.mark.parametrize(("wait", "header"), [(7, "7"), (6.2, "7"), (None, None)])
def test_a_throttled_request_is_told_when_to_try_again(
    wait: float | None, header: str | None, api: APIClient
) -> None:
    for error in (drf.Throttled(wait), SlowDown(wait)):
        assert ask(api, "throttle", error).headers.get("Retry-After") == header


def test_an_exception_may_name_its_own_headers_as_in_drf(api: APIClient) -> None:
    error = own(401)
    error.auth_header, error.wait = "Card", 30  # type: ignore[attr-defined]
    headers = ask(api, "view", error).headers
    assert (headers["WWW-Authenticate"], headers["Retry-After"]) == ("Card", "30")


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (django.PermissionDenied("No."), 403, {"detail": "No.", "code": "permission_denied"}),
        (
            django.PermissionDenied(),
            403,
            {"detail": "You do not have permission to perform this action.", "code": "permission_denied"},
        ),
        (Http404("No team 7."), 404, {"detail": "Not found.", "code": "not_found"}),
        (
            django.BadRequest("x"),
            400,
            {"detail": "The request could not be understood.", "code": "bad_request"},
        ),
        (
            django.SuspiciousOperation("x"),
            400,
            {"detail": "The request could not be understood.", "code": "bad_request"},
        ),
        (django.RequestDataTooBig("x"), 413, {"detail": "The body is too large.", "code": "too_large"}),
        (django.ValidationError("No."), 400, {"non_field_errors": ["No."]}),
        (django.ValidationError({"slot": ["Taken."]}), 400, {"slot": ["Taken."]}),
        (OperationalError("x"), 503, {"detail": "The database cannot be reached.", "code": "unavailable"}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
@pytest.mark.parametrize("place", ["authentication", "permission", "view"])
def test_djangos_exceptions_have_the_same_status_in_drfs_views(
    error: Exception, status: int, body: dict[str, Any], place: str, api: APIClient
) -> None:
    answer = ask(api, place, error)
    assert (answer.status_code, answer.json()) == (status, body)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/p/fail/403", 403, "permission_denied"),
        ("/p/fail/404", 404, "not_found"),
        ("/p/fail/missing", 404, "not_found"),
        ("/p/fail/400", 400, "bad_request"),
        ("/p/nothing", 404, "not_found"),
    ],
)
def test_djangos_exceptions_in_plain_views_are_json_errors(
    path: str, status: int, code: str, api: APIClient, db: None
) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_permission_keeps_its_message_and_code(api: APIClient) -> None:
    answer = api.get("/p/export")
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "Your plan has no exports.", "code": "plan_required"},
    )


def test_an_error_of_a_view_that_writes_csv_is_written_by_that_views_renderer(api: APIClient) -> None:
    probe.raised["view"] = PaymentRequired()
    answer = api.get("/p/report", HTTP_ACCEPT=f"text/csv, {PROBLEM}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (402, "text/csv; charset=utf-8")


@pytest.mark.parametrize("error", list(catalogue()), ids=lambda error: error.code)
def test_drfs_own_exception_handler_understands_the_catalogue(error: type[CatalogueError]) -> None:
    response = exception_handler(error(), {})
    assert response is not None
    assert (response.status_code, response.data) == (error.status, {"detail": error.title})
    assert ("WWW-Authenticate" in response.headers) is (error.status == 401)
    waiting = exception_handler(Throttled(retry_after_seconds=9), {})
    assert waiting is not None
    assert waiting.headers["Retry-After"] == "9"


def test_a_refused_token_is_drfs_authentication_failed_to_callers(db: None) -> None:
    with pytest.raises(drf.AuthenticationFailed) as refused:
        authenticate_token("stale")
    assert issubclass(TokenExpired, drf.AuthenticationFailed)
    assert refused.value.get_codes() == "token_invalid"
