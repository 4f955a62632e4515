"""Flaws of others in what is done by mail: each test is named after the flaw."""

from typing import Any

import pytest
from django.core import mail
from rest_framework.test import APIClient

from authentication.models import Session, User
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD, client_for
from tests.emails.steps import (
    EMAIL_TAKEN,
    KEY_INVALID,
    KEY_USED,
    NEW,
    NEW_PASSWORD,
    address,
    answered,
    ask_for,
    change_key,
    confirm,
    deliver,
    post,
    reset_link,
    sent,
    swap,
    undo,
    verification_key,
    verify,
)


def _keys(user: User, client: APIClient) -> dict[Purpose, str]:
    """Return a living key of every purpose, all of one user."""
    undoing = swap(client)
    deliver()
    User.objects.update(email_verified_at=None)
    return {
        Purpose.UNDO: undoing,
        Purpose.VERIFY: verification_key(NEW),
        Purpose.RESET: reset_link(NEW)["key"],
        Purpose.CHANGE: change_key(client, "newer@example.com"),
    }


def _use(purpose: Purpose, key: str, user: User) -> Any:
    if purpose is Purpose.RESET:
        return confirm({"uid": str(user.pk), "key": key})
    return undo(key) if purpose is Purpose.UNDO else verify(key)


def test_each_key_serves_its_own_purpose_only(user: User, signed_in: APIClient) -> None:
    """djoser #120, integreat-cms #782: one generator made the keys of resets and of activations."""
    keys = _keys(user, signed_in)
    for purpose, key in keys.items():
        for door in (Purpose.VERIFY, Purpose.UNDO, Purpose.RESET):
            opens = {door, Purpose.CHANGE} if door is Purpose.VERIFY else {door}
            if purpose not in opens:
                assert answered(_use(door, key, user)) == (400, KEY_INVALID), (purpose, door)
    assert address(user) == (NEW, False)
    # Each is alive all the same.
    assert [verify(keys[Purpose.VERIFY]).status_code, verify(keys[Purpose.CHANGE]).status_code] == [200, 200]
    assert undo(keys[Purpose.UNDO]).status_code == 200


def test_no_other_secret_of_the_server_is_a_key_and_no_key_is_a_token(
    user: User, signed_in: APIClient
) -> None:
    """fastapi-users GHSA-5j53-63w8-8625: a token of one flow was taken by another."""
    login = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "body"}
    body = APIClient().post("/auth/login", login).json()
    for secret in (body["token"], body["refresh"], body["device"], user.security_stamp):
        for door in (Purpose.VERIFY, Purpose.UNDO, Purpose.RESET):
            assert answered(_use(door, secret, user)) == (400, KEY_INVALID)
    for key in _keys(user, signed_in).values():
        assert client_for(key).get("/auth/me").json()["code"] == "token_invalid"
        assert post("/auth/refresh", {"refresh": key}).json()["code"] == "token_invalid"


def test_no_link_undoes_a_ban(user: User, signed_in: APIClient) -> None:
    """integreat-cms #782: a reset's token, used as an activation, let a banned user in again."""
    keys = _keys(user, signed_in)
    User.objects.update(is_active=False)
    for purpose, key in keys.items():
        assert answered(_use(purpose, key, user)) == (400, KEY_INVALID)
    assert User.objects.get().is_active is False


def test_a_reset_link_works_once(user: User) -> None:
    """djoser #296: it stayed valid after use."""
    link = reset_link()
    assert confirm(link).status_code == 204
    for password in (NEW_PASSWORD, PASSWORD):
        assert answered(confirm(link, password)) == (400, KEY_USED)


def test_the_link_of_a_registration_survives_the_first_sign_in(db: None) -> None:
    """djoser #120: the key of the activation was of the reset, and died with a sign-in."""
    body = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
    post("/auth/registration", body)
    key = verification_key()
    assert post("/auth/login", {"username": "jane_doe", "password": PASSWORD}).status_code == 200
    assert verify(key).status_code == 200


def test_the_users_own_old_link_does_not_confirm_a_strangers_address(
    user: User, signed_in: APIClient
) -> None:
    """allauth 65.12.1: an address was changed to a stranger's and confirmed by an own earlier key."""
    verification, earlier = verification_key(), change_key(signed_in, "own@example.com")
    assert ask_for(signed_in, "victim@example.com").status_code == 202
    assert answered(verify(earlier)) == (400, KEY_USED)
    assert answered(verify(verification)) == (200, {"email": "jane@example.com", "email_verified": True})
    assert address(user)[0] == "jane@example.com"


def test_a_change_of_address_tells_nothing_where_registration_does_not(
    settings: Any, user: User, signed_in: APIClient
) -> None:
    """allauth 0.55.0: adding an address told whether it had an account."""
    User.objects.create_user("other_user", "other@example.com", PASSWORD)
    settings.REQUIRE_VERIFIED_EMAIL = True
    for email in ("other@example.com", "nobody@example.com"):
        assert answered(ask_for(signed_in, email)) == (202, None)
        assert signed_in.get("/auth/me").json()["pending_email"] == email


@pytest.mark.parametrize("link_of", ["verify", "change", "reset", "undo"])
def test_a_used_link_is_refused(user: User, signed_in: APIClient, link_of: str) -> None:
    """allauth 0.61.0, 64.2.0: a one-time code, and the id of a token, were accepted twice."""
    uses = {
        "verify": lambda: (verify, verification_key()),
        "change": lambda: (verify, change_key(signed_in)),
        "reset": lambda: (confirm, reset_link()),
        "undo": lambda: (undo, swap(signed_in)),
    }
    use, key = uses[link_of]()
    assert use(key).status_code < 300
    assert [answered(use(key)) for _ in range(3)] == [(400, KEY_USED)] * 3


def test_a_reset_link_dies_with_the_address_it_was_sent_to(user: User, signed_in: APIClient) -> None:
    """allauth 0.35.0: it survived a change of address, so the old mailbox kept the account."""
    link = reset_link()
    assert verify(change_key(signed_in)).status_code == 200
    assert answered(confirm(link)) == (400, KEY_USED)


def test_an_inactive_user_cannot_reset_the_password(user: User) -> None:
    """allauth 0.36.0: is_active was not looked at."""
    link = reset_link()
    User.objects.update(is_active=False)
    assert answered(confirm(link)) == (400, KEY_INVALID)
    assert User.objects.get().check_password(PASSWORD)
    assert post("/auth/password/reset", {"email": "jane@example.com"}).status_code == 202
    assert sent() == []


def test_a_failing_mail_server_does_not_change_the_response(
    settings: Any, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CVE-2024-45231: a failure to send told which addresses had accounts."""

    def fail(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a request must not speak to the mail server")

    monkeypatch.setattr(mail, "get_connection", fail)
    monkeypatch.setattr(mail.EmailMessage, "send", fail)
    for path in ("/auth/password/reset", "/auth/email/resend"):
        for email in ("jane@example.com", "nobody@example.com"):
            assert answered(post(path, {"email": email})) == (202, None)


# Lookalikes of jane@example.com and of a domain with an i in it.
@pytest.mark.parametrize(
    "typed",
    [
        "jan\u0435@example.com",
        "jane@ex\u0430mple.com",
        "\u017fane@example.com",
        "jane@example.c\u043em",
        "m\u0131ke@example.com",
        "mike@g\u0131thub.example",
        "mike@\u212aelvin.example",
        "jane\uff20example.com",
    ],
)
def test_a_mail_goes_to_the_address_that_is_stored_or_to_none(user: User, typed: str) -> None:
    """CVE-2019-19844: a lookalike of an address got the link of its account."""
    for name, email in (("mike_doe", "mike@example.com"), ("mike_roe", "mike@github.example")):
        User.objects.create_user(name, email, PASSWORD)
    for path in ("/auth/password/reset", "/auth/email/resend"):
        assert post(path, {"email": typed}).status_code == 202
    stored = set(User.objects.values_list("email", flat=True))
    assert {to for to, _ in sent()} <= stored - {typed}


def test_a_password_change_invalidates_every_link(user: User, signed_in: APIClient) -> None:
    """supabase #1489: one-time passwords lived on after a change of password."""
    verification, reset, change = verification_key(), reset_link(), change_key(signed_in)
    body = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    assert signed_in.post("/auth/password/change", body).status_code == 200
    assert answered(verify(verification)) == (400, KEY_USED)
    assert answered(verify(change)) == (400, KEY_USED)
    assert answered(confirm(reset)) == (400, KEY_USED)
    assert address(user) == ("jane@example.com", False)


def test_no_response_to_a_key_contains_an_address(user: User, signed_in: APIClient) -> None:
    """supabase #1472: the answer to a key that was refused had the address of the account."""
    dead, wish = verification_key(), change_key(signed_in)
    User.objects.create_user("other_user", NEW, PASSWORD)
    taken = verify(wish)
    assert answered(taken) == (400, EMAIL_TAKEN)
    User.objects.update(security_stamp="another")
    for answer in (taken, verify(dead), verify(wish), undo(dead)):
        assert (answer.status_code, b"@" in answer.content) == (400, False)


def test_no_step_of_a_reset_works_without_the_mailed_key(user: User) -> None:
    """Keycloak CVE-2026-18963: a reset was finished by its last step alone."""
    uid, body = str(user.pk), {"new_password": NEW_PASSWORD}
    for before in (dict, reset_link):
        before()
        for key in (
            {},
            {"key": ""},
            {"key": None},
            {"key": uid},
            {"key": user.security_stamp},
            {"token": uid},
        ):
            assert post("/auth/password/reset/confirm", {"uid": uid, **key, **body}).status_code == 400
    assert User.objects.get().check_password(PASSWORD)


def test_a_deactivation_is_noticed_when_the_key_is_used(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keycloak CVE-2026-16103: it was looked at when the key was asked for."""
    link = reset_link()
    real = User.set_password

    def ban(self: User, raw_password: str | None) -> None:
        User.objects.update(is_active=False)
        real(self, raw_password)

    # The latest moment there is: after everything was checked, before it is stored.
    monkeypatch.setattr(User, "set_password", ban)
    assert answered(confirm(link)) == (400, KEY_USED)
    monkeypatch.undo()
    assert User.objects.get().check_password(PASSWORD)


def test_a_squatters_pending_change_does_not_survive_the_owners_reset(
    user: User, signed_in: APIClient
) -> None:
    """Pre-hijacking by an unexpired change of address: what was asked for before a reset came after it."""
    wish = change_key(signed_in, "squatter@example.com")
    assert confirm(reset_link()).status_code == 204
    assert answered(verify(wish)) == (400, KEY_USED)
    token = post("/auth/login", {"username": "jane_doe", "password": NEW_PASSWORD}).json()["token"]
    assert client_for(token).post("/auth/email/resend").status_code == 202
    assert "squatter@example.com" not in [to for to, _ in sent()]


def test_a_key_contains_nothing_of_the_account_but_its_id(user: User) -> None:
    """simplejwt #985, for links: what is derived from the password's hash has no place in a message."""
    first, second = reset_link(), reset_link()
    assert first["uid"] == str(user.pk)
    for part in (user.password, user.security_stamp, user.email, user.username):
        assert part not in first["key"] + second["key"]
    assert Session.objects.count() == 0
