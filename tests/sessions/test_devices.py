"""The list of one's devices at /auth/sessions, and the marker that a device is known again by."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.core import clock
from authentication.models import Event, Session, User
from authentication.tokens import devices
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import DEVICE_COOKIE, me_code, sign_in

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
YEAR = 365 * 24 * 3600


def _list(token: str) -> list[dict[str, Any]]:
    answer = client_for(token).get("/auth/sessions")
    assert answer.status_code == 200
    body: list[dict[str, Any]] = answer.json()
    return body


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create_user("other_user", "other@example.com", PASSWORD)


def test_a_session_has_these_fields(api: APIClient, user: User) -> None:
    headers = {"User-Agent": "Mozilla/5.0 (Smart Fridge)"}
    answer = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD}, headers=headers)

    (entry,) = _list(answer.json()["token"])

    session = Session.objects.get()
    for field in ("created_at", "last_seen_at", "expires_at"):
        told = entry.pop(field)
        assert re.fullmatch(TIME, told)
        assert told == getattr(session, field).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert entry == {
        "id": str(session.pk),
        "ip": "127.0.0.1",
        "device": "Unknown device",
        "user_agent": "Mozilla/5.0 (Smart Fridge)",
        "current": True,
    }


def test_sessions_are_listed_newest_first_and_the_current_one_is_marked(
    api: APIClient, user: User, stranger: User, advance: Callable[..., None]
) -> None:
    tokens = []
    for _ in range(3):
        tokens.append(sign_in(api)["token"])
        advance(minutes=1)
    stranger.token  # noqa: B018  Reading it opens a session.

    listed = _list(tokens[1])

    newest_first = [
        str(pk)
        for pk in Session.objects.filter(user=user).order_by("-created_at").values_list("pk", flat=True)
    ]
    assert [entry["id"] for entry in listed] == newest_first
    assert [entry["current"] for entry in listed] == [False, True, False]


def test_only_living_sessions_are_listed(api: APIClient, user: User) -> None:
    sign_in(api)
    Session.objects.update(security_stamp="from before")
    sign_in(api)
    Session.objects.filter(security_stamp=user.security_stamp).update(expires_at=clock.now())
    token = sign_in(api)["token"]
    # Signing in cleans up; another one that has just expired is still stored.
    living = Session.objects.get()
    Session.objects.create(
        user=user,
        created_at=living.created_at,
        last_seen_at=living.created_at,
        expires_at=clock.now() - timedelta(seconds=1),
        security_stamp=user.security_stamp,
    )

    assert [entry["id"] for entry in _list(token)] == [str(living.pk)]


def test_a_long_user_agent_is_cut_and_an_odd_address_is_not_told(api: APIClient, user: User) -> None:
    body = {"username": "jane_doe", "password": PASSWORD}
    answer = api.post("/auth/login", body, REMOTE_ADDR="", headers={"User-Agent": "a" * 5000})

    (entry,) = _list(answer.json()["token"])

    assert (entry["ip"], entry["user_agent"]) == (None, "a" * 256)


def test_a_user_can_end_one_session(api: APIClient, user: User) -> None:
    current, other = sign_in(api)["token"], sign_in(api)["token"]
    (other_id,) = [entry["id"] for entry in _list(current) if not entry["current"]]

    answer = client_for(current).delete(f"/auth/sessions/{other_id}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert [me_code(current), me_code(other)] == ["", "session_ended"]
    assert client_for(current).delete(f"/auth/sessions/{other_id}").status_code == 404


def test_the_current_session_can_be_ended_by_its_id(api: APIClient, user: User) -> None:
    token = sign_in(api)["token"]
    (entry,) = _list(token)

    assert client_for(token).delete(f"/auth/sessions/{entry['id'].upper()}/").status_code == 204

    assert me_code(token) == "session_ended"


def test_a_session_of_someone_else_is_not_found(api: APIClient, user: User, stranger: User) -> None:
    foreign = stranger.token
    foreign_id = Session.objects.get().pk
    client = client_for(sign_in(api)["token"])
    events = Event.objects.count()

    unknown = client.delete(f"/auth/sessions/{uuid.uuid4()}")
    answer = client.delete(f"/auth/sessions/{foreign_id}")

    assert answer.status_code == unknown.status_code == 404
    assert answer.json() == unknown.json() == {"detail": "Not found.", "code": "not_found"}
    assert me_code(foreign) == ""
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    "session_id", ["1", "me", "-" * 36, "g" * 36, "0" * 35, "0" * 37, "%00" * 12, "../me", "1' OR '1'='1"]
)
def test_a_malformed_id_is_not_found(signed_in: APIClient, session_id: str) -> None:
    answer = signed_in.delete(f"/auth/sessions/{session_id}")

    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found.", "code": "not_found"}


def test_all_other_sessions_can_be_ended_at_once(api: APIClient, user: User, stranger: User) -> None:
    others = [sign_in(api)["token"] for _ in range(3)]
    current, foreign = sign_in(api)["token"], stranger.token

    answer = client_for(current).delete("/auth/sessions")

    assert (answer.status_code, answer.content) == (204, b"")
    assert [me_code(token) for token in others] == ["session_ended"] * 3
    assert [me_code(current), me_code(foreign)] == ["", ""]
    assert client_for(current).delete("/auth/sessions").status_code == 204
    assert me_code(current) == ""


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("delete", ""), ("delete", f"/{uuid.uuid4()}")])
def test_without_a_token_there_is_no_list(api: APIClient, db: None, method: str, path: str) -> None:
    answer = getattr(api, method)(f"/auth/sessions{path}")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def _device(marker: str) -> devices.Device:
    device = devices.verify_device_token(marker)
    assert device is not None
    return device


def _sign_in_from(api: APIClient, marker: str, username: str = "jane_doe", **extra: Any) -> Any:
    body = {"username": username, "password": PASSWORD, **extra}
    return api.post("/auth/login", body, headers={"X-Device": marker})


def test_a_first_sign_in_returns_a_device_token_of_its_user(api: APIClient, user: User) -> None:
    for extra in ({}, {"refresh_in": "body"}):
        answer = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD, **extra})

        assert _device(answer.json()["device"]).user_ids == (user.pk,)
        assert list(answer.cookies) == []


def test_every_sign_in_keeps_the_device_and_adds_its_user(api: APIClient, user: User, stranger: User) -> None:
    first = sign_in(api)

    second = _sign_in_from(api, first["device"], "other_user").json()
    third = _sign_in_from(api, second["device"]).json()
    body = {"username": "third_user", "email": "third@example.com", "password": PASSWORD}
    fourth = api.post("/auth/registration", body, headers={"X-Device": third["device"]}).json()

    newcomer = User.objects.get(username="third_user")
    found = [_device(answer["device"]) for answer in (first, second, third, fourth)]
    assert len({device.id for device in found}) == 1
    assert [device.user_ids for device in found] == [
        (user.pk,),
        (stranger.pk, user.pk),
        (user.pk, stranger.pk),
        (newcomer.pk, user.pk, stranger.pk),
    ]


def test_a_device_token_outlives_a_password_change(api: APIClient, user: User) -> None:
    first = sign_in(api)
    body = {"password": PASSWORD, "new_password": "staple the battery anew"}

    answer = client_for(first["token"]).post(
        "/auth/password/change", body, headers={"X-Device": first["device"]}
    )

    assert _device(answer.json()["device"]) == _device(first["device"])
    assert _device(first["device"]).knows(user.pk)


@pytest.mark.parametrize(
    "marker", ["", "ojd_", "garbage", f"ojd_{'A' * 32}.{'A' * 43}", "x" * 10_000, "\xe9"]
)
def test_an_invalid_device_token_counts_as_no_token(api: APIClient, user: User, marker: str) -> None:
    answer = _sign_in_from(api, marker)

    assert answer.status_code == 200
    assert _device(answer.json()["device"]).user_ids == (user.pk,)


def test_a_device_token_is_no_other_credential(api: APIClient, user: User) -> None:
    marker = sign_in(api)["device"]

    assert me_code(marker) == "token_invalid"
    assert api.post("/auth/refresh", {"refresh": marker}).json()["code"] == "token_invalid"
    answer = api.post(
        "/auth/login", {"username": "jane_doe", "password": "wrong"}, headers={"X-Device": marker}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("debug", "over_tls", "name", "secure"),
    [
        (False, False, "__Host-oddjobbox_device", "; Secure"),
        (False, True, "__Host-oddjobbox_device", "; Secure"),
        (True, True, "__Host-oddjobbox_device", "; Secure"),
        (True, False, "oddjobbox_device", ""),
    ],
)
def test_a_sign_in_by_cookie_stores_the_device_token_in_a_cookie_too(
    api: APIClient, user: User, settings: Settings, debug: bool, over_tls: bool, name: str, secure: str
) -> None:
    settings.DEBUG = debug
    credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "cookie"}

    answer = api.post("/auth/login", credentials, secure=over_tls)

    morsel = answer.cookies[name]
    assert _device(morsel.value).user_ids == (user.pk,)
    line = re.sub(r"expires=[^;]+", "expires=DATE", morsel.OutputString())
    assert line == (
        f"{name}={morsel.value}; expires=DATE; HttpOnly; Max-Age={YEAR}; Path=/; SameSite=Strict{secure}"
    )
    assert set(answer.json()) == {"username", "email", "token", "expires_in"}

    again = api.post("/auth/login", credentials, secure=over_tls)
    assert _device(again.cookies[name].value).id == _device(morsel.value).id


def test_the_header_takes_precedence_over_the_cookie(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")
    in_cookie = _device(api.cookies[DEVICE_COOKIE].value)
    in_header = devices.new()

    answer = _sign_in_from(api, devices.issue_device_token(in_header), refresh_in="cookie")

    assert in_cookie.id != in_header.id
    assert _device(answer.cookies[DEVICE_COOKIE].value) == in_header.with_user(user.pk)


def test_a_cookie_without_the_host_prefix_is_not_looked_at_in_production(api: APIClient, user: User) -> None:
    marker = devices.issue_device_token(devices.new())
    api.cookies["oddjobbox_device"] = marker

    answer = sign_in(api)

    assert _device(answer["device"]).id != _device(marker).id


def test_the_device_stays_known_when_its_session_ends(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")
    before = api.cookies[DEVICE_COOKIE].value

    assert api.post("/auth/logout").status_code == 204

    assert api.cookies[DEVICE_COOKIE].value == before
