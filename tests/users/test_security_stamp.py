"""A change of credentials ends every session, however it was made."""

from collections.abc import Callable

import pytest
from django.contrib.auth import hashers
from django.core.management import call_command
from rest_framework.test import APIClient

from authentication.models import Session, User
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import me_code, refresh_code, sign_in

NEW_PASSWORD = "battery staple horse"


def _api_change(user: User) -> None:
    body = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    assert client_for(user.token).post("/auth/password/change", body).status_code == 200


def _shell(user: User) -> None:
    user.set_password(NEW_PASSWORD)
    user.save()


def _shell_with_update_fields(user: User) -> None:
    user.set_password(NEW_PASSWORD)
    user.save(update_fields=["password"])


def _unusable(user: User) -> None:
    user.set_unusable_password()
    user.save(update_fields=["password"])


def _command(user: User) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", lambda prompt: NEW_PASSWORD)
        call_command("changepassword", "jane_doe", verbosity=0)


def _deactivate(user: User) -> None:
    user.is_active = False
    user.save()


def _deactivate_with_update_fields(user: User) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])


def _reactivate(user: User) -> None:
    _deactivate(user)
    user.is_active = True
    user.save()


def _delete(user: User) -> None:
    user.delete()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (_api_change, "session_ended"),
        (_shell, "session_ended"),
        (_shell_with_update_fields, "session_ended"),
        (_unusable, "session_ended"),
        (_command, "session_ended"),
        (_deactivate, "user_inactive"),
        (_deactivate_with_update_fields, "user_inactive"),
        (_reactivate, "session_ended"),
        (_delete, "session_ended"),
    ],
)
def test_sessions_from_before_are_over(
    api: APIClient, user: User, act: Callable[[User], None], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pair, single = sign_in(api, refresh_in="body"), sign_in(api)
    stamp = user.security_stamp

    act(user)

    assert [me_code(pair["token"]), me_code(single["token"])] == [code, code]
    assert refresh_code(pair["refresh"]) == code
    assert not User.objects.filter(security_stamp=stamp).exists()


def test_a_new_session_lives_after_the_others_were_ended(api: APIClient, user: User) -> None:
    _reactivate(user)
    assert me_code(sign_in(api)["token"]) == ""

    _shell_with_update_fields(user)
    answer = api.post("/auth/login", {"username": "jane_doe", "password": NEW_PASSWORD})
    assert me_code(answer.json()["token"]) == ""


def _rename(user: User) -> None:
    user.username = "jane_the_second"
    user.save()


def _promote(user: User) -> None:
    user.is_staff = True
    user.save(update_fields=["is_staff"])


def _save(user: User) -> None:
    user.save()


def _upgrade_the_hash(user: User) -> None:
    old = hashers.PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    User.objects.update(password=old)
    assert User.objects.get().check_password(PASSWORD)
    assert User.objects.get().password != old


@pytest.mark.parametrize("act", [_rename, _promote, _save, _upgrade_the_hash])
def test_any_other_change_ends_no_session(api: APIClient, user: User, act: Callable[[User], None]) -> None:
    token, stamp = sign_in(api)["token"], user.security_stamp

    act(user)

    assert me_code(token) == ""
    assert User.objects.get().security_stamp == stamp
    assert Session.objects.count() == 1


def test_an_unsaved_password_ends_nothing(api: APIClient, user: User) -> None:
    token = sign_in(api)["token"]

    user.set_password(NEW_PASSWORD)
    user.save(update_fields=["username"])

    assert me_code(token) == ""
    assert User.objects.get().check_password(PASSWORD)


def test_every_stamp_is_new_and_has_128_bits(user: User) -> None:
    stamps = {user.security_stamp}
    for _ in range(3):
        user.set_unusable_password()
        stamps.add(user.security_stamp)

    assert len(stamps) == 4
    assert {len(stamp) for stamp in stamps} == {22}
