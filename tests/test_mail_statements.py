"""The SQL statements of the endpoints that mails are about. See also test_statements.py."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import EmailChange, User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD
from tests.sessions.steps import sign_in
from tests.statements import POSTED, TAKEN, statements

NEW_PASSWORD = {"new_password": "battery staple horse"}


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("jane_doe", "jane@example.com", PASSWORD)


@pytest.mark.parametrize("path", ["/auth/password/reset", "/auth/email/resend"])
@pytest.mark.parametrize("email", ["jane@example.com", "nobody@example.com", "no address at all"])
def test_asking_for_a_mail_is_the_same_for_known_and_unknown(
    api: APIClient, user: User, path: str, email: str
) -> None:
    assert statements(lambda: api.post(path, {"email": email}), 202) == [*TAKEN, *POSTED]


def test_a_reset(api: APIClient, user: User) -> None:
    key = links.issue(Purpose.RESET, user.pk, user.security_stamp, user.email)

    def act() -> Any:
        return api.post("/auth/password/reset/confirm", {"uid": str(user.pk), "key": key, **NEW_PASSWORD})

    changed = ["BEGIN", "UPDATE user", "INSERT event", *POSTED, "COMMIT"]
    assert statements(act, 204) == [*TAKEN, "SELECT user", *changed]
    assert statements(act, 400) == [*TAKEN, "SELECT user"]


def test_verifying(api: APIClient, user: User) -> None:
    key = links.issue(Purpose.VERIFY, user.pk, user.security_stamp, user.email)

    found = statements(lambda: api.post("/auth/email/verify", {"key": key}))

    assert found == [*TAKEN, "SELECT user", "BEGIN", "UPDATE user", "INSERT event", "COMMIT"]


def test_a_change_of_address_and_back(api: APIClient, user: User) -> None:
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(api)['token']}")
    wish = {"email": "new@example.com", "password": PASSWORD}

    assert statements(lambda: api.post("/auth/email/change", wish), 202) == [
        "SELECT session",
        *TAKEN,
        "SELECT user",
        "BEGIN",
        "UPDATE user",
        "INSERT event",
        *POSTED,
        "COMMIT",
    ]
    key = links.issue(Purpose.CHANGE, user.pk, user.security_stamp, user.email, wish["email"])
    told = ["INSERT event", *POSTED, "COMMIT"]
    changed = [*TAKEN, "SELECT user", "BEGIN", "UPDATE user", "INSERT emailchange", *told]
    assert statements(lambda: api.post("/auth/email/verify", {"key": key})) == changed
    key = links.issue(Purpose.UNDO, EmailChange.objects.get().pk, user.email)
    taken_back = ["SELECT user", "UPDATE user", "UPDATE emailchange", "UPDATE emailchange"]
    undone = [*TAKEN, "SELECT emailchange", "BEGIN", *taken_back, *told]
    assert statements(lambda: api.post("/auth/email/undo", {"key": key})) == undone
