"""POST /auth/me/delete"""

from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError, RestrictedError
from rest_framework.test import APIClient

from authentication.models import Event, Session, User
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import me_code, refresh_code, sign_in


def test_the_right_password_deletes_the_account_and_all_that_hangs_on_it(api: APIClient, user: User) -> None:
    pair, single = sign_in(api, refresh_in="body"), sign_in(api)
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    survives = other.token

    answer = client_for(single["token"]).post("/auth/me/delete", {"password": PASSWORD})

    assert (answer.status_code, answer.content) == (204, b"")
    assert list(User.objects.all()) == [other]
    assert set(Session.objects.values_list("user_id", flat=True)) == {other.pk}
    assert [me_code(pair["token"]), me_code(single["token"])] == ["session_ended", "session_ended"]
    assert refresh_code(pair["refresh"]) == "session_ended"
    assert me_code(survives) == ""


def test_the_log_outlives_the_account_without_naming_it(api: APIClient, user: User) -> None:
    client = client_for(sign_in(api)["token"])
    client.post("/auth/me/delete", {"password": PASSWORD})

    assert [event.event for event in Event.objects.order_by("pk")] == ["signed_in", "account_deleted"]
    assert not Event.objects.exclude(user=None).exists()


def test_a_deleted_accounts_name_and_address_are_free_again(api: APIClient, signed_in: APIClient) -> None:
    signed_in.post("/auth/me/delete", {"password": PASSWORD})

    jane = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
    assert api.post("/auth/registration", jane).status_code == 201


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"password": "wrong"}, {"password": ["This password is not correct."]}),
        ({"password": PASSWORD + " "}, {"password": ["This password is not correct."]}),
        ({"password": "x" * 10_000}, {"password": ["This password is not correct."]}),
        ({"password": ""}, {"password": ["This field may not be blank."]}),
        ({"password": None}, {"password": ["This field may not be null."]}),
        ({}, {"password": ["This field is required."]}),
    ],
)
def test_without_the_right_password_nothing_is_deleted(
    signed_in: APIClient, user: User, body: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    answer = signed_in.post("/auth/me/delete", body)

    assert (answer.status_code, answer.json()) == (400, errors)
    assert signed_in.get("/auth/me").status_code == 200
    assert User.objects.get() == user


@pytest.mark.parametrize(
    "error",
    [
        ProtectedError("Invoices refer to this user.", set()),
        RestrictedError("Invoices refer to this user.", set()),
        IntegrityError("foreign key"),
    ],
    ids=["protected", "restricted", "foreign key"],
)
def test_an_account_that_other_data_depends_on_stays(
    signed_in: APIClient, user: User, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    # A project's own model with on_delete=PROTECT raises this; this repository has none.
    def delete(self: User) -> None:
        raise error

    monkeypatch.setattr(User, "delete", delete)

    answer = signed_in.post("/auth/me/delete", {"password": PASSWORD})

    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "This account cannot be deleted while other data depends on it.",
        "code": "in_use",
    }
    assert signed_in.get("/auth/me").status_code == 200
    assert not Event.objects.filter(event="account_deleted").exists()
