"""Credentials are read once and written once, and it is a service that ends a replaced session."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.audit import services as audit
from authentication.models import Event, Session, User
from authentication.sessions import transport
from authentication.tokens import devices
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import COOKIE, DEVICE_COOKIE, me_code, refresh_code, sign_in

LOGIN = {"username": "jane_doe", "password": PASSWORD}
OTHER = {"username": "other_user", "email": "other@example.com", "password": PASSWORD}
CHANGE = {"password": PASSWORD, "new_password": "battery staple horse"}
each_way = pytest.mark.parametrize("refresh_in", ["cookie", "body", None])


def _extra(refresh_in: str | None) -> dict[str, str]:
    return {"refresh_in": refresh_in} if refresh_in else {}


def _events() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("event", flat=True))


@each_way
def test_a_registration_ends_the_session_of_the_cookie(
    api: APIClient, user: User, refresh_in: str | None
) -> None:
    old = sign_in(api, refresh_in="cookie")

    answer = api.post("/auth/registration", OTHER | _extra(refresh_in))

    assert answer.status_code == 201
    assert me_code(old["token"]) == "session_ended"
    assert me_code(answer.json()["token"]) == ""
    assert _events()[-2:] == ["signed_out", "registered"]
    assert bool(answer.cookies[COOKIE].value) is (refresh_in == "cookie")


def test_a_registration_without_a_session_keeps_the_one_of_the_cookie(
    api: APIClient, user: User, settings: Settings
) -> None:
    old = sign_in(api, refresh_in="cookie")
    settings.REQUIRE_VERIFIED_EMAIL = True

    answer = api.post("/auth/registration", OTHER | {"refresh_in": "cookie"})

    assert answer.status_code == 201
    assert not answer.cookies
    assert me_code(old["token"]) == ""


@each_way
def test_a_password_change_ends_the_session_of_the_cookie_of_another_user(
    api: APIClient, user: User, refresh_in: str | None
) -> None:
    User.objects.create_user(**OTHER)
    theirs = api.post("/auth/login", OTHER | {"refresh_in": "cookie"}).json()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(APIClient())['token']}")

    answer = api.post("/auth/password/change", CHANGE | _extra(refresh_in))

    assert answer.status_code == 200
    assert me_code(theirs["token"]) == "session_ended"
    assert me_code(answer.json()["token"]) == ""


def test_a_password_change_records_no_sign_out_of_its_own_session(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="cookie")["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    api.post("/auth/password/change", CHANGE | {"refresh_in": "cookie"})

    assert _events()[-1] == "password_changed"
    assert "signed_out" not in _events()


def test_a_sign_in_that_cannot_end_the_old_session_opens_none(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = sign_in(api, refresh_in="cookie")
    record = audit.record

    def fail(event: str, **kwargs: Any) -> None:
        if event == "signed_out":
            raise RuntimeError
        record(event, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(audit, "record", fail)
    api.raise_request_exception = False

    assert api.post("/auth/login", LOGIN | {"refresh_in": "cookie"}).status_code == 500
    assert me_code(old["token"]) == ""
    assert Session.objects.count() == 1


def test_a_cookie_whose_session_has_ended_is_replaced_without_an_event(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")
    cookie = api.cookies[COOKIE].value
    Session.objects.all().delete()
    before = _events()

    answer = api.post("/auth/login", LOGIN | {"refresh_in": "cookie"})

    assert answer.cookies[COOKIE].value not in ("", cookie)
    assert _events() == [*before, "signed_in"]
    assert refresh_code(cookie) == "session_ended"


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens that are verified, in order: device tokens, and refresh tokens of cookies."""
    found: list[str] = []
    real_device, real_refresh = devices.verify_device_token, transport.verify_refresh_token

    def verify_device(token: str) -> Any:
        found.append(token)
        return real_device(token)

    def verify_refresh(token: str) -> Any:
        found.append(token)
        return real_refresh(token)

    monkeypatch.setattr(devices, "verify_device_token", verify_device)
    monkeypatch.setattr(transport, "verify_refresh_token", verify_refresh)
    return found


@each_way
def test_each_credential_of_a_request_is_verified_once(
    api: APIClient, user: User, verified: list[str], refresh_in: str | None
) -> None:
    sign_in(api, refresh_in="cookie")
    brought = sorted(api.cookies[name].value for name in (COOKIE, DEVICE_COOKIE))
    verified.clear()

    assert api.post("/auth/login", LOGIN | _extra(refresh_in)).status_code == 200
    assert sorted(verified) == brought


def test_a_request_that_needs_no_device_verifies_none(
    api: APIClient, user: User, verified: list[str]
) -> None:
    sign_in(api, refresh_in="cookie")
    verified.clear()

    assert api.post("/auth/refresh").status_code == 200
    assert api.post("/auth/logout").status_code == 204
    assert verified == []


@pytest.mark.parametrize("debug", [False, True])
def test_the_names_of_the_cookies_begin_with_the_setting(
    api: APIClient, user: User, settings: Settings, debug: bool
) -> None:
    api.cookies["__Host-oddjobbox_refresh"] = "oj_of-another-installation"
    settings.COOKIE_PREFIX, settings.DEBUG = "shop", debug
    host = "" if debug else "__Host-"

    answer = api.post("/auth/login", LOGIN | {"refresh_in": "cookie"})

    assert list(answer.cookies) == [f"{host}shop_refresh", f"{host}shop_device"]
    assert api.post("/auth/refresh").status_code == 200
    assert list(api.post("/auth/logout").cookies) == [f"{host}shop_refresh"]


def test_deleting_the_account_clears_the_cookie_it_came_with(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="cookie")["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    answer = api.post("/auth/me/delete", {"password": PASSWORD})

    assert (answer.status_code, answer.cookies[COOKIE]["max-age"]) == (204, 0)
    api.cookies.clear()
    answer = client_for(sign_in_as_new(api)).post("/auth/me/delete", {"password": PASSWORD})
    assert (answer.status_code, list(answer.cookies)) == (204, [])


def sign_in_as_new(api: APIClient) -> str:
    return str(APIClient().post("/auth/registration", OTHER).json()["token"])


def test_the_admins_sign_in_reads_the_device_and_checks_no_origin(user: User) -> None:
    request = RequestFactory().post("/admin/login/", HTTP_ORIGIN="https://evil.example")
    request.COOKIES[COOKIE] = "oj_anything"
    request.COOKIES[DEVICE_COOKIE] = devices.issue_device_token(devices.new().with_user(user.pk))

    assert authenticate(request, username="jane_doe", password=PASSWORD) == user
