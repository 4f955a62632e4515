"""How accounts are made and found."""

# Lookalikes are meant here.
# ruff: noqa: RUF001

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from authentication.models import User
from authentication.users import validators
from tests.conftest import PASSWORD


def test_create_user_stores_a_usual_user(db: None) -> None:
    user = User.objects.create_user("Jane_Doe", "Jane@EXAMPLE.com", PASSWORD)

    stored = User.objects.get()
    assert stored == user
    assert (stored.username, stored.email) == ("Jane_Doe", "Jane@example.com")
    assert (stored.is_active, stored.is_staff, stored.is_superuser) == (True, False, False)
    assert stored.email_verified_at is None
    assert stored.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("username", "email", "message"),
    [
        (None, "jane@example.com", "The given username must be set"),
        ("", "jane@example.com", "The given username must be set"),
        ("jane_doe", None, "The given email must be set"),
        ("jane_doe", "", "The given email must be set"),
    ],
)
def test_create_user_wants_a_username_and_an_email(
    db: None, username: str | None, email: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        User.objects.create_user(username, email, PASSWORD)
    assert not User.objects.exists()


def test_create_user_without_a_password_makes_one_that_nobody_knows(db: None) -> None:
    user = User.objects.create_user("jane_doe", "jane@example.com")

    assert not user.has_usable_password()
    assert not user.check_password("")
    assert not user.check_password(None)


def test_create_user_refuses_what_the_rules_refuse(db: None) -> None:
    with pytest.raises(ValidationError) as refusal:
        User.objects.create_user("jane", "no address", PASSWORD)

    assert refusal.value.message_dict == {
        "username": [validators.USERNAME_MESSAGE],
        "email": ["Enter a valid email address."],
    }
    assert not User.objects.exists()


def test_create_superuser_has_every_right(db: None) -> None:
    user = User.objects.create_superuser("jane_doe", "jane@example.com", PASSWORD)

    assert (user.is_staff, user.is_superuser, user.is_active) == (True, True, True)
    assert user.has_perm("authentication.delete_user")


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_create_superuser_refuses_half_a_superuser(db: None, flag: str) -> None:
    with pytest.raises(ValueError, match=rf"^Superuser must have {flag}=True\.$"):
        User.objects.create_superuser("jane_doe", "jane@example.com", PASSWORD, **{flag: False})
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "identifier", ["jane_doe", "JANE_DOE", "jane@example.com", "JANE@example.com", "Jane@EXAMPLE.COM"]
)
def test_find_knows_a_username_and_an_address_in_any_case(user: User, identifier: str) -> None:
    assert User.objects.find(identifier) == user


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "@",
        "jane",
        "jane_doe ",
        "ｊａｎｅ＿ｄｏｅ",
        "jane@example.org",
        "jane_doe@example.com",
        "x" * 10_000,
        "x" * 10_000 + "@example.com",
        "%",
        "jane_do_",
    ],
)
def test_find_returns_none_for_any_other_identifier(user: User, identifier: str) -> None:
    assert User.objects.find(identifier) is None


@pytest.mark.parametrize(
    "identifier", ["\u212aim_doe", "\u212aim@example.com", "k\u0130m_doe", "k\u0130m@example.com"]
)
def test_find_folds_no_case_outside_of_ascii(db: None, identifier: str) -> None:
    # The Kelvin sign and the dotted capital I are letters that some databases fold to k and i.
    User.objects.create_user("kim_doe", "kim@example.com", PASSWORD)

    assert User.objects.find(identifier) is None


def test_get_by_natural_key_ignores_the_case_and_takes_no_address(user: User) -> None:
    assert User.objects.get_by_natural_key("JANE_doe") == user
    for unknown in ("jane@example.com", "nobody_here", "", None):
        with pytest.raises(User.DoesNotExist):
            User.objects.get_by_natural_key(unknown)


@pytest.mark.parametrize(
    ("identifier", "index"),
    [("JANE_doe", "user_username_unique"), ("Jane@Example.com", "user_email_unique")],
)
def test_find_uses_the_index_of_the_constraint(user: User, identifier: str, index: str) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        User.objects.find(identifier)
    (query,) = queries
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One row is read faster without any index; the question is whether one fits.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {query['sql']}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        plan = "\n".join(str(row) for row in cursor.fetchall())

    assert index in plan
