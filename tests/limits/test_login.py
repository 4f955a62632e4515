"""Sign-ins beyond the limit, and owners who get in all the same."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import Event, User
from tests.conftest import PASSWORD
from tests.limits.steps import WRONG, assert_signs_in, assert_throttled, client_at, fail, login

Wait = Callable[..., datetime]
QUARTER = timedelta(minutes=15)


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create_user("other_user", "other@example.com", PASSWORD)


def _burn(identifier: str, ip: str = "127.0.0.1") -> None:
    fail(client_at(ip), identifier, 10)


def test_after_ten_wrong_passwords_the_right_one_is_refused_until_the_window_is_over(
    api: APIClient, user: User, wait: Wait
) -> None:
    _burn("jane_doe")
    wait(minutes=5)

    assert_throttled(login(api, "jane_doe", PASSWORD), 600)

    wait(minutes=9, seconds=59)
    assert_throttled(login(api, "jane_doe", PASSWORD), 1)
    wait(seconds=1)
    assert_signs_in(api)


def test_a_throttled_sign_in_hashes_nothing(
    api: APIClient, user: User, wait: Wait, hashed: list[str]
) -> None:
    _burn("jane_doe")
    _burn("nobody_here")
    wait(seconds=1)
    assert len(hashed) == 20

    for identifier in ("jane_doe", "nobody_here") * 5:
        assert login(api, identifier, PASSWORD).status_code == 429

    assert len(hashed) == 20
    assert Event.objects.filter(event="sign_in_failed").count() == 20


def test_known_and_unknown_accounts_are_refused_alike(api: APIClient, user: User, wait: Wait) -> None:
    answers = []
    for identifier in ("jane_doe", "nobody_here"):
        _burn(identifier)
        wait(seconds=1)
        answers.append(login(api, identifier, PASSWORD))

    known, unknown = [(answer.status_code, answer.content, dict(answer.headers)) for answer in answers]
    assert known == unknown
    assert known[0] == 429
    assert known[2]["Retry-After"] == "899"


def test_as_a_problem_it_has_its_code_too(api: APIClient, user: User, wait: Wait) -> None:
    _burn("jane_doe")
    wait(seconds=1)

    answer = login(api, "jane_doe", headers={"Accept": "application/problem+json"})

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/docs/errors#throttled",
        "title": "Too many requests.",
        "status": 429,
        "detail": "Too many requests.",
        "code": "throttled",
    }


def test_a_frontend_on_another_origin_may_send_a_device_token_and_read_retry_after(
    settings: Any, api: APIClient, user: User, wait: Wait
) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    origin = {"Origin": "https://app.example.com"}
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-device"}

    allowed = api.options("/auth/login", headers=origin | asked)
    assert "x-device" in allowed.headers["Access-Control-Allow-Headers"].split(", ")

    _burn("jane_doe")
    wait(seconds=1)
    refused = login(api, "jane_doe", headers=origin)
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"].split(", ")


def test_the_right_password_after_nine_wrong_ones_resets_the_count(
    api: APIClient, user: User, wait: Wait
) -> None:
    for _ in range(3):
        fail(api, "jane_doe", 9)
        assert_signs_in(api)


def test_another_address_has_a_count_of_its_own_up_to_that_of_the_account(user: User, wait: Wait) -> None:
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        _burn("jane_doe", address)
        wait(seconds=1)
    # Thirty wrong passwords within the hour.

    assert_throttled(login(client_at("192.0.2.4"), "jane_doe", PASSWORD), 3600 - 3)
    wait(hours=1, seconds=-3)
    assert_signs_in(client_at("192.0.2.4"))


def test_other_accounts_are_not_concerned(api: APIClient, user: User, stranger: User, wait: Wait) -> None:
    _burn("jane_doe")

    assert_signs_in(api, "other_user")


def test_the_owner_signs_in_from_a_known_device_while_strangers_are_refused(user: User, wait: Wait) -> None:
    owner = client_at("192.0.2.7")
    marker = assert_signs_in(owner)["device"]
    for address in ("192.0.2.7", "192.0.2.8", "192.0.2.9"):
        _burn("jane_doe", address)
    wait(seconds=1)
    assert login(client_at("198.51.100.1"), "jane_doe", PASSWORD).status_code == 429

    # From the very address that the stranger uses, too.
    marker = assert_signs_in(client_at("192.0.2.7", marker))["device"]
    assert_signs_in(client_at("198.51.100.1", marker))

    # That has not given the stranger any new tries.
    assert login(client_at("198.51.100.1"), "jane_doe", PASSWORD).status_code == 429


def test_a_known_browser_is_known_by_its_cookie(user: User, wait: Wait) -> None:
    browser = client_at("192.0.2.7")
    browser.post("/auth/login", {"username": "jane_doe", "password": PASSWORD, "refresh_in": "cookie"})
    _burn("jane_doe", "192.0.2.7")
    wait(seconds=1)
    assert login(client_at("192.0.2.7"), "jane_doe", PASSWORD).status_code == 429

    assert_signs_in(browser)


def test_a_known_device_has_ten_tries_of_its_own(user: User, wait: Wait) -> None:
    marker = assert_signs_in(client_at("192.0.2.7"))["device"]
    for number in range(10):
        fail(client_at(f"192.0.2.{number}", marker), "jane_doe", 1)
    wait(seconds=1)

    assert_throttled(login(client_at("192.0.2.7", marker), "jane_doe", PASSWORD), 899)
    assert_signs_in(client_at("192.0.2.7"))


def test_a_device_is_known_to_the_users_who_signed_in_there_only(
    user: User, stranger: User, wait: Wait
) -> None:
    marker = assert_signs_in(client_at("192.0.2.66"), "other_user")["device"]
    burning = client_at("192.0.2.66", marker)
    fail(burning, "jane_doe", 10)
    wait(seconds=1)

    assert login(burning, "jane_doe", PASSWORD).status_code == 429
    assert_signs_in(burning, "other_user")


def test_one_password_tried_on_many_accounts_from_one_address_is_refused(
    settings: Any, user: User, wait: Wait
) -> None:
    settings.LIMITS = settings.LIMITS | {"LOGIN_ADDRESS": (20, QUARTER)}
    sprayer = client_at("192.0.2.66")
    for number in range(20):
        fail(sprayer, f"person_{number}", 1)
    wait(seconds=1)

    for identifier in ("jane_doe", "person_0", "person_99"):
        assert_throttled(login(sprayer, identifier, PASSWORD), 899)
    assert_signs_in(client_at("192.0.2.7"))


def test_signing_in_to_an_account_of_their_own_gives_attackers_no_further_attempts(
    settings: Any, user: User, stranger: User, wait: Wait
) -> None:
    settings.LIMITS = settings.LIMITS | {"LOGIN_ADDRESS": (30, QUARTER)}
    attacker = client_at("192.0.2.66")
    statuses = []
    for number in range(60):
        wait(seconds=1)
        if number % 9 == 8:
            login(attacker, "other_user", PASSWORD)
        else:
            statuses.append(login(attacker, f"person_{number}").status_code)

    assert statuses == [400] * 30 + [429] * (len(statuses) - 30)


def test_a_network_of_ipv6_is_one_address(user: User, wait: Wait) -> None:
    for number in range(10):
        fail(client_at(f"2001:db8:1:2:{number}::{number + 1}"), "jane_doe", 1)
    wait(seconds=1)

    assert login(client_at("2001:db8:1:2:ffff::"), "jane_doe", PASSWORD).status_code == 429
    assert_signs_in(client_at("2001:db8:1:3::1"))


def test_an_ipv4_address_written_as_ipv6_is_the_same(user: User, wait: Wait) -> None:
    fail(client_at("192.0.2.7"), "jane_doe", 5)
    fail(client_at("::ffff:192.0.2.7"), "jane_doe", 5)
    wait(seconds=1)

    for ip in ("192.0.2.7", "::ffff:192.0.2.7", "::FFFF:c000:0207"):
        assert login(client_at(ip), "jane_doe", PASSWORD).status_code == 429
    assert_signs_in(client_at("::ffff:192.0.2.8"))


def test_a_limited_account_records_one_event(user: User, wait: Wait) -> None:
    _burn("jane_doe", "192.0.2.66")
    wait(seconds=1)
    for _ in range(3):
        login(client_at("192.0.2.66"), "jane_doe")

    rows = Event.objects.order_by("pk").values_list("event", "user_id", "ip")
    limited = ("sign_ins_limited", user.pk, "192.0.2.66")
    assert sorted(rows) == [("sign_in_failed", user.pk, "192.0.2.66")] * 10 + [limited]


def test_the_right_password_of_a_deactivated_user_is_still_answered_as_such(
    api: APIClient, user: User, wait: Wait
) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)

    answer = login(api, "jane_doe", PASSWORD)

    assert answer.json() == {"non_field_errors": ["This user has been deactivated."]}


def test_with_limits_off_nobody_is_refused(settings: Any, api: APIClient, user: User, wait: Wait) -> None:
    settings.RATE_LIMITS = False
    for _ in range(40):
        answer = login(api, "jane_doe")
        assert (answer.status_code, answer.json()) == (400, WRONG)
