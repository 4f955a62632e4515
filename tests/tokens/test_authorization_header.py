"""What counts as an attempt to authenticate: ``Bearer``, spaces, one word (RFC 6750 §2.1)."""

import base64
import socket
from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from authentication.api.errors import CHALLENGE
from authentication.models import User
from authentication.sessions.authentication import HINT
from tests.conftest import PASSWORD
from tests.live import WAIT_SECONDS, LiveServer

NOBODY = {"detail": "Authentication credentials were not provided.", "code": "not_authenticated"}
INVALID = {"detail": "Invalid authentication. Could not decode token.", "code": "token_invalid"}
ATTEMPTS = ("Bearer {}", "bearer {}", "BEARER {}", "bEaReR {}", "Bearer  {}", "Bearer     {}", "Bearer {} ")
NO_ATTEMPTS = (
    *(
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer    ",
        "{}",
        " Bearer {}",
        "Bearer\t{}",
        "Bearer\x0b{}",
        "Bearer\x0c{}",
    ),
    *(
        "Bearer\xa0{}",
        "Bearer\x85{}",
        "Bearer{}",
        "Bearer:{}",
        "Bearer: {}",
        "Bearer, {}",
        "Bearer={}",
        "Bearer;{}",
    ),
    *(
        "Bearer {} {}",
        "Bearer {} x",
        "Bearer Bearer {}",
        "Bearer token={} x",
        '"Bearer" {}',
        "Bearers {}",
        "Beare {}",
    ),
    *(
        "JWT {}",
        "Token {}",
        "Basic {}",
        "Digest {}",
        "Negotiate {}",
        "DPoP {}",
        "MAC {}",
        "ApiKey {}",
        "OAuth {}",
    ),
    *("Basic amFuZV9kb2U6eA==", "Basic amFuZV9kb2U6eA==, Bearer {}", "undefined", "null", "[object Object]"),
    *("\xff\xfe {}", "\xf0\x9f\x98\x80", "Bearer\x00{}", "B\xc3\xa9arer {}", "bearer" * 10_000),
)
BAD_WORDS = (
    *(
        "undefined",
        "null",
        "NaN",
        "true",
        "0",
        "token={}",
        '"{}"',
        "{},{}",
        "{}\t",
        "\t{}",
        "{}\xa0",
        "\xa0{}",
    ),
    *("<{}>", "{}\n", "{}\x00", "\xff\xfe", "\xf0\x9f\x98\x80", "{}=", "x" * 60_000),
)


@pytest.mark.parametrize("form", ATTEMPTS)
def test_the_scheme_has_any_case_and_any_number_of_spaces(form: str, api: APIClient, user: User) -> None:
    response = api.get("/auth/me", HTTP_AUTHORIZATION=form.format(user.token))
    assert (response.status_code, response.json()["username"]) == (200, "jane_doe")


@pytest.mark.parametrize("form", NO_ATTEMPTS)
def test_any_other_header_is_no_attempt(form: str, api: APIClient, user: User) -> None:
    response = api.get("/auth/me", HTTP_AUTHORIZATION=form.replace("{}", user.token))
    assert (response.status_code, response.json()) == (401, NOBODY)
    assert response.headers["WWW-Authenticate"] == CHALLENGE + (HINT if form else "")


@pytest.mark.parametrize("word", BAD_WORDS)
def test_one_word_that_is_no_token_is_a_refused_attempt(word: str, api: APIClient, user: User) -> None:
    response = api.get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {word.replace('{}', user.token)}")
    assert (response.status_code, response.json()) == (401, INVALID)
    assert response.headers["WWW-Authenticate"] == (
        'Bearer realm="oddjobbox", error="invalid_token", '
        'error_description="Invalid authentication. Could not decode token."'
    )


def test_a_token_anywhere_but_in_the_header_is_not_looked_at(api: APIClient, user: User) -> None:
    token = user.token
    api.cookies["token"] = api.cookies["access_token"] = api.cookies["Authorization"] = token
    for name in ("X_AUTHORIZATION", "PROXY_AUTHORIZATION", "X_ACCESS_TOKEN", "X_AUTH_TOKEN", "TOKEN"):
        assert api.get("/auth/me", **{f"HTTP_{name}": f"Bearer {token}"}).json() == NOBODY
    for name in ("X_REMOTE_USER", "REMOTE_USER", "X_USER_ID", "X_FORWARDED_USER"):
        assert api.get("/auth/me", **{f"HTTP_{name}": "jane_doe"}).json() == NOBODY
    for query in ("token", "access_token", "authorization", "jwt"):
        assert api.get("/auth/me", {query: token}).json() == NOBODY
    form = f"access_token={token}"
    sent = api.generic("PATCH", "/auth/me", form, "application/x-www-form-urlencoded")
    assert (sent.status_code, sent.json()) == (401, NOBODY)


def test_the_servers_own_user_variable_signs_nobody_in(api: APIClient, user: User) -> None:
    assert api.get("/auth/me", REMOTE_USER="jane_doe").json() == NOBODY


def test_two_headers_are_never_accepted(live: LiveServer) -> None:
    """RFC 6750 §3.1: a client must not use more than one method."""
    with live.client() as client:
        account = {"username": "two_headers", "email": "two_headers@example.com", "password": PASSWORD}
        token = client.post("/auth/registration", json=account).json()["token"]
    bearer = f"Authorization: Bearer {token}"
    basic = f"Authorization: Basic {base64.b64encode(b'two_headers:x').decode()}"
    assert status_of(live, [bearer]) == 200
    for headers in (
        [bearer, bearer],
        [bearer, "Authorization: Bearer x"],
        ["Authorization: Bearer x", bearer],
    ):
        assert status_of(live, headers) in (400, 401)
    assert status_of(live, [basic, bearer]) in (400, 401)
    assert status_of(live, [bearer, basic]) in (400, 401)
    assert status_of(live, [f"HTTP_{bearer}", f"X_{bearer}", "Remote_User: two_headers"]) in (400, 401)


def status_of(server: LiveServer, headers: list[str]) -> int:
    lines = ["GET /auth/me HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=WAIT_SECONDS) as connection:
        connection.sendall("\r\n".join(lines).encode())
        with connection.makefile("rb") as answer:
            return int(answer.readline().split()[1])
