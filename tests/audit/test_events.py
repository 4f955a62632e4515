"""Each act leaves one event that says who, where from, and with what."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from authentication.audit.models import EventType
from authentication.models import Event, Session, User
from authentication.tokens import access
from tests.conftest import PASSWORD
from tests.sessions.steps import leave_the_grace

ADDRESS, AGENT = "192.0.2.7", "Mozilla/5.0 (Smart Fridge)"
LOGIN = {"username": "jane_doe", "password": PASSWORD}


class Device:
    """A client with an address and a user agent, perhaps signed in."""

    def __init__(self) -> None:
        self.api = APIClient(REMOTE_ADDR=ADDRESS, headers={"User-Agent": AGENT})

    def sign_in(self, **extra: str) -> dict[str, Any]:
        answer = self.api.post("/auth/login", LOGIN | extra)
        body: dict[str, Any] = answer.json()
        self.api.credentials(HTTP_AUTHORIZATION=f"Bearer {body['token']}")
        self.session_id = access.verify_access_token(body["token"]).session_id
        return body


@pytest.fixture
def device() -> Device:
    return Device()


def _events() -> list[tuple[str, int | None, UUID | None, str | None, str]]:
    rows = Event.objects.order_by("pk")
    return list(rows.values_list("event", "user_id", "session_id", "ip", "user_agent"))


def _one_event(act: Callable[[], Any], expected: int) -> tuple[str, int | None, UUID | None]:
    """Do this, see that exactly one event came of it, with address and agent; return the rest."""
    before = _events()
    assert act().status_code == expected
    (event,) = _events()[len(before) :]
    assert event[3:] == (ADDRESS, AGENT)
    return event[:3]


def test_registration(device: Device, db: None) -> None:
    body = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
    event = _one_event(lambda: device.api.post("/auth/registration", body), 201)

    assert event == ("registered", User.objects.get().pk, Session.objects.get().pk)


def test_sign_in(device: Device, user: User) -> None:
    event = _one_event(lambda: device.api.post("/auth/login", LOGIN), 200)

    assert event == ("signed_in", user.pk, Session.objects.get().pk)


@pytest.mark.parametrize(
    ("credentials", "known"),
    [
        ({"username": "jane_doe", "password": "wrong"}, True),
        ({"email": "jane@example.com", "password": "wrong"}, True),
        ({"username": "nobody_here", "password": PASSWORD}, False),
    ],
)
def test_a_failed_sign_in(device: Device, user: User, credentials: dict[str, str], known: bool) -> None:
    event = _one_event(lambda: device.api.post("/auth/login", credentials), 400)

    assert event == ("sign_in_failed", user.pk if known else None, None)


def test_a_sign_in_of_a_deactivated_user(device: Device, user: User) -> None:
    User.objects.update(is_active=False)

    event = _one_event(lambda: device.api.post("/auth/login", LOGIN), 400)

    assert event == ("sign_in_failed", user.pk, None)


def test_sign_out(device: Device, user: User) -> None:
    device.sign_in()

    event = _one_event(lambda: device.api.post("/auth/logout"), 204)

    assert event == ("signed_out", user.pk, device.session_id)


def test_signing_out_twice_is_one_event(device: Device, user: User) -> None:
    device.sign_in()
    device.api.post("/auth/logout")
    before = _events()

    device.api.post("/auth/logout")

    assert _events() == before


def test_a_sign_in_that_ends_the_session_of_its_cookie(device: Device, user: User) -> None:
    device.sign_in(refresh_in="cookie")
    old = device.session_id

    device.sign_in(refresh_in="cookie")

    assert [event[:3] for event in _events()[1:]] == [
        ("signed_in", user.pk, device.session_id),
        ("signed_out", user.pk, old),
    ]


def test_ending_another_session(device: Device, user: User) -> None:
    device.sign_in()
    other = device.session_id
    device.sign_in()

    event = _one_event(lambda: device.api.delete(f"/auth/sessions/{other}"), 204)

    assert event == ("session_ended", user.pk, other)


def test_ending_all_other_sessions(device: Device, user: User) -> None:
    for _ in range(3):
        device.sign_in()

    event = _one_event(lambda: device.api.delete("/auth/sessions"), 204)

    assert event == ("session_ended", user.pk, None)


def test_ending_no_session_is_no_event(device: Device, user: User) -> None:
    device.sign_in()
    before = _events()

    device.api.delete("/auth/sessions")

    assert _events() == before


def test_a_password_change(device: Device, user: User) -> None:
    device.sign_in()
    body = {"password": PASSWORD, "new_password": "battery staple horse"}

    event = _one_event(lambda: device.api.post("/auth/password/change", body), 200)

    assert event == ("password_changed", user.pk, Session.objects.get().pk)


def test_a_rename(device: Device, user: User) -> None:
    device.sign_in()

    event = _one_event(lambda: device.api.patch("/auth/me", {"username": "jane_two"}), 200)

    assert event[:2] == ("renamed", user.pk)


def test_a_deletion(device: Device, user: User) -> None:
    device.sign_in()

    before = len(_events())
    assert device.api.post("/auth/me/delete", {"password": PASSWORD}).status_code == 204

    # The one event that says neither who nor where from.
    assert _events()[before:] == [("account_deleted", None, None, None, "")]


def test_a_refresh_is_no_event_a_late_one_and_a_theft_are(device: Device, user: User) -> None:
    token = device.sign_in(refresh_in="body")["refresh"]
    before = _events()
    second = device.api.post("/auth/refresh", {"refresh": token}).json()["refresh"]
    device.api.post("/auth/refresh", {"refresh": token})
    assert _events() == before
    leave_the_grace()

    late = _one_event(lambda: device.api.post("/auth/refresh", {"refresh": token}), 200)
    device.api.post("/auth/refresh", {"refresh": second})
    theft = _one_event(lambda: device.api.post("/auth/refresh", {"refresh": token}), 401)

    assert late == ("refreshed_late", user.pk, device.session_id)
    assert theft == ("refresh_reused", user.pk, device.session_id)


def test_reading_is_no_event(device: Device, user: User) -> None:
    device.sign_in()
    before = _events()

    device.api.get("/auth/me")
    device.api.get("/auth/sessions")

    assert _events() == before


def test_the_log_keeps_nothing_that_a_client_typed(device: Device, user: User) -> None:
    typed = "hunter2_as_a_name"
    device.api.post("/auth/login", {"username": typed, "password": PASSWORD})
    device.api.post("/auth/login", {"username": "jane_doe", "password": typed})
    device.api.post("/auth/registration", {"username": typed, "email": f"{typed}@x", "password": typed})
    device.sign_in()
    device.api.patch("/auth/me", {"username": typed})
    device.api.post("/auth/password/change", {"password": PASSWORD, "new_password": "hunter2 and more words"})

    assert len(_events()) == 5
    assert "hunter2" not in str(list(Event.objects.values()))


@pytest.mark.parametrize(
    ("header", "stored"),
    [
        ("a" * 5000, "a" * 256),
        ("Fridge\x1b[31m\u2028\u202e".encode().decode("latin-1"), "Fridge[31m"),
        ("Kühlschrank".encode().decode("latin-1"), "Kühlschrank"),
        ("", ""),
    ],
)
def test_a_user_agent_is_cut_and_made_printable(api: APIClient, user: User, header: str, stored: str) -> None:
    api.post("/auth/login", LOGIN, HTTP_USER_AGENT=header)

    assert Event.objects.get().user_agent == stored


@pytest.mark.parametrize(
    ("address", "stored"),
    [("2001:db8::7", "2001:db8::7"), ("fe80::1%eth0", None), ("", None), ("unix:", None)],
)
def test_an_invalid_ip_address_is_left_out(
    api: APIClient, user: User, address: str, stored: str | None
) -> None:
    api.post("/auth/login", LOGIN, REMOTE_ADDR=address)

    assert Event.objects.get().ip == stored
    assert Session.objects.get().ip == stored


def test_the_names_of_events_do_not_change() -> None:
    # They are stored: a word that is changed orphans the rows that have it.
    assert {
        "registered",
        "signed_in",
        "sign_in_failed",
        "signed_out",
        "session_ended",
        "refreshed_late",
        "refresh_reused",
        "password_changed",
        "password_reset",
        "email_verified",
        "email_change_requested",
        "email_changed",
        "email_change_undone",
        "renamed",
        "account_deleted",
    } <= set(EventType.values)
