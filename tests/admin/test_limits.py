"""The admin's sign-in under the limits: the form again with an error, never JSON or a 500."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.api.errors import Busy
from authentication.audit.models import EventType
from authentication.models import Event, User
from authentication.tokens import devices
from authentication.users import hashing
from tests.conftest import PASSWORD

LOGIN = "/admin/login/"
HTML = "text/html; charset=utf-8"
TOO_MANY = "Too many attempts. Try again in 15 minutes."
BUSY = "The server is busy. Try again in a moment."


@pytest.fixture(autouse=True)
def _few_attempts(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LIMITS = {**settings.LIMITS, "LOGIN_PAIR": (3, timedelta(minutes=15))}


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD)


def sign_in(browser: Client, password: str = PASSWORD, username: str = "the_admin") -> Any:
    return browser.post(LOGIN, {"username": username, "password": password, "next": "/admin/"})


def burn(browser: Client) -> None:
    """Use up every attempt that this address has for the account."""
    assert [sign_in(browser, "wrong").status_code for _ in range(3)] == [200] * 3


def test_after_too_many_wrong_passwords_the_form_says_when_to_try_again(admin: User) -> None:
    browser = Client()
    burn(browser)

    answer = sign_in(browser)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, HTML)
    page = answer.content.decode()
    assert page.count(TOO_MANY) == 1
    assert 'name="username" value="the_admin"' in page
    assert 'name="next" value="/admin/"' in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert PASSWORD not in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data:")
    assert not get_user(browser).is_authenticated  # type: ignore[arg-type]


def test_the_form_that_was_shown_again_works_once_the_time_is_over(
    admin: User, advance: Callable[..., None]
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(LOGIN)
    form = {"username": "the_admin", "csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    for _ in range(3):
        assert browser.post(LOGIN, {**form, "password": "wrong"}).status_code == 200
    assert TOO_MANY in browser.post(LOGIN, {**form, "password": PASSWORD}).content.decode()

    advance(minutes=14, seconds=30)
    refused = browser.post(LOGIN, {**form, "password": PASSWORD})
    assert "Too many attempts. Try again in 1 minute." in refused.content.decode()

    advance(seconds=31)
    assert browser.post(LOGIN, {**form, "password": PASSWORD, "next": "/admin/"}).status_code == 302
    assert browser.get("/admin/").status_code == 200


def test_the_admin_and_the_api_count_together(admin: User, api: APIClient) -> None:
    burn(Client())

    answer = api.post("/auth/login", {"username": "admin@example.com", "password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")


def test_a_refused_attempt_is_not_recorded_and_the_last_counted_one_is_once(admin: User) -> None:
    browser = Client()
    burn(browser)
    for _ in range(3):
        assert TOO_MANY in sign_in(browser, "wrong").content.decode()

    recorded = list(Event.objects.order_by("pk").values_list("event", "user_id"))
    assert sorted(recorded) == sorted(
        [(EventType.SIGN_IN_FAILED, admin.pk)] * 3 + [(EventType.SIGN_INS_LIMITED, admin.pk)]
    )


def test_a_username_that_nobody_has_is_limited_alike(db: None) -> None:
    browser = Client()
    assert [sign_in(browser, "wrong", "nobody_here").status_code for _ in range(3)] == [200] * 3

    answer = sign_in(browser, "wrong", "nobody_here")

    assert TOO_MANY in answer.content.decode()


def test_a_known_device_signs_in_while_strangers_have_used_up_the_accounts_limit(
    admin: User, settings: Settings
) -> None:
    settings.LIMITS = {**settings.LIMITS, "LOGIN_ACCOUNT": (3, timedelta(hours=1))}
    burn(Client(REMOTE_ADDR="192.0.2.66"))
    browser = Client()
    assert sign_in(browser).status_code == 200

    marker = devices.issue_device_token(devices.new().with_user(admin.pk))
    browser.cookies["__Host-oddjobbox_device"] = marker

    assert sign_in(browser).status_code == 302


def test_a_name_with_markup_in_it_is_shown_as_text(db: None) -> None:
    browser, name = Client(), '"><script>alert(1)</script>'
    for _ in range(3):
        sign_in(browser, "wrong", name)

    page = sign_in(browser, "wrong", name)

    assert TOO_MANY in page.content.decode()
    assert b"<script>alert" not in page.content


def test_a_busy_server_shows_the_form_again_too(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(compute: object) -> None:
        raise Busy()

    monkeypatch.setattr(hashing, "_in_turn", refuse)

    answer = sign_in(Client())

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, HTML)
    assert answer.content.decode().count(BUSY) == 1


def test_a_busy_server_says_so_on_the_other_pages_of_the_admin(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client()
    assert sign_in(browser).status_code == 302

    def refuse(compute: object) -> None:
        raise Busy()

    monkeypatch.setattr(hashing, "_in_turn", refuse)
    form = {"usable_password": "true", "password1": "another good one", "password2": "another good one"}

    answer = browser.post(f"/admin/authentication/user/{admin.pk}/password/", form)

    assert (answer.status_code, answer.content.decode()) == (503, BUSY)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Retry-After"] == "1"
    admin.refresh_from_db()
    monkeypatch.undo()
    assert sign_in(Client()).status_code == 302


def test_without_limits_any_number_of_wrong_passwords_is_just_wrong(admin: User, settings: Settings) -> None:
    settings.RATE_LIMITS = False
    browser = Client()

    assert [sign_in(browser, "wrong").status_code for _ in range(12)] == [200] * 12
    assert sign_in(browser).status_code == 302
