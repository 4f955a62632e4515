"""A copy of a user that was read before someone changed the password."""

from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD, client_for


def test_saving_a_stale_copy_does_not_bring_the_old_password_back(user: User) -> None:
    bearer = client_for(user.token)
    stale = User.objects.get(pk=user.pk)
    user.set_password("another fine password")
    user.save()

    stale.is_staff = True
    stale.save()

    stored = User.objects.get(pk=user.pk)
    assert stored.is_staff is True
    assert stored.check_password("another fine password") is True
    assert bearer.get("/auth/me").json()["code"] == "session_ended"


def test_saving_a_stale_copy_does_not_revive_the_sessions_of_a_deactivated_user(user: User) -> None:
    bearer = client_for(user.token)
    stale = User.objects.get(pk=user.pk)
    user.is_active = False
    user.save()

    stale.save()

    assert bearer.get("/auth/me").json()["code"] == "session_ended"


def test_a_hash_that_is_assigned_by_hand_ends_every_session(user: User) -> None:
    bearer = client_for(user.token)
    found = User.objects.get(pk=user.pk)

    found.password = make_password("another fine password")
    found.save()

    assert bearer.get("/auth/me").json()["code"] == "session_ended"
    answer = APIClient().post("/auth/login", {"username": "jane_doe", "password": "another fine password"})
    assert answer.status_code == 200


def test_a_copy_with_deferred_fields_saves_what_it_has(user: User) -> None:
    bearer = client_for(user.token)
    partial = User.objects.only("username").get(pk=user.pk)

    partial.username = "jane_roe"
    partial.save()

    stored = User.objects.get(pk=user.pk)
    assert (stored.username, stored.email) == ("jane_roe", "jane@example.com")
    assert stored.check_password(PASSWORD) is True
    assert bearer.get("/auth/me").status_code == 200
