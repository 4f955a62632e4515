"""How long the link of a reset lives, and what it dies of"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.api.errors import Busy
from authentication.models import Event, User
from authentication.users import hashing
from tests.conftest import PASSWORD
from tests.emails.steps import (
    KEY_EXPIRED,
    KEY_INVALID,
    KEY_USED,
    NEW,
    address,
    answered,
    change_key,
    confirm,
    deliver,
    reset_link,
    sent,
    verify,
)

CHANGE = {"password": PASSWORD, "new_password": "the owner's new one"}


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _assert_dead(link: dict[str, str], refusal: dict[str, str] = KEY_USED) -> None:
    """Use a link that must be refused and must change nothing."""
    before = list(User.objects.order_by("pk").values())
    assert answered(confirm(link, "the thief's new one")) == (400, refusal)
    assert list(User.objects.order_by("pk").values()) == before


def test_it_works_once(user: User) -> None:
    link = reset_link()
    assert answered(confirm(link)) == (204, None)

    _assert_dead(link)
    assert Event.objects.filter(event="password_reset").count() == 1


def test_one_link_that_is_used_kills_all_the_others(user: User) -> None:
    older, used, newer = reset_link(), reset_link(), reset_link()
    assert answered(confirm(used)) == (204, None)

    _assert_dead(older)
    _assert_dead(newer)


def test_it_expires_after_an_hour(user: User, advance: Callable[..., None]) -> None:
    early, late = reset_link(), reset_link()
    advance(minutes=59)
    assert answered(confirm(early)) == (204, None)
    advance(minutes=1)
    _assert_dead(late, KEY_EXPIRED)


def test_a_password_change_invalidates_it(user: User, signed_in: APIClient) -> None:
    link = reset_link()
    assert signed_in.post("/auth/password/change", CHANGE).status_code == 200

    _assert_dead(link)


def test_an_email_change_invalidates_it(user: User, signed_in: APIClient) -> None:
    link = reset_link()
    assert verify(change_key(signed_in)).status_code == 200

    _assert_dead(link)
    assert answered(confirm(reset_link(NEW))) == (204, None)


def test_a_pending_change_does_not_invalidate_the_link(user: User, signed_in: APIClient) -> None:
    link = reset_link()
    change_key(signed_in)

    assert answered(confirm(link)) == (204, None)


@pytest.mark.parametrize("reactivated", [False, True])
def test_a_deactivation_invalidates_it_for_good(user: User, reactivated: bool) -> None:
    link = reset_link()
    owner = User.objects.get()
    owner.is_active = False
    owner.save()
    if reactivated:
        owner.is_active = True
        owner.save()

    _assert_dead(link, KEY_USED if reactivated else KEY_INVALID)
    assert User.objects.get().is_active is reactivated


def test_a_user_deactivated_since_the_request_gets_no_mail(user: User) -> None:
    APIClient().post("/auth/password/reset", {"email": "jane@example.com"})
    User.objects.update(is_active=False)

    assert sent() == []


def test_a_new_password_invalidates_it(user: User) -> None:
    link = reset_link()
    owner = User.objects.get()
    owner.set_unusable_password()
    owner.save()

    _assert_dead(link)


def test_a_deletion_of_the_account_invalidates_it(user: User) -> None:
    link = reset_link()
    user.delete()

    _assert_dead(link, KEY_INVALID)


def test_signing_in_and_out_and_a_better_hash_do_not_invalidate_it(
    api: APIClient, settings: Any, user: User
) -> None:
    link = reset_link()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    for _ in range(2):
        body = {"username": "jane_doe", "password": PASSWORD}
        token = api.post("/auth/login", body).json()["token"]
        api.post("/auth/logout", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert User.objects.get().password.startswith("scrypt")

    assert answered(confirm(link)) == (204, None)


def test_a_busy_server_does_not_use_the_link_up(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link = reset_link()

    def busy(password: str) -> str:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(hashing, "make", busy)
        answer = confirm(link)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"

    assert answered(confirm(link)) == (204, None)


@pytest.mark.parametrize("change", [{"security_stamp": "another"}, {"email": NEW}, {"is_active": False}])
def test_a_change_made_while_the_password_is_hashed_wins(
    user: User, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    link = reset_link()
    real = User.set_password

    def set_password(self: User, raw_password: str | None) -> None:
        User.objects.update(**change)
        real(self, raw_password)

    monkeypatch.setattr(User, "set_password", set_password)

    assert answered(confirm(link)) == (400, KEY_USED)
    monkeypatch.undo()
    assert User.objects.get().check_password(PASSWORD)
    assert sent() == []


def test_a_link_in_the_fallback_secret_works_while_that_is_listed(settings: Any, user: User) -> None:
    first, second = reset_link(), reset_link()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-for-tests-of-more-than-32-bytes"
    _assert_dead(first, KEY_INVALID)
    settings.SECRET_KEY_FALLBACKS = [old]

    assert answered(confirm(second)) == (204, None)


def test_the_link_leads_to_the_frontend_whatever_the_host_says(settings: Any, user: User) -> None:
    settings.FRONTEND_URL = "https://app.example.com"
    settings.ALLOWED_HOSTS = ["*"]
    APIClient().post(
        "/auth/password/reset",
        {"email": "jane@example.com"},
        headers={
            "Host": "evil.example",
            "X-Forwarded-Host": "evil.example",
            "Origin": "https://evil.example",
        },
    )

    [message] = deliver()

    html = str(message.alternatives[0][0])
    assert "https://app.example.com/reset-password#uid=" in message.body
    assert "evil" not in message.body + html + message.subject + str(message.message())
    assert address(user) == ("jane@example.com", False)
