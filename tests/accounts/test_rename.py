"""GET and PATCH /auth/me"""

import pytest
from rest_framework.test import APIClient

from authentication.accounts import services
from authentication.api.errors import SessionEnded
from authentication.core.client import Client
from authentication.models import Event, User
from tests.conftest import PASSWORD, client_for

USERNAME_RULE = (
    "Usernames must be between 6 and 25 characters long and can only contain letters, numbers, "
    "and underscores."
)
TAKEN = "This username is already associated with an account."


def _assert_unchanged(user: User) -> None:
    stored = User.objects.get(pk=user.pk)
    assert (stored.username, stored.email) == ("jane_doe", "jane@example.com")
    assert not Event.objects.filter(event="renamed").exists()


def test_a_rename_answers_like_me_and_ends_no_session(signed_in: APIClient, user: User) -> None:
    before = signed_in.get("/auth/me").json()

    answer = signed_in.patch("/auth/me", {"username": "Jane_Two"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {**before, "username": "Jane_Two"}
    assert signed_in.get("/auth/me").json() == answer.json()
    assert Event.objects.filter(event="renamed", user=user).count() == 1


def test_the_new_name_signs_in_and_the_old_one_is_free(signed_in: APIClient, api: APIClient) -> None:
    signed_in.patch("/auth/me", {"username": "jane_two"})

    def sign_in(name: str) -> int:
        return api.post("/auth/login", {"username": name, "password": PASSWORD}).status_code

    assert [sign_in("jane_two"), sign_in("jane_doe")] == [200, 400]
    other = {"username": "jane_doe", "email": "other@example.com", "password": PASSWORD}
    assert api.post("/auth/registration", other).status_code == 201


def test_the_same_name_is_fine_and_no_event(signed_in: APIClient, user: User) -> None:
    answer = signed_in.patch("/auth/me", {"username": "jane_doe"})

    assert (answer.status_code, answer.json()["username"]) == (200, "jane_doe")
    _assert_unchanged(user)


def test_a_user_may_change_the_case_of_the_username(signed_in: APIClient, user: User) -> None:
    answer = signed_in.patch("/auth/me", {"username": "JANE_Doe"})

    assert (answer.status_code, answer.json()["username"]) == (200, "JANE_Doe")
    assert User.objects.get().username == "JANE_Doe"


@pytest.mark.parametrize("body", [{}, {"is_staff": True, "id": 7, "date_joined": "2020-01-01T00:00:00Z"}])
def test_a_body_without_a_username_changes_nothing(
    signed_in: APIClient, user: User, body: dict[str, object]
) -> None:
    answer = signed_in.patch("/auth/me", body)

    assert (answer.status_code, answer.json()["id"]) == (200, user.pk)
    assert not User.objects.get().is_staff
    _assert_unchanged(user)


@pytest.mark.parametrize(
    ("username", "message"),
    [
        ("jane", USERNAME_RULE),
        ("jane-doe", USERNAME_RULE),
        ("\uff4aane_doe", USERNAME_RULE),
        ("", "This field may not be blank."),
        (None, "This field may not be null."),
        (123456, "Not a valid string."),
    ],
)
def test_a_bad_name_is_refused(signed_in: APIClient, user: User, username: object, message: str) -> None:
    answer = signed_in.patch("/auth/me", {"username": username})

    assert (answer.status_code, answer.json()) == (400, {"username": [message]})
    _assert_unchanged(user)


@pytest.mark.parametrize("username", ["other_user", "OTHER_User"])
def test_the_name_of_another_user_is_refused_in_any_case(
    signed_in: APIClient, user: User, username: str
) -> None:
    User.objects.create_user("other_user", "other@example.com", PASSWORD)

    answer = signed_in.patch("/auth/me", {"username": username})

    assert (answer.status_code, answer.json()) == (400, {"username": [TAKEN]})
    _assert_unchanged(user)


def test_a_name_taken_at_the_same_moment_is_refused_with_the_same_error(
    signed_in: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create_user("other_user", "other@example.com", PASSWORD)
    monkeypatch.setattr(User, "validate_constraints", lambda self, exclude=None: None)

    answer = signed_in.patch("/auth/me", {"username": "other_user"})

    assert (answer.status_code, answer.json()) == (400, {"username": [TAKEN]})
    _assert_unchanged(user)


@pytest.mark.parametrize(
    "body",
    [{"email": "new@example.com"}, {"email": None}, {"email": "new@example.com", "username": "jane_two"}],
)
def test_an_address_is_changed_elsewhere(signed_in: APIClient, user: User, body: dict[str, object]) -> None:
    answer = signed_in.patch("/auth/me", body)
    problem = signed_in.patch("/auth/me", body, headers={"Accept": "application/problem+json"})

    message = "Change the email address at /auth/email/change."
    assert (answer.status_code, answer.json()) == (400, {"email": [message]})
    assert problem.json()["errors"] == [{"field": "email", "code": "read_only", "message": message}]
    _assert_unchanged(user)


def test_a_rename_of_an_account_just_deleted_is_refused_as_over(user: User) -> None:
    User.objects.filter(pk=user.pk).delete()

    with pytest.raises(SessionEnded):
        services.rename(user=user, username="jane_two", client=Client())


def test_an_account_is_shown_and_renamed_with_a_valid_token_only(api: APIClient, user: User) -> None:
    for client in (api, client_for("nonsense")):
        assert client.get("/auth/me").status_code == 401
        assert client.patch("/auth/me", {"username": "jane_two"}).status_code == 401
    _assert_unchanged(user)
