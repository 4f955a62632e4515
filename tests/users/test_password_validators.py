"""New passwords that attackers would try first are refused, wherever a password is set."""

# Full-width letters are meant here.
# ruff: noqa: RUF001

import random
import string
import time
import tracemalloc
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.password_validation import CommonPasswordValidator, get_default_password_validators
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from authentication.models import User
from authentication.users import password_validators
from authentication.users.password_validators import (
    BreachedPasswordValidator,
    PredictablePasswordValidator,
)
from tests.conftest import PASSWORD

COMMON = "This password is too common."
PREDICTABLE = "This password is only your username, your address or the name of this site, or nearly so."
ALICE = User(username="alice_jones", email="alice@example.com")
SENTENCES = [
    "correct horse battery",
    "staple the battery anew",
    "battery staple horse",
    "alice likes green tea",
]


def codes(password: str, user: Any = ALICE) -> list[str]:
    """Return the codes of everything that the validators of the settings find wrong."""
    try:
        password_validators.validate_new_password(password, user)
    except ValidationError as error:
        return [str(single.code) for single in error.error_dict["password"]]
    return []


def is_good(password: str) -> bool:
    """Return whether both validators of this module let it pass."""
    try:
        for validator in (BreachedPasswordValidator(), PredictablePasswordValidator()):
            validator.validate(password, ALICE)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "12345678",
        "iloveyou",
        "qwertyuiop",
        "trustno1",
        "1q2w3e4r5t",
        "1qaz2wsx",
        "p@ssw0rd",
        "password123",
        "sunshine1",
        "baseball",
        "football",
        "princess",
        "superman",
        "starwars",
        "letmein1",
        "aa123456",
        "asdfghjkl",
        "zaq12wsx",
        "!@#$%^&*",
    ],
)
def test_a_common_breached_password_is_refused(password: str) -> None:
    assert "password_too_common" in codes(password)


@pytest.mark.parametrize(
    "password", ["PASSWORD", "PassWord123", " password ", "ｐａｓｓｗｏｒｄ", "P@SSW0RD"]
)
def test_case_outer_spaces_and_wide_letters_do_not_hide_a_breached_password(password: str) -> None:
    assert codes(password) == ["password_too_common"]


def test_every_password_that_django_refuses_is_refused() -> None:
    listed = {password for password in CommonPasswordValidator().passwords if len(password) >= 8}
    assert len(listed) > 8_000

    assert [
        password
        for password in listed
        if password_validators.canonical(password) not in password_validators.breached()
    ] == []


def test_the_message_is_djangos() -> None:
    django, ours = CommonPasswordValidator(), BreachedPasswordValidator()

    with pytest.raises(ValidationError) as refusal:
        ours.validate("password")

    assert (refusal.value.code, refusal.value.messages) == ("password_too_common", [COMMON])
    assert ours.get_help_text() == django.get_help_text()


@pytest.mark.parametrize("password", SENTENCES)
def test_a_sentence_is_allowed(password: str) -> None:
    assert codes(password) == []


def test_random_passwords_are_allowed() -> None:
    # The same ones in every run: one in 3.5 million would be refused by mistake.
    dice = random.Random(8)
    letters = string.ascii_letters + string.digits
    made = ["".join(dice.choices(letters, k=8 + number % 9)) for number in range(10_000)]

    # Django's comparison with the address, which looks at letters in any order, refuses two of them.
    assert [password for password in made if not is_good(password)] == []


def test_the_list_is_long_and_small_and_kept_once() -> None:
    content = password_validators.BREACHED.read_bytes()
    size = password_validators.DIGEST_BYTES
    digests = [content[at : at + size] for at in range(0, len(content), size)]
    assert len(password_validators.breached()) == len(digests) >= 300_000
    assert digests == sorted(set(digests))

    password_validators.breached.cache_clear()
    tracemalloc.start()
    try:
        first, second = BreachedPasswordValidator(), BreachedPasswordValidator()
        grown = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert first._breached is second._breached
    assert len(content) <= grown < 2 * 1024 * 1024


@pytest.mark.parametrize(
    "password",
    [
        "alice-oddjobbox-1",
        "Example2024!",
        "oddjobbox123",
        "0ddj0bb0x!!",
        "ODDJOBBOX.oddjobbox",
        "Al1ce@Example.com",
        "jones+alice=2024",
        "xxalicexxxx",
        "aliceeeeeeee",
        "ａｌｉｃｅ.2024.2025",
        "localhost:5173",
    ],
)
def test_a_password_that_is_hardly_more_than_a_name_is_refused(password: str) -> None:
    assert "password_too_predictable" in codes(password)


@pytest.mark.parametrize(
    "password",
    [
        "alice likes green tea",
        "my oddjobbox has 2 lids",
        "alicexyz-2931",
        "84-12-7731-x",
        "alice\N{HORSE}\N{CACTUS}\N{BELL}",
    ],
)
def test_a_password_may_contain_a_name_among_other_things(password: str) -> None:
    assert is_good(password) is True


def test_an_error_says_why() -> None:
    with pytest.raises(ValidationError) as refusal:
        PredictablePasswordValidator().validate("oddjobbox123")

    assert refusal.value.messages == [PREDICTABLE]


@pytest.mark.parametrize(
    "user", [None, AnonymousUser(), SimpleNamespace(), User(), SimpleNamespace(username=None, email=5)]
)
def test_the_names_of_the_site_need_no_user(user: Any) -> None:
    validator = PredictablePasswordValidator(names=["Acme Shop", "https://app.acme.example"])
    validator.validate("alice-2024", user)

    for password in ("acme-shop-1", "AcmeShop2024", "app.acme.example"):
        with pytest.raises(ValidationError):
            validator.validate(password, user)


def test_single_letters_and_digits_do_not_count_as_names() -> None:
    user = User(username="a_b_1234", email="c.84@d.example")

    PredictablePasswordValidator().validate("8412-3484-a-1234-a", user)
    assert codes("8412-3484-a-1234-b", user) == []


@pytest.mark.parametrize("password", ["oddjobbox" * 20, "\u0301" * 100_000, "password" * 100_000])
def test_a_password_that_is_too_long_gets_that_error_only(password: str) -> None:
    assert is_good(password) is True
    assert codes(password) == ["password_too_long"]


BOTH = {"trustno1": COMMON, "oddjobbox123": PREDICTABLE}


@pytest.mark.parametrize(("password", "message"), BOTH.items())
def test_a_registration_is_refused(api: APIClient, db: None, password: str, message: str) -> None:
    body = {"username": "jane_doe", "email": "jane@example.com", "password": password}
    answer = api.post("/auth/registration", body)
    problem = api.post("/auth/registration", body, headers={"accept": "application/problem+json"})

    assert (answer.status_code, answer.json()) == (400, {"password": [message]})
    code = {COMMON: "password_too_common", PREDICTABLE: "password_too_predictable"}[message]
    assert problem.json()["errors"] == [{"field": "password", "code": code, "message": message}]
    assert not User.objects.exists()


@pytest.mark.parametrize(("password", "message"), BOTH.items())
def test_a_password_change_is_refused(signed_in: APIClient, password: str, message: str) -> None:
    answer = signed_in.post("/auth/password/change", {"password": PASSWORD, "new_password": password})

    assert (answer.status_code, answer.json()) == (400, {"new_password": [message]})
    assert User.objects.get().check_password(PASSWORD) is True


@pytest.mark.parametrize(("password", "message"), BOTH.items())
def test_the_admin_refuses_it(user: User, password: str, message: str) -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD))
    twice = {"password1": password, "password2": password, "usable_password": "true"}

    new = browser.post(
        "/admin/authentication/user/add/", {"username": "joe_bloggs", "email": "joe@example.com", **twice}
    )
    changed = browser.post(f"/admin/authentication/user/{user.pk}/password/", twice)

    for answer in (new, changed):
        assert (answer.status_code, message in answer.content.decode()) == (200, True)
    assert User.objects.count() == 2
    user.refresh_from_db()
    assert user.check_password(PASSWORD) is True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Type these passwords, each twice, and answer no to every question."""

    def type_in(*passwords: str) -> None:
        keys: Iterator[str] = iter([password for password in passwords for _ in range(2)])
        monkeypatch.setattr("getpass.getpass", lambda *args, **kwargs: next(keys))
        monkeypatch.setattr("builtins.input", lambda *args: "n")

    return type_in


def test_createsuperuser_asks_for_another_one(
    db: None, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed("trustno1", "the_admin-oddjobbox", PASSWORD)
    terminal = SimpleNamespace(isatty=lambda: True)
    call_command("createsuperuser", username="the_admin", email="admin@example.com", stdin=terminal)

    said = capsys.readouterr().err
    assert (COMMON in said, PREDICTABLE in said) == (True, True)
    assert User.objects.get().check_password(PASSWORD) is True


def test_changepassword_asks_for_another_one(
    user: User, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed("trustno1", "jane-oddjobbox", "staple the battery anew")
    call_command("changepassword", "jane_doe")

    said = capsys.readouterr().err
    assert (COMMON in said, PREDICTABLE in said) == (True, True)
    user.refresh_from_db()
    assert user.check_password("staple the battery anew") is True


def test_the_cost_of_each_validator_is_printed() -> None:
    """Printed, for a machine that is busy proves nothing."""
    for validator in get_default_password_validators():
        began = time.perf_counter()
        for number in range(1_000):
            validator.validate(f"correct horse {number}", ALICE)
        print(f"{type(validator).__name__}: {time.perf_counter() - began:.4f} ms a check")
