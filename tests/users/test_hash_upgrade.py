"""Old hashes are made better when their password is typed."""

from collections.abc import Callable

import pytest
from django.contrib.auth import hashers
from django.db.models import F, Value
from django.db.models.functions import Concat
from rest_framework.test import APIClient

from authentication.models import User
from authentication.users import hashing
from tests.conftest import PASSWORD
from tests.sessions.steps import me_code, refresh, sign_in

NEW_PASSWORD = "battery staple horse"
CURRENT = "argon2$argon2id$v=19$m=19456,t=2,p=1$"
OLD_HASHES = {
    "pbkdf2": lambda: hashers.PBKDF2PasswordHasher().encode(PASSWORD, "somesalt", iterations=1000),
    "argon2 with Django's parameters": lambda: hashers.Argon2PasswordHasher().encode(PASSWORD, "somesalt"),
    "scrypt": lambda: hashers.ScryptPasswordHasher().encode(PASSWORD, "somesalt"),
}


def test_a_new_hash_has_the_parameters_of_today(user: User) -> None:
    assert user.password.startswith(CURRENT)


@pytest.mark.parametrize("kind", OLD_HASHES)
def test_signing_in_upgrades_an_old_hash_and_sessions_live_on(api: APIClient, user: User, kind: str) -> None:
    pair, old = sign_in(api, refresh_in="body"), OLD_HASHES[kind]()
    User.objects.update(password=old)

    sign_in(api)

    upgraded = User.objects.get().password
    assert upgraded.startswith(CURRENT)
    assert me_code(pair["token"]) == ""
    refresh(pair["refresh"])
    sign_in(api)
    assert User.objects.get().password == upgraded


def test_a_wrong_password_upgrades_nothing(api: APIClient, user: User) -> None:
    old = OLD_HASHES["pbkdf2"]()
    User.objects.update(password=old)

    assert api.post("/auth/login", {"username": "jane_doe", "password": "wrong"}).status_code == 400

    assert User.objects.get().password == old


def _between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do this once, after the old hash is verified and before the better one is stored."""
    real = hashing.make
    done: list[bool] = []

    def make(password: str) -> str:
        if not done:
            done.append(True)
            act()
        return real(password)

    monkeypatch.setattr(hashing, "make", make)


def test_a_password_changed_during_the_upgrade_stays_changed(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.update(password=OLD_HASHES["pbkdf2"]())

    def change() -> None:
        owner = User.objects.get()
        owner.set_password(NEW_PASSWORD)
        owner.save()

    _between(monkeypatch, change)
    answer = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD})

    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": ["A user with this email and password was not found."]}
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert not User.objects.get().check_password(PASSWORD)


def test_two_upgrades_at_once_both_sign_in(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.update(password=OLD_HASHES["pbkdf2"]())

    _between(monkeypatch, lambda: User.objects.get().check_password(PASSWORD))

    assert me_code(sign_in(api)["token"]) == ""
    assert User.objects.get().password.startswith(CURRENT)


@pytest.mark.django_db(transaction=True)
def test_an_account_deleted_during_the_upgrade_is_not_found(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.update(password=OLD_HASHES["pbkdf2"]())

    _between(monkeypatch, user.delete)
    answer = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD})

    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": ["A user with this email and password was not found."]}


def test_a_damaged_hash_matches_no_password(api: APIClient, user: User) -> None:
    for damaged in (Value(""), Value("!"), Value("unknown$hash"), Concat(F("password"), Value("x"))):
        User.objects.update(password=damaged)
        answer = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD})
        assert answer.status_code == 400
