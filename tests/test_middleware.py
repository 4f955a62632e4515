"""What holds for every request before a view is chosen."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from authentication.models import User
from tests.api.bodies import ENDPOINTS, FORM, JSON, send
from tests.conftest import PASSWORD
from tests.live import WAIT_SECONDS, LiveServer

LIMIT = 64 * 1024
TOO_LARGE = {"detail": "The body is too large.", "code": "too_large"}
NOT_FOUND = {"detail": "Not found.", "code": "not_found"}
ACCEPTS = (
    *(
        "",
        "*/*",
        "text/html",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/xml",
        "image/png",
        "x",
        ";;",
    ),
    *("application/json;q=0", "text/*;q=", "\xff", "application/json; indent=900"),
)
UNKNOWN = (
    "/auth",
    "/auth/",
    "/auth/nothing",
    "/auth/login/x",
    "/auth//login",
    "/AUTH/login",
    "/x",
    "/auth/%00",
    "/%ff",
)
ALLOWED = {
    "/auth/registration": "POST, OPTIONS",
    "/auth/login": "POST, OPTIONS",
    "/auth/refresh": "POST, OPTIONS",
    "/auth/logout": "POST, OPTIONS",
    "/auth/me": "GET, PATCH, HEAD, OPTIONS",
    "/auth/me/delete": "POST, OPTIONS",
    "/auth/sessions": "GET, DELETE, HEAD, OPTIONS",
    "/auth/sessions/0b5e2c1e-6f0a-4a54-9a3b-2f6f6f1f9d11": "DELETE, OPTIONS",
    "/auth/password/change": "POST, OPTIONS",
}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_a_body_over_64_kib_is_refused_whatever_it_is(
    endpoint: tuple[str, str], signed_in: APIClient
) -> None:
    for content_type in (JSON, FORM, "text/plain"):
        answer = send(signed_in, endpoint, b"x" * (LIMIT + 1), content_type)
        assert (answer.status_code, answer.json()) == (413, TOO_LARGE)
        assert answer.headers["Content-Type"] == JSON
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_of_exactly_64_kib_is_read(api: APIClient, user: User) -> None:
    body = json.dumps({"username": "jane_doe", "password": PASSWORD})
    answer = send(api, ("POST", "/auth/login"), body + " " * (LIMIT - len(body)))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("65537", 413),
        ("9" * 5000, 413),
        ("0" * 5000 + "65537", 413),
        ("0" * 5000, 400),
        ("-1", 400),
        ("x", 400),
    ],
)
def test_the_declared_length_counts_however_it_is_written(
    length: str, status: int, api: APIClient, db: None
) -> None:
    answer = send(api, ("POST", "/auth/login"), b"{}", CONTENT_LENGTH=length)
    assert answer.status_code == status
    assert (answer.json() == TOO_LARGE) is (status == 413)


def test_a_body_in_chunks_is_refused(live: LiveServer) -> None:
    """Django would read it as an empty one."""
    status, headers, body = exchange(
        live,
        "POST /auth/login",
        "Content-Type: application/json\r\nTransfer-Encoding: chunked",
        "2\r\n{}\r\n0\r\n\r\n",
    )
    assert status == 411
    assert headers["content-type"] == JSON
    assert json.loads(body[body.index("{") : body.rindex("}") + 1]) == {
        "detail": "A request with a body needs a Content-Length header.",
        "code": "length_required",
    }


def test_a_parameter_in_an_unknown_encoding_is_refused(live: LiveServer) -> None:
    """RFC 2231 lets a parameter name its own encoding."""
    for request in ("POST /auth/login", "GET /auth/me", "GET /nothing"):
        status, headers, _ = exchange(
            live, request, "Content-Type: application/json; charset*=nope''%20\r\nContent-Length: 2", "{}"
        )
        assert 400 <= status < 500
        assert headers["content-type"] == JSON


def exchange(server: LiveServer, request: str, headers: str, body: str) -> tuple[int, dict[str, str], str]:
    """Send a request as it is written, and return status, headers and the rest."""
    address = urlsplit(server.url)
    head = f"{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=WAIT_SECONDS) as connection:
        connection.sendall((head + body).encode())
        with connection.makefile("rb") as answer:
            head, _, rest = answer.read().decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return int(first.split()[1]), {name.lower(): value for name, value in pairs}, rest


@pytest.mark.parametrize("accept", ACCEPTS)
def test_an_unknown_path_is_json_whatever_the_accept_header_says(
    accept: str, api: APIClient, db: None
) -> None:
    for path in UNKNOWN:
        for method in ("GET", "POST", "DELETE", "OPTIONS", "BREW"):
            answer = api.generic(method, path, HTTP_ACCEPT=accept)
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND), (method, path)
            assert answer.headers["Content-Type"] == JSON


@pytest.mark.parametrize("accept", ACCEPTS)
def test_a_response_is_json_whatever_the_accept_header_says(accept: str, signed_in: APIClient) -> None:
    answer = signed_in.get("/auth/me", HTTP_ACCEPT=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, JSON)


@pytest.mark.parametrize("path", ALLOWED)
def test_a_wrong_method_gets_the_allowed_ones(path: str, signed_in: APIClient) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW", "CONNECT"):
        if method not in ALLOWED[path]:
            answer = signed_in.generic(method, path)
            expected = {"detail": f'Method "{method}" not allowed.', "code": "method_not_allowed"}
            assert (answer.status_code, answer.json()) == (405, expected)
            assert answer.headers["Allow"] == ALLOWED[path]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "local host",
        "localhost:x",
        "",
        "a@localhost",
        "[::2]",
        "\xff",
    ],
)
def test_a_host_that_is_not_served_is_refused(host: str, api: APIClient, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    expected = {"detail": "This host is not served here.", "code": "bad_request"}
    for path in ("/auth/me", "/auth/login", "/nothing"):
        answer = api.get(path, HTTP_HOST=host, HTTP_X_FORWARDED_HOST="localhost")
        assert (answer.status_code, answer.json()) == (400, expected)
    assert api.get("/health/live", HTTP_HOST=host).status_code == 200


def test_every_response_forbids_caching_framing_and_sniffing(api: APIClient, signed_in: APIClient) -> None:
    refused = send(api, ("POST", "/auth/login"), b"x" * (LIMIT + 1))
    for answer in (api.get("/auth/me"), signed_in.get("/auth/me"), api.get("/auth/nothing"), refused):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
