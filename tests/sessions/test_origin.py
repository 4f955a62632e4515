"""Only the site's own pages may use the refresh cookie."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.models import Event, Session, User
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import COOKIE, DEVICE_COOKIE, sign_in

REFUSAL = {
    "detail": "Requests from this origin may not use the refresh cookie.",
    "code": "origin_not_allowed",
}
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://testserver.evil.example"},
    {"Origin": "https://testserver:8443"},
    {"Origin": "testserver"},
    {"Origin": ""},
    {"Origin": "https://[evil"},
    {"Origin": "evil-app://testserver"},
    {"Origin": "NULL"},
    {"Origin": "capacitor://app.example.com"},
    {"Origin": "https://app.example.com@testserver"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
]
OWN = [
    {},
    {"Origin": "http://testserver"},
    {"Origin": "https://testserver"},
    {"Origin": "https://TESTSERVER"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://rewritten.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example.com"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://app.example.com"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "capacitor://localhost"},
    {"Origin": "https://a.b.pages.example"},
]


@pytest.fixture(autouse=True)
def _listed(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.com", "capacitor://localhost"]
    settings.CORS_ALLOWED_ORIGIN_REGEXES = [re.compile(r"https://[a-z0-9.-]+\.pages\.example")]


LOGIN = {"username": "jane_doe", "password": PASSWORD}
OTHER = {"username": "other_user", "email": "other@example.com", "password": PASSWORD}
CHANGE = {"password": PASSWORD, "new_password": "battery staple horse"}
IN_COOKIE = {"refresh_in": "cookie"}


def _post(path: str, body: dict[str, Any]) -> Callable[[APIClient, dict[str, str]], Any]:
    return lambda client, headers: client.post(path, body, headers=headers)


# What would set, read or clear the cookie.
USES = {
    "registration into a cookie": (_post("/auth/registration", OTHER | IN_COOKIE), False),
    "registration with a cookie": (_post("/auth/registration", OTHER), True),
    "login into a cookie": (_post("/auth/login", LOGIN | IN_COOKIE), False),
    "login with a cookie": (_post("/auth/login", LOGIN), True),
    "login into the body with a cookie": (_post("/auth/login", LOGIN | {"refresh_in": "body"}), True),
    "refresh": (_post("/auth/refresh", {}), True),
    "logout": (_post("/auth/logout", {}), True),
    "password change into a cookie": (_post("/auth/password/change", CHANGE | IN_COOKIE), False),
    "password change with a cookie": (_post("/auth/password/change", CHANGE), True),
}


def _client(user: User, *, with_cookie: bool) -> APIClient:
    client = APIClient()
    token = sign_in(client, **IN_COOKIE)["token"]
    if not with_cookie:
        client.cookies.clear()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def _state() -> list[list[Any]]:
    return [list(model.objects.order_by("pk").values()) for model in (User, Session, Event)]


@pytest.mark.parametrize("name", USES)
def test_a_foreign_site_is_refused_and_changes_nothing(user: User, name: str) -> None:
    act, with_cookie = USES[name]
    client = _client(user, with_cookie=with_cookie)
    before = _state()

    for headers in FOREIGN:
        answer = act(client, headers)
        assert (answer.status_code, answer.json()) == (403, REFUSAL), headers
        assert not answer.cookies

    assert _state() == before


@pytest.mark.parametrize("headers", OWN)
@pytest.mark.parametrize("name", ["login into a cookie", "refresh", "logout"])
def test_own_and_listed_origins_and_no_browser_at_all_pass(
    user: User, name: str, headers: dict[str, str]
) -> None:
    act, with_cookie = USES[name]
    client = _client(user, with_cookie=with_cookie)

    answer = act(client, headers)

    assert answer.status_code in (200, 204), answer.json()
    assert list(answer.cookies) == ([COOKIE, DEVICE_COOKIE] if name.startswith("login") else [COOKIE])


@pytest.mark.parametrize("name", [name for name in USES if name.startswith(("registration", "password"))])
def test_the_listed_frontend_may_do_all_the_rest(user: User, name: str) -> None:
    act, with_cookie = USES[name]

    answer = act(_client(user, with_cookie=with_cookie), {"Origin": "https://app.example.com"})

    assert answer.status_code in (200, 201), answer.json()


def test_without_the_cookie_any_origin_is_served(api: APIClient, user: User) -> None:
    headers = FOREIGN[-1]
    answer = api.post("/auth/login", LOGIN | {"refresh_in": "body"}, headers=headers)
    assert answer.status_code == 200
    pair = answer.json()
    assert api.post("/auth/refresh", {"refresh": pair["refresh"]}, headers=headers).status_code == 200
    assert client_for(pair["token"]).post("/auth/logout", headers=headers).status_code == 204


def test_in_debug_any_port_of_localhost_passes(settings: Settings, api: APIClient, user: User) -> None:
    settings.CORS_ALLOWED_ORIGIN_REGEXES = [r"^https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$"]

    def status(origin: str) -> int:
        return api.post("/auth/login", LOGIN | IN_COOKIE, headers={"Origin": origin}).status_code

    assert [status("http://localhost:5173"), status("http://[::1]:3000")] == [200, 200]
    assert [status("http://localhost.evil.example"), status("http://127.0.0.1.nip.example")] == [403, 403]


def test_behind_tls_nobody_needs_the_scheme_to_match(api: APIClient, user: User) -> None:
    # A proxy that ends TLS and says nothing about it: the Origin says https, the request http.
    answer = api.post("/auth/login", LOGIN | IN_COOKIE, headers={"Origin": "https://testserver"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "listed", [{"CORS_ALLOWED_ORIGINS": ["null"]}, {"CORS_ALLOWED_ORIGIN_REGEXES": [".*"]}]
)
def test_the_null_origin_never_passes(
    settings: Settings, api: APIClient, user: User, listed: dict[str, list[str]]
) -> None:
    for name, value in listed.items():
        setattr(settings, name, value)

    answer = api.post("/auth/login", LOGIN | IN_COOKIE, headers={"Origin": "null"})

    assert (answer.status_code, answer.json()) == (403, REFUSAL)
