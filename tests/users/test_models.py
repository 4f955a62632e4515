"""The account as Django's users know it."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from authentication.models import Session, User
from tests.conftest import PASSWORD, client_for

USERNAME_TAKEN = {"username": ["This username is already associated with an account."]}
EMAIL_TAKEN = {"email": ["This email is already associated with an account."]}


def test_a_user_is_called_by_the_username(user: User) -> None:
    assert (str(user), user.get_full_name(), user.get_short_name()) == ("jane_doe", "jane_doe", "jane_doe")
    assert user.get_username() == "jane_doe"
    assert (User.USERNAME_FIELD, User.EMAIL_FIELD, User.REQUIRED_FIELDS) == ("username", "email", ["email"])


def test_the_token_signs_in_and_is_kept_on_the_instance(user: User) -> None:
    token = user.token

    assert client_for(token).get("/auth/me").json()["id"] == user.pk
    assert user.token is token
    assert Session.objects.get().user == user


def test_another_instance_opens_a_session_of_its_own(user: User) -> None:
    again = User.objects.get()

    assert again.token != user.token
    assert Session.objects.count() == 2


@pytest.mark.parametrize(
    ("username", "email", "refusal"),
    [
        ("jane_doe", "other@example.com", USERNAME_TAKEN),
        ("JANE_Doe", "other@example.com", USERNAME_TAKEN),
        ("other_user", "jane@example.com", EMAIL_TAKEN),
        ("other_user", "JANE@example.com", EMAIL_TAKEN),
    ],
)
def test_the_database_itself_refuses_a_duplicate_in_any_case(
    user: User, username: str, email: str, refusal: dict[str, list[str]]
) -> None:
    # Nothing is validated: another request made the first account this very moment.
    late = User(username=username, email=email, password=make_password(PASSWORD))

    with pytest.raises(ValidationError) as refused, transaction.atomic():
        late.save()

    assert refused.value.message_dict == refusal
    assert {error.code for errors in refused.value.error_dict.values() for error in errors} == {"unique"}
    assert User.objects.get() == user


def test_a_stored_user_cannot_take_the_name_of_another(user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    other.username = "Jane_Doe"

    with pytest.raises(ValidationError) as refused, transaction.atomic():
        other.save(update_fields=["username"])

    assert refused.value.message_dict == USERNAME_TAKEN


def test_a_taken_username_and_a_taken_address_are_both_named(user: User) -> None:
    with pytest.raises(ValidationError) as refused:
        User.objects.create_user("JANE_doe", "JANE@example.com", PASSWORD)

    assert refused.value.message_dict == USERNAME_TAKEN | EMAIL_TAKEN
    assert {error.code for errors in refused.value.error_dict.values() for error in errors} == {"unique"}


def test_full_clean_lets_a_user_keep_its_own_name_in_another_case(user: User) -> None:
    user.username, user.email = "JANE_DOE", "JANE@EXAMPLE.COM"

    user.full_clean()
    user.save()

    stored = User.objects.get()
    assert (stored.username, stored.email) == ("JANE_DOE", "JANE@example.com")


def test_a_password_is_checked_as_typed_but_for_its_unicode_form(user: User) -> None:
    user.set_password("  Caf\u00e9 au lait ")
    user.save()

    stored = User.objects.get()
    assert stored.check_password("  Cafe\u0301 au lait ")
    for other in ("Caf\u00e9 au lait", "  caf\u00e9 au lait ", "  Cafe au lait ", ""):
        assert not stored.check_password(other)


def test_a_password_that_is_too_long_to_be_stored_is_wrong(user: User) -> None:
    user.set_password("x" * 128)

    assert user.check_password("x" * 128)
    assert not user.check_password("x" * 129)
    assert not user.check_password("x" * 1_000_000)
