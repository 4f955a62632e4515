"""What else is limited, each by the account and by the address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.limits.actions import Action
from authentication.models import User
from tests.conftest import PASSWORD
from tests.limits.steps import HERE, assert_throttled, client_at, counted

pytestmark = pytest.mark.usefixtures("_rates")
Wait = Callable[..., datetime]
Act = Callable[[str, str], Any]

NEW_PASSWORD = "battery staple horse"
HERE_IP, ELSEWHERE = "192.0.2.7", "198.51.100.1"
ACTIONS = (Action.PASSWORD_CHANGE, Action.DELETION, Action.REFRESH, Action.REGISTRATION)


@pytest.fixture
def _rates(settings: Any) -> None:
    """Three tries by account and five by address, in ten minutes."""
    period = timedelta(minutes=10)
    settings.LIMITS = settings.LIMITS | {
        name: (limit, period)
        for action in ACTIONS
        for name, limit in ((action.value.account, 3), (action.value.address, 5))
    }


def _signed_in(name: str) -> dict[str, Any]:
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, f"{name}@example.com", PASSWORD)
    grant = user.sessions.open(refreshable=True)
    return {"token": grant.token, "refresh": grant.refresh}


def _bearer(ip: str, name: str) -> APIClient:
    api = client_at(ip)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {_signed_in(name)['token']}")
    return api


def _change(ip: str, name: str, password: str = "wrong") -> Any:
    body = {"password": password, "new_password": NEW_PASSWORD}
    return _bearer(ip, name).post("/auth/password/change", body)


def _delete(ip: str, name: str, password: str = "wrong") -> Any:
    return _bearer(ip, name).post("/auth/me/delete", {"password": password})


def _register(ip: str, name: str, password: str = "password") -> Any:
    body = {"username": name, "email": f"{name}@example.com", "password": password}
    return client_at(ip).post("/auth/registration", body)


TRIES: dict[str, Act] = {"change": _change, "deletion": _delete, "registration": _register}
RIGHT: dict[str, Act] = {
    "change": lambda ip, name: _change(ip, name, PASSWORD),
    "deletion": lambda ip, name: _delete(ip, name, PASSWORD),
    "registration": lambda ip, name: _register(ip, name, PASSWORD),
}
each = pytest.mark.parametrize("name", TRIES)


@each
@pytest.mark.django_db
def test_an_account_has_so_many_tries_wherever_they_come_from(
    wait: Wait, hashed: list[str], name: str
) -> None:
    for ip in (HERE_IP, HERE_IP, ELSEWHERE):
        answer = TRIES[name](ip, "jane_doe")
        assert (answer.status_code, set(answer.json())) == (400, {"password"})
    wait(seconds=1)
    hashed.clear()

    for ip in (HERE_IP, ELSEWHERE):
        assert_throttled(RIGHT[name](ip, "jane_doe"), 599)

    assert hashed == []
    assert RIGHT[name](HERE_IP, "other_user").status_code < 300
    wait(seconds=599)
    assert RIGHT[name](HERE_IP, "jane_doe").status_code < 300


@each
@pytest.mark.django_db
def test_an_address_has_so_many_tries_whomever_they_concern(wait: Wait, hashed: list[str], name: str) -> None:
    for number in range(5):
        assert TRIES[name](HERE_IP, f"person_{number}").status_code == 400
    if name != "registration":
        _signed_in("other_user")
    wait(seconds=1)
    hashed.clear()

    assert_throttled(RIGHT[name](HERE_IP, "other_user"), 599)

    assert hashed == []
    assert RIGHT[name](ELSEWHERE, "other_user").status_code < 300


@pytest.mark.parametrize(
    ("name", "action"), [("change", Action.PASSWORD_CHANGE), ("deletion", Action.DELETION)]
)
@pytest.mark.django_db
def test_success_resets_the_account_and_releases_the_slot_of_the_address(
    wait: Wait, name: str, action: Action
) -> None:
    TRIES[name](HERE_IP, "jane_doe")
    pk = User.objects.get().pk
    assert counted(action, str(pk), HERE) == [1, 1]

    assert RIGHT[name](HERE_IP, "jane_doe").status_code < 300

    assert counted(action, str(pk), HERE) == [0, 1]


def test_a_refused_new_password_does_not_count_as_an_attempt(wait: Wait, user: User) -> None:
    body = {"password": "wrong", "new_password": "password"}
    for _ in range(5):
        answer = _bearer(HERE_IP, "jane_doe").post("/auth/password/change", body)
        assert answer.json() == {"new_password": ["This password is too common."]}

    assert _change(HERE_IP, "jane_doe", PASSWORD).status_code == 200


def test_registrations_are_counted_by_the_address_in_every_spelling(wait: Wait, db: None) -> None:
    spellings = ["jane@bücher.example", "JANE@BÜCHER.example", "jane@xn--bcher-kva.example"]

    def register(email: str) -> Any:
        body = {"username": "jane_doe", "email": email, "password": "password"}
        return client_at(HERE_IP).post("/auth/registration", body)

    assert [register(email).status_code for email in spellings] == [400] * 3
    assert {register(email).status_code for email in spellings} == {429}
    assert register("jane@example.com").status_code == 400


def test_registrations_are_limited_though_they_succeed(wait: Wait, db: None) -> None:
    answers = [RIGHT["registration"](HERE_IP, f"person_{number}") for number in range(6)]

    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert User.objects.count() == 5


def test_refreshes_of_one_session_are_limited(wait: Wait, user: User) -> None:
    pair = _signed_in("jane_doe")
    other = _signed_in("jane_doe")["refresh"]
    token = pair["refresh"]
    for _ in range(3):
        answer = client_at(HERE_IP).post("/auth/refresh", {"refresh": token})
        assert answer.status_code == 200
        token = answer.json()["refresh"]

    for ip in (HERE_IP, ELSEWHERE):
        assert_throttled(client_at(ip).post("/auth/refresh", {"refresh": token}), 600)

    # It is not used up, and nobody takes it for stolen.
    assert client_at(HERE_IP).post("/auth/refresh", {"refresh": other}).status_code == 200
    wait(minutes=10)
    assert client_at(HERE_IP).post("/auth/refresh", {"refresh": token}).status_code == 200


def test_refreshes_from_one_address_are_limited(wait: Wait, user: User) -> None:
    tokens = [_signed_in("jane_doe")["refresh"] for _ in range(6)]

    answers = [client_at(HERE_IP).post("/auth/refresh", {"refresh": token}) for token in tokens]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert client_at(ELSEWHERE).post("/auth/refresh", {"refresh": tokens[5]}).status_code == 200


def test_an_invalid_refresh_token_is_not_counted(wait: Wait, user: User) -> None:
    for _ in range(10):
        assert client_at(HERE_IP).post("/auth/refresh", {"refresh": "oj_nonsense"}).status_code == 401

    token = _signed_in("jane_doe")["refresh"]
    assert client_at(HERE_IP).post("/auth/refresh", {"refresh": token}).status_code == 200
