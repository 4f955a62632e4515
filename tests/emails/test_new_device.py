"""The notice of a sign-in from a device that is not known"""

from typing import Any

from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD
from tests.emails.steps import deliver, post, sent

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOTICE = ("jane@example.com", "New sign-in at Oddjobbox")
CREDENTIALS = {"username": "jane_doe", "password": PASSWORD}


def _sign_in(ip: str = "192.0.2.10", agent: str = FIREFOX, **extra: Any) -> dict[str, Any]:
    answer = post("/auth/login", CREDENTIALS, REMOTE_ADDR=ip, HTTP_USER_AGENT=agent, **extra)
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_a_sign_in_from_a_new_client_is_mailed_once(user: User) -> None:
    _sign_in()
    [message] = deliver()
    assert (*message.to, message.subject) == NOTICE
    assert "192.0.2.10" in message.body
    assert "Firefox on Linux" in message.body

    _sign_in()
    assert sent() == []
    _sign_in(ip="192.0.2.11")
    _sign_in(agent="curl/8.5.0")
    assert sent() == [NOTICE] * 2


def test_a_second_sign_in_before_the_mail_is_sent_does_not_cancel_the_notice(user: User) -> None:
    """Each of the two once took the other for the earlier visit of a device that is known."""
    _sign_in()
    _sign_in()

    assert sent() == [NOTICE]


def test_the_device_that_registered_is_known_with_a_session_and_without(settings: Any, db: None) -> None:
    body = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
    for required in (False, True):
        settings.REQUIRE_VERIFIED_EMAIL = required
        registered = APIClient().post(
            "/auth/registration", body, REMOTE_ADDR="192.0.2.10", HTTP_USER_AGENT=FIREFOX
        )
        assert registered.status_code == 201
        settings.REQUIRE_VERIFIED_EMAIL = False
        _sign_in()
        assert NOTICE not in sent()
        User.objects.all().delete()


def test_a_device_with_its_token_is_known_at_every_address(user: User) -> None:
    marker = _sign_in()["device"]
    deliver()

    _sign_in(ip="198.51.100.1", agent="curl/8.5.0", HTTP_X_DEVICE=marker)

    assert sent() == []


def test_an_account_that_is_deleted_meanwhile_gets_no_mail(user: User) -> None:
    _sign_in()
    User.objects.all().delete()

    assert sent() == []
