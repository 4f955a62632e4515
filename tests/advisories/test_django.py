"""Flaws of Django and of Django REST framework that reach through to what is built on them."""

import logging
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import hashers
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.login import services as login
from authentication.models import User
from tests.conftest import PASSWORD, client_for
from tests.costs import assert_grows_with_length

# The beginning of a header, and what is repeated so often behind it. gunicorn lets 8,190 bytes through.
LONG_HEADERS = [
    ("", "a/b;", 2000),
    ("", ",", 8000),
    ('a;b="', '\\"', 4000),
    ("a;", "b*='';", 1300),
    ("", ";", 8000),
]
# The same for a value of a body; NFKC writes one of these characters as eighteen.
LONG_VALUES = [
    *[("", "x", 60_000), ("a@", "a.", 30_000), ("", "@", 60_000)],
    *[("", "\u2100", 20_000), ("", "a\u0301", 20_000), ("", "\ufdfa", 20_000)],
]


@pytest.fixture
def unlimited(settings: Settings) -> None:
    settings.RATE_LIMITS = False


def test_known_unknown_inactive_and_unusable_users_cost_one_hash_each(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CVE-2024-39329, CVE-2025-13473, CVE-2016-2513: the time of an answer told who has an account."""
    User.objects.create_user("inactive", "inactive@example.com", PASSWORD, is_active=False)
    User.objects.create_user("unusable", "unusable@example.com", None)
    hashed: list[str] = []
    real = hashers.MD5PasswordHasher.encode

    def encode(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
    for name in (
        "jane_doe",
        "nobody_here",
        "inactive",
        "unusable",
        "jane@example.com",
        "x@example.com",
        "x" * 999,
    ):
        hashed.clear()
        api.post("/auth/login", {"username": name, "password": "wrong horse battery"})
        # A hash of anything takes the same time; which text is hashed is Django's choice.
        assert len(hashed) == 1, name


def test_a_path_cannot_begin_a_line_of_the_log(
    api: APIClient, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """CVE-2025-48432: control characters of the path were written to the log as they were."""

    def fail(**kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(login, "sign_in", fail)
    monkeypatch.setattr("authentication.middleware._is_host_served", lambda request: fail())
    api.raise_request_exception = False
    with caplog.at_level(logging.INFO):
        for path in ("/auth/login%0A2026-01-01%20INFO%20forged", "/auth/%1B%5B31m", "/auth/%0D%0Aforged"):
            api.post(path, {"username": "jane_doe", "password": "x"})
    assert caplog.records
    for record in caplog.records:
        assert not {"\n", "\r", "\x1b"} & set(record.getMessage()), record.name


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize(("begin", "repeated", "times"), LONG_HEADERS)
def test_the_time_to_read_a_header_grows_with_its_length_at_most(
    begin: str, repeated: str, times: int, user: User
) -> None:
    """CVE-2026-84429: the time to parse Accept and Content-Type grew with the square of their length."""
    client = client_for(user.token)

    def accept(times: int) -> None:
        assert client.get("/auth/me", HTTP_ACCEPT=begin + repeated * times).status_code < 500

    def send(times: int) -> None:
        answer = client.generic("POST", "/auth/login", "{}", begin + repeated * times)
        assert answer.status_code == 415

    assert_grows_with_length(accept, times)
    assert_grows_with_length(send, times)


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("field", ["username", "email", "password"])
@pytest.mark.parametrize(("begin", "repeated", "times"), LONG_VALUES)
def test_the_time_to_refuse_a_value_grows_with_its_length_at_most(
    begin: str, repeated: str, times: int, field: str, api: APIClient, db: None
) -> None:
    """CVE-2023-36053, CVE-2023-46695: a pattern and NFKC were run on texts of any length."""

    def post(path: str, times: int) -> None:
        value = begin + repeated * times
        body = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD, field: value}
        assert api.post(path, body).status_code == 400

    assert_grows_with_length(partial(post, "/auth/registration"), times)
    assert_grows_with_length(partial(post, "/auth/login"), times)
    assert not User.objects.exists()


def test_no_page_is_made_for_a_browser(user: User) -> None:
    """CVE-2020-25626: the browsable API put a stranger's text into a page."""
    client = client_for(user.token)
    for path in (
        "/auth/me?format=api",
        "/auth/me?format=html",
        "/auth/sessions?format=api",
        "/auth/%3Cscript%3E",
    ):
        answer = client.get(path, HTTP_ACCEPT="text/html")
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_cache_may_share_an_answer_between_users(user: User) -> None:
    """CVE-2026-35193: a cached answer was served to another Authorization header."""
    other = User.objects.create_user("john_doe", "john@example.com", PASSWORD)
    for person in (user, other):
        answer = client_for(person.token).get("/auth/me")
        assert answer.json()["username"] == person.username
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "typed",
    ["J\u0251ne@example.com", "jane@ex\u0430mple.com", "jan\u0435@example.com", "\uff4aane@example.com"],
)
def test_a_lookalike_address_is_not_the_account(typed: str, api: APIClient, user: User) -> None:
    """CVE-2019-19844: two addresses that Unicode folds alike were taken for one."""
    answer = api.post("/auth/login", {"email": typed, "password": PASSWORD})
    assert answer.status_code == 400
