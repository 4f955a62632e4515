"""How often each of the endpoints of mails may be asked, by account and by address"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from authentication.models import User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD, client_for
from tests.emails.steps import (
    KEY_INVALID,
    KEY_USED,
    NEW_PASSWORD,
    THROTTLED,
    answered,
    confirm,
    post,
    reset_link,
    swap,
    undo,
    verification_key,
    verify,
)
from tests.limits.conftest import wait

Wait = Callable[..., datetime]
__all__ = ["wait"]

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.1"
ACTIONS = ("RESET", "RESEND", "EMAIL_CHANGE", "CONFIRM")
pytestmark = pytest.mark.usefixtures("_rates", "wait")


@pytest.fixture
def _rates(settings: Any) -> None:
    """Three tries by account and five by address, in ten minutes."""
    period = timedelta(minutes=10)
    settings.LIMITS = settings.LIMITS | {
        f"{action}_{by}": (most, period)
        for action in ACTIONS
        for by, most in (("ACCOUNT", 3), ("ADDRESS", 5))
    }


def _user(name: str) -> User:
    found = User.objects.filter(username=name).first()
    return found or User.objects.create_user(name, f"{name}@example.com", PASSWORD)


def _reset(ip: str, name: str) -> Any:
    return post("/auth/password/reset", {"email": f"{name}@example.com"}, REMOTE_ADDR=ip)


def _resend(ip: str, name: str) -> Any:
    return post("/auth/email/resend", {"email": f"{name}@example.com"}, REMOTE_ADDR=ip)


def _resend_own(ip: str, name: str) -> Any:
    return client_for(_user(name).token).post("/auth/email/resend", REMOTE_ADDR=ip)


def _change(ip: str, name: str) -> Any:
    body = {"email": "new@example.com", "password": PASSWORD}
    return client_for(_user(name).token).post("/auth/email/change", body, REMOTE_ADDR=ip)


def _verify(ip: str, name: str) -> Any:
    """Use a key that is ours and dead."""
    key = links.issue(Purpose.VERIFY, _user(name).pk, "of a former password")
    return post("/auth/email/verify", {"key": key}, REMOTE_ADDR=ip)


def _confirm(ip: str, name: str) -> Any:
    """Use a living link with a password that is refused."""
    user = _user(name)
    key = links.issue(Purpose.RESET, user.pk, user.security_stamp, user.email)
    body = {"uid": str(user.pk), "key": key, "new_password": "password"}
    return post("/auth/password/reset/confirm", body, REMOTE_ADDR=ip)


def _undo(ip: str, name: str) -> Any:
    key = links.issue(Purpose.UNDO, _user(name).pk, "old@example.com")
    return post("/auth/email/undo", {"key": key}, REMOTE_ADDR=ip)


TRIES: dict[str, tuple[Callable[[str, str], Any], int]] = {
    "reset": (_reset, 202),
    "resend": (_resend, 202),
    "resend_own": (_resend_own, 202),
    "change": (_change, 202),
    "verify": (_verify, 400),
    "confirm": (_confirm, 400),
    "undo": (_undo, 400),
}
each = pytest.mark.parametrize(("act", "status"), TRIES.values(), ids=list(TRIES))


def _assert_throttled(answer: Any, seconds: int) -> None:
    assert answered(answer) == (429, THROTTLED)
    assert answer.headers["Retry-After"] == str(seconds)


@each
@pytest.mark.django_db
def test_an_account_has_so_many_tries_wherever_they_come_from(
    wait: Wait, act: Callable[[str, str], Any], status: int
) -> None:
    for ip in (HERE, HERE, ELSEWHERE):
        assert act(ip, "jane_doe").status_code == status
    waiting = DBTaskResult.objects.count()
    wait(seconds=1)

    _assert_throttled(act(HERE, "jane_doe"), 599)
    _assert_throttled(act(ELSEWHERE, "jane_doe"), 599)

    assert DBTaskResult.objects.count() == waiting
    assert act(HERE, "john_doe").status_code == status
    wait(seconds=599)
    assert act(HERE, "jane_doe").status_code == status


@each
@pytest.mark.django_db
def test_an_address_has_so_many_tries_whomever_they_concern(
    wait: Wait, act: Callable[[str, str], Any], status: int
) -> None:
    for number in range(5):
        assert act(HERE, f"person_{number}").status_code == status
    wait(seconds=1)

    _assert_throttled(act(HERE, "jane_doe"), 599)

    assert act(ELSEWHERE, "jane_doe").status_code == status


@pytest.mark.parametrize("path", ["/auth/password/reset", "/auth/email/resend"])
def test_every_spelling_of_an_address_is_counted_as_one(db: None, path: str) -> None:
    spellings = ["jane@b\u00fccher.example", " JANE@B\u00dcCHER.example", "jane@xn--bcher-kva.example"]
    for email in spellings:
        assert post(path, {"email": email}).status_code == 202

    for email in spellings:
        assert answered(post(path, {"email": email})) == (429, THROTTLED)


def test_known_and_unknown_addresses_are_counted_alike(user: User) -> None:
    for email in ("jane@example.com", "nobody@example.com"):
        statuses = [post("/auth/password/reset", {"email": email}).status_code for _ in range(2)]
        assert statuses == [202, 202]
    assert answered(post("/auth/password/reset", {"email": "jane@example.com"})) == (202, None)
    assert answered(post("/auth/password/reset", {"email": "nobody@example.com"})) == (429, THROTTLED)
    assert answered(_reset_from(ELSEWHERE, "nobody@example.com")) == (202, None)
    assert answered(_reset_from(ELSEWHERE, "jane@example.com")) == (429, THROTTLED)
    assert answered(_reset_from(ELSEWHERE, "nobody@example.com")) == (429, THROTTLED)


def _reset_from(ip: str, email: str) -> Any:
    return post("/auth/password/reset", {"email": email}, REMOTE_ADDR=ip)


def test_an_email_change_does_not_help_to_guess_the_password(user: User) -> None:
    thief = client_for(user.token)

    def guess(password: str) -> int:
        body = {"email": "thief@example.com", "password": password}
        return int(thief.post("/auth/email/change", body).status_code)

    assert [guess(f"guess {number}") for number in range(4)] == [400, 400, 400, 429]
    assert guess(PASSWORD) == 429


def test_an_expired_link_cannot_use_up_the_attempts_of_a_valid_one(
    settings: Any, user: User, signed_in: APIClient
) -> None:
    """A thief's links are dead once the owner undoes, and must not stand in the way of the reset."""
    settings.LIMITS = settings.LIMITS | {"CONFIRM_ADDRESS": None, "RESET_ADDRESS": None}
    owners_key = swap(signed_in, "thief@example.com")
    thiefs_reset = reset_link("thief@example.com")
    thiefs_key = swap(signed_in, "second@example.com")
    assert undo(owners_key).status_code == 200
    for _ in range(10):
        confirm(thiefs_reset)
        undo(thiefs_key)
    assert answered(confirm(thiefs_reset)) == (429, THROTTLED)

    assert answered(confirm(reset_link("jane@example.com"))) == (204, None)


def test_a_user_and_a_change_of_the_same_number_are_counted_apart(user: User) -> None:
    for _ in range(4):
        post("/auth/email/undo", {"key": links.issue(Purpose.UNDO, user.pk, "old@example.com")})

    assert verify(verification_key()).status_code == 200


@pytest.mark.parametrize(
    ("path", "further"),
    [
        ("/auth/email/verify", {}),
        ("/auth/email/undo", {}),
        ("/auth/password/reset/confirm", {"uid": "1", "new_password": NEW_PASSWORD}),
    ],
)
def test_thousands_of_guessed_keys_are_refused_and_lock_nobody_out(
    user: User, django_assert_num_queries: Any, path: str, further: dict[str, str]
) -> None:
    good = links.issue(Purpose.VERIFY, user.pk, user.security_stamp, user.email)
    guesser = APIClient()
    with django_assert_num_queries(0):
        for number in range(2_000):
            # Right but for the last characters, which are of the MAC.
            guess = f"{good[:-4]}{number:04d}"
            assert answered(guesser.post(path, {"key": guess, **further})) == (400, KEY_INVALID)

    assert User.objects.get().check_password(PASSWORD)
    assert verify(good).status_code == 200
    assert answered(verify(good)) == (400, KEY_USED)
