"""The refresh token in a cookie."""

import re
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.core import clock
from authentication.models import Session, User
from tests.conftest import PASSWORD
from tests.sessions.steps import COOKIE, me_code, refresh, refresh_code, sign_in

PLAIN = "oddjobbox_refresh"
SIXTY_DAYS = 60 * 24 * 3600
# DEBUG, whether the request came over TLS, the name, and the attribute that only TLS allows.
MODES = [(True, False, PLAIN, ""), (True, True, COOKIE, "; Secure"), (False, False, COOKIE, "; Secure")]
in_every_mode = pytest.mark.parametrize(("debug", "over_tls", "name", "secure"), MODES)


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)


def _lines(answer: Any) -> list[str]:
    """Return the Set-Cookie headers, with the tokens and the dates of expiry taken out."""
    lines = [morsel.OutputString() for morsel in answer.cookies.values()]
    dateless = [re.sub(r"expires=[^;]+", "expires=DATE", line) for line in lines]
    return [
        re.sub(r"(oj_[A-Za-z0-9_-]{27}|ojd_[A-Za-z0-9_-]{32})\.[A-Za-z0-9_-]{43}", "TOKEN", line)
        for line in dateless
    ]


@in_every_mode
def test_the_cookie_has_these_attributes_and_no_others(
    api: APIClient, user: User, settings: Settings, debug: bool, over_tls: bool, name: str, secure: str
) -> None:
    settings.DEBUG = debug
    credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "cookie"}
    rest = f"; Path=/; SameSite=Strict{secure}"
    expected = f"{name}=TOKEN; expires=DATE; HttpOnly; Max-Age={SIXTY_DAYS}{rest}"
    device = name.replace("refresh", "device")

    answer = api.post("/auth/login", credentials, secure=over_tls)
    assert _lines(answer) == [
        expected,
        f"{device}=TOKEN; expires=DATE; HttpOnly; Max-Age={365 * 24 * 3600}{rest}",
    ]
    assert set(answer.json()) == {"username", "email", "token", "expires_in"}

    answer = api.post("/auth/refresh", secure=over_tls)
    assert answer.status_code == 200
    assert _lines(answer) == [expected]
    assert set(answer.json()) == {"token", "expires_in"}


@in_every_mode
def test_logout_clears_the_cookie_with_the_same_attributes(
    api: APIClient, user: User, settings: Settings, debug: bool, over_tls: bool, name: str, secure: str
) -> None:
    settings.DEBUG = debug
    credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "cookie"}
    api.post("/auth/login", credentials, secure=over_tls)

    answer = api.post("/auth/logout", secure=over_tls)

    assert answer.status_code == 204
    # The device stays known.
    assert _lines(answer) == [
        f'{name}=""; expires=DATE; HttpOnly; Max-Age=0; Path=/; SameSite=Strict{secure}'
    ]
    assert not Session.objects.exists()


def test_a_cookie_without_the_host_prefix_is_not_looked_at_in_production(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")
    api.cookies[PLAIN] = api.cookies.pop(COOKIE).value

    answer = api.post("/auth/refresh")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_the_cookie_lasts_as_long_as_the_session(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(api, refresh_in="cookie")
    now = clock.now() + timedelta(days=59)
    Session.objects.update(created_at=now - timedelta(days=355))
    monkeypatch.setattr(clock, "now", lambda: now)

    answer = api.post("/auth/refresh")

    assert answer.cookies[COOKIE]["max-age"] == 10 * 24 * 3600


def test_the_body_takes_precedence_over_the_cookie(api: APIClient, user: User) -> None:
    in_body = sign_in(APIClient(), refresh_in="body")["refresh"]
    sign_in(api, refresh_in="cookie")
    in_cookie = api.cookies[COOKIE].value

    answer = api.post("/auth/refresh", {"refresh": in_body})

    assert set(answer.json()) == {"token", "expires_in", "refresh"}
    assert not answer.cookies
    assert Session.objects.filter(generation=1).count() == 1
    refresh(in_cookie)
    assert Session.objects.filter(generation=1).count() == 2


def test_a_refresh_without_body_and_cookie_is_not_authenticated(api: APIClient, db: None) -> None:
    answer = api.post("/auth/refresh")

    assert answer.status_code == 401
    assert answer.json() == {
        "detail": "Authentication credentials were not provided.",
        "code": "not_authenticated",
    }
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="oddjobbox"'


def test_two_tabs_with_one_cookie_get_one_and_the_same_cookie(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")
    first = api.cookies[COOKIE].value
    set_by = []
    for _ in range(2):
        api.cookies[COOKIE] = first
        set_by.append(api.post("/auth/refresh").cookies[COOKIE].value)

    assert set_by[0] == set_by[1] != first


@pytest.mark.parametrize("refresh_in", ["cookie", "body", None])
def test_a_sign_in_ends_the_session_of_the_cookie_it_brings(
    api: APIClient, user: User, refresh_in: str | None
) -> None:
    old = sign_in(api, refresh_in="cookie")
    old_cookie = api.cookies[COOKIE].value

    body = {"username": "jane_doe", "password": PASSWORD} | ({"refresh_in": refresh_in} if refresh_in else {})
    answer = api.post("/auth/login", body)

    assert me_code(old["token"]) == "session_ended"
    assert refresh_code(old_cookie) == "session_ended"
    assert me_code(answer.json()["token"]) == ""
    if refresh_in == "cookie":
        assert answer.cookies[COOKIE].value not in ("", old_cookie)
    else:
        assert (answer.cookies[COOKIE].value, answer.cookies[COOKIE]["max-age"]) == ("", 0)


def test_a_failed_sign_in_keeps_the_session_of_the_cookie(api: APIClient, user: User) -> None:
    old = sign_in(api, refresh_in="cookie")

    answer = api.post("/auth/login", {"username": "jane_doe", "password": "wrong", "refresh_in": "cookie"})

    assert answer.status_code == 400
    assert not answer.cookies
    assert me_code(old["token"]) == ""


@pytest.mark.parametrize("value", ["", "nonsense", "oj_" + "A" * 70, f"oj_{'A' * 27}.{'A' * 43}"])
def test_an_invalid_cookie_does_not_prevent_a_sign_in(api: APIClient, user: User, value: str) -> None:
    api.cookies[COOKIE] = value

    assert me_code(sign_in(api, refresh_in="cookie")["token"]) == ""
    api.cookies[COOKIE] = value
    answer = api.post("/auth/refresh")
    assert answer.status_code == 401


def test_a_password_change_moves_the_cookie_to_the_new_session(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="cookie")["token"]
    old = api.cookies[COOKIE].value
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    body = {"password": PASSWORD, "new_password": "battery staple horse", "refresh_in": "cookie"}
    answer = api.post("/auth/password/change", body)

    assert set(answer.json()) == {"username", "email", "token", "expires_in"}
    assert refresh_code(old) == "session_ended"
    refresh(answer.cookies[COOKIE].value)
