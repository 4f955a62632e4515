"""The notice of a sign-in: for a client that is like none before."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD
from tests.smtp import SmtpServer

Work = Callable[[], None]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CURL = "curl/8.5.0"


@pytest.fixture
def told(smtp: SmtpServer, work: Work) -> Callable[[], list[str]]:
    """Work, and return the devices that the owner was told of."""

    def devices() -> list[str]:
        work()
        taken = [mail for mail in smtp.take() if mail.subject == "New sign-in at Oddjobbox"]
        own = [mail for mail in taken if mail.recipients == ["jane@example.com"]]
        return [line for mail in own for line in mail.text.splitlines() if line.startswith("Device: ")]

    return devices


def _sign_in(user_agent: str, ip: str = "192.0.2.10", **headers: str) -> dict[str, Any]:
    body = {"username": "jane_doe", "password": PASSWORD}
    answer = APIClient().post("/auth/login", body, HTTP_USER_AGENT=user_agent, REMOTE_ADDR=ip, **headers)
    assert answer.status_code == 200
    signed_in: dict[str, Any] = answer.json()
    return signed_in


def test_a_new_client_gets_one_notice(user: User, told: Callable[[], list[str]]) -> None:
    _sign_in(FIREFOX)
    assert told() == ["Device: Firefox on Linux"]

    _sign_in(FIREFOX)
    assert told() == []


@pytest.mark.parametrize(("user_agent", "ip"), [(CURL, "192.0.2.10"), (FIREFOX, "192.0.2.11")])
def test_another_program_or_another_address_is_new(
    user_agent: str, ip: str, user: User, told: Callable[[], list[str]]
) -> None:
    _sign_in(FIREFOX)
    told()

    _sign_in(user_agent, ip)
    assert len(told()) == 1


def test_a_device_with_its_token_is_known_wherever_it_is(user: User, told: Callable[[], list[str]]) -> None:
    marker = _sign_in(FIREFOX)["device"]
    told()

    _sign_in(CURL, "198.51.100.7", HTTP_X_DEVICE=marker)
    assert told() == []


def test_the_client_of_the_registration_is_known(
    db: None, api: APIClient, told: Callable[[], list[str]]
) -> None:
    body = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
    api.post("/auth/registration", body, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.10")

    _sign_in(FIREFOX)
    assert told() == []


def test_another_users_client_is_new_to_this_user(user: User, told: Callable[[], list[str]]) -> None:
    User.objects.create_user("john_doe", "john@example.com", PASSWORD)
    body = {"username": "john_doe", "password": PASSWORD}
    APIClient().post("/auth/login", body, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.10")

    _sign_in(FIREFOX)
    assert told() == ["Device: Firefox on Linux"]


def test_a_failed_sign_in_makes_no_client_known(user: User, told: Callable[[], list[str]]) -> None:
    wrong = {"username": "jane_doe", "password": "not her password"}
    APIClient().post("/auth/login", wrong, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.10")

    _sign_in(FIREFOX)
    assert told() == ["Device: Firefox on Linux"]


def test_a_second_sign_in_before_the_mail_is_sent_does_not_hide_the_first(
    user: User, told: Callable[[], list[str]]
) -> None:
    _sign_in(FIREFOX)
    _sign_in(FIREFOX)

    assert told() == ["Device: Firefox on Linux"]


def test_a_client_that_the_log_has_forgotten_is_new(user: User, told: Callable[[], list[str]]) -> None:
    _sign_in(FIREFOX)
    told()
    user.events.all().delete()

    _sign_in(FIREFOX)
    assert told() == ["Device: Firefox on Linux"]
