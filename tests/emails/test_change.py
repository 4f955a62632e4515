"""POST /auth/email/change, and POST /auth/email/verify with its link"""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from rest_framework.test import APIClient

from authentication.api.errors import SessionEnded
from authentication.core.client import Client
from authentication.emails import services
from authentication.models import EmailChange, Event, User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD, client_for
from tests.emails.steps import (
    KEY_EXPIRED,
    KEY_USED,
    NEW,
    NEW_PASSWORD,
    address,
    answered,
    ask_for,
    change_key,
    confirm,
    deliver,
    delivered_link,
    pending,
    post,
    reset_link,
    sent,
    verify,
)

SWAPPED = {"email": NEW, "email_verified": True}
OLD = "jane@example.com"
CONFIRM_NEW = "Confirm your new email address for Oddjobbox"


def test_the_new_address_takes_over_when_its_link_is_followed(user: User, signed_in: APIClient) -> None:
    answer = ask_for(signed_in, NEW)

    assert answered(answer) == (202, None)
    assert answer.headers["Cache-Control"] == "no-store"
    assert (address(user), pending(signed_in)) == ((OLD, False), NEW)
    [message] = deliver()
    assert (message.to, message.subject) == ([NEW], CONFIRM_NEW)
    assert "jane_doe" in message.body

    signed_in.post("/auth/email/resend")
    key = delivered_link(NEW, "/verify-email")["key"]
    assert answered(verify(key)) == (200, SWAPPED)

    assert (address(user), pending(signed_in)) == ((NEW, True), None)
    assert sent() == [(OLD, "Your email address was changed at Oddjobbox")]
    assert list(Event.objects.order_by("pk").values_list("event", flat=True)) == [
        "email_change_requested",
        "email_changed",
    ]


def test_the_account_is_signed_in_to_by_the_new_address_and_not_the_old(
    api: APIClient, user: User, signed_in: APIClient
) -> None:
    verify(change_key(signed_in))

    def sign_in(email: str) -> int:
        return api.post("/auth/login", {"email": email, "password": PASSWORD}).status_code

    assert [sign_in(NEW), sign_in(OLD)] == [200, 400]
    # The sessions go on: it is the same person, with the same password.
    assert signed_in.get("/auth/me").json()["email"] == NEW


def test_a_newer_change_request_invalidates_the_older_link(user: User, signed_in: APIClient) -> None:
    older, newer = change_key(signed_in), change_key(signed_in, "newer@example.com")

    assert answered(verify(older)) == (400, KEY_USED)
    assert address(user)[0] == OLD
    assert answered(verify(newer)) == (200, {"email": "newer@example.com", "email_verified": True})
    assert answered(verify(newer)) == (400, KEY_USED)
    assert EmailChange.objects.count() == 1


def test_the_current_address_cancels_the_pending_change(user: User, signed_in: APIClient) -> None:
    key = change_key(signed_in)

    assert answered(ask_for(signed_in, "jane@EXAMPLE.com")) == (202, None)

    assert (pending(signed_in), sent()) == (None, [])
    assert answered(verify(key)) == (400, KEY_USED)
    assert address(user) == (OLD, False)


def test_a_change_cancelled_before_its_mail_is_sent_gets_no_mail(signed_in: APIClient) -> None:
    ask_for(signed_in, NEW)
    ask_for(signed_in, OLD)

    assert sent() == []


def test_a_pending_change_expires_with_its_link(
    user: User, signed_in: APIClient, advance: Callable[..., None]
) -> None:
    key = change_key(signed_in)
    advance(days=2, hours=23, minutes=59)
    assert pending(signed_in) == NEW
    advance(minutes=1)

    assert pending(signed_in) is None
    assert answered(verify(key)) == (400, KEY_EXPIRED)
    assert address(user) == (OLD, False)


def test_the_link_of_a_late_mail_expires_with_the_pending_change(
    user: User, signed_in: APIClient, advance: Callable[..., None]
) -> None:
    ask_for(signed_in, NEW)
    advance(days=2)
    key = delivered_link(NEW, "/verify-email")["key"]
    advance(days=1)

    assert pending(signed_in) is None
    assert answered(verify(key)) == (400, KEY_EXPIRED)
    assert address(user) == (OLD, False)


def test_an_expired_change_gets_no_mail(signed_in: APIClient, advance: Callable[..., None]) -> None:
    ask_for(signed_in, NEW)
    advance(days=3)

    assert sent() == []


def _set_password_as_staff(user: User) -> None:
    User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD)
    staff = Browser()
    staff.post("/admin/login/", {"username": "the_admin", "password": PASSWORD})
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = staff.post(f"/admin/authentication/user/{user.pk}/password/", form)
    assert answer.status_code == 302


@pytest.mark.parametrize("by", ["change", "reset", "staff", "shell"])
def test_a_new_password_cancels_the_pending_change(user: User, signed_in: APIClient, by: str) -> None:
    key = change_key(signed_in)
    if by == "change":
        body = {"password": PASSWORD, "new_password": NEW_PASSWORD}
        assert signed_in.post("/auth/password/change", body).status_code == 200
    elif by == "reset":
        assert confirm(reset_link()).status_code == 204
    elif by == "staff":
        _set_password_as_staff(user)
        user.refresh_from_db()
        # So a mail that is still to be written has nothing to ask for.
        assert (user.pending_email, user.pending_email_at) == ("", None)
    else:
        user.refresh_from_db()
        user.set_password(NEW_PASSWORD)
        user.save()

    assert answered(verify(key)) == (400, KEY_USED)
    assert address(user)[0] == OLD


@pytest.mark.parametrize("by", ["change", "reset"])
def test_a_change_requested_before_a_new_password_gets_no_mail(
    user: User, signed_in: APIClient, by: str
) -> None:
    """A thief's wish waits in the queue while the owner sets a new password."""
    reset = reset_link()
    ask_for(signed_in, "thief@example.com")
    if by == "change":
        body = {"password": PASSWORD, "new_password": NEW_PASSWORD}
        token = signed_in.post("/auth/password/change", body).json()["token"]
    else:
        assert confirm(reset).status_code == 204
        login = {"username": "jane_doe", "password": NEW_PASSWORD}
        token = post("/auth/login", login).json()["token"]

    assert "thief@example.com" not in [to for to, _ in sent()]
    owner = client_for(token)
    assert pending(owner) is None
    # Nor does the owner's own button bring it back.
    owner.post("/auth/email/resend")
    assert "thief@example.com" not in [to for to, _ in sent()]


def test_an_email_change_that_races_a_password_change_is_refused(user: User) -> None:
    User.objects.filter(pk=user.pk).update(security_stamp="another")

    with pytest.raises(SessionEnded):
        services.request_change(user=user, email=NEW, password=PASSWORD, client=Client())

    user.refresh_from_db()
    assert (user.pending_email, user.pending_email_at, sent()) == ("", None, [])


def test_a_deactivated_user_swaps_nothing(user: User, signed_in: APIClient) -> None:
    key = change_key(signed_in)
    User.objects.update(is_active=False)

    assert verify(key).json()["code"] == "key_invalid"
    assert (User.objects.get().is_active, address(user)) == (False, (OLD, False))


def test_only_the_pending_change_can_be_confirmed(user: User, signed_in: APIClient) -> None:
    user.refresh_from_db()
    key = links.issue(Purpose.CHANGE, user.pk, user.security_stamp, user.email, "thief@example.com")
    assert answered(verify(key)) == (400, KEY_USED)
    change_key(signed_in)
    assert answered(verify(key)) == (400, KEY_USED)
    nothing = links.issue(Purpose.CHANGE, user.pk, user.security_stamp, user.email, "")
    ask_for(signed_in, OLD)
    assert answered(verify(nothing))[0] == 400
    assert address(user) == (OLD, False)


def test_an_address_cannot_be_changed_by_way_of_the_account(signed_in: APIClient) -> None:
    assert answered(signed_in.patch("/auth/me", {"email": NEW})) == (
        400,
        {"email": ["Change the email address at /auth/email/change."]},
    )
    assert signed_in.get("/auth/me").json()["email"] == OLD
