"""POST /auth/email/undo: the old address takes a change back"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from rest_framework.test import APIClient

from authentication.core.client import Client
from authentication.emails import services
from authentication.models import EmailChange, Event, Session, User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD, client_for
from tests.emails.steps import (
    EMAIL_TAKEN,
    KEY_EXPIRED,
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
    link_in,
    post,
    reset_link,
    sent,
    swap,
    undo,
    verify,
)

OLD = "jane@example.com"
BACK = {"email": OLD, "email_verified": True}


def test_an_undo_restores_the_old_address_and_ends_every_session(user: User, signed_in: APIClient) -> None:
    key = swap(signed_in)

    answer = undo(key)

    assert answered(answer) == (200, BACK)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert address(user) == (OLD, True)
    assert signed_in.get("/auth/me").json()["code"] == "session_ended"
    assert Event.objects.order_by("pk").last().event == "email_change_undone"  # type: ignore[union-attr]


def test_the_mail_advises_a_new_password_and_its_link_works(user: User, signed_in: APIClient) -> None:
    undo(swap(signed_in))

    [message] = deliver()
    assert (message.to, message.subject) == ([OLD], "Choose a new password for Oddjobbox")
    assert "whoever changed your email address knows the password" in message.body
    page, link = link_in(message)
    assert page == "/reset-password"
    assert confirm(link).status_code == 204
    assert post("/auth/login", {"email": OLD, "password": NEW_PASSWORD}).status_code == 200


def test_it_works_once(user: User, signed_in: APIClient) -> None:
    key = swap(signed_in)
    assert undo(key).status_code == 200
    stamp = User.objects.get().security_stamp

    assert answered(undo(key)) == (400, KEY_USED)
    assert User.objects.get().security_stamp == stamp


def test_it_works_for_seven_days(user: User, signed_in: APIClient, advance: Callable[..., None]) -> None:
    key = swap(signed_in)
    advance(days=7)
    assert answered(undo(key)) == (400, KEY_EXPIRED)
    assert address(user) == (NEW, True)
    advance(minutes=-1)
    assert answered(undo(key)) == (200, BACK)


def test_it_works_after_a_thief_has_changed_password_and_address_again(
    user: User, signed_in: APIClient
) -> None:
    owners_key = swap(signed_in, "thief@example.com")
    changed = signed_in.post("/auth/password/change", {"password": PASSWORD, "new_password": NEW_PASSWORD})
    thief = client_for(changed.json()["token"])
    deliver()
    thiefs_key = swap(thief, "second@example.com", NEW_PASSWORD)
    waiting = change_key(thief, "third@example.com", NEW_PASSWORD)
    reset = reset_link("second@example.com")

    assert answered(undo(owners_key)) == (200, BACK)

    # Nothing that the thief holds opens anything now.
    assert thief.get("/auth/me").json()["code"] == "session_ended"
    assert answered(undo(thiefs_key)) == (400, KEY_USED)
    assert answered(verify(waiting)) == (400, KEY_USED)
    assert answered(confirm(reset)) == (400, KEY_USED)
    assert address(user) == (OLD, True)


def test_a_notice_written_after_the_undo_has_no_link(user: User, signed_in: APIClient) -> None:
    owners_key = swap(signed_in, "thief@example.com")
    assert verify(change_key(signed_in, "second@example.com")).status_code == 200

    assert undo(owners_key).status_code == 200

    assert [to for to, _ in sent()] == [OLD]


def test_the_last_of_two_changes_is_undone_alone_and_the_first_after_it(
    user: User, signed_in: APIClient
) -> None:
    first, second = swap(signed_in), swap(signed_in, "second@example.com")

    assert answered(undo(second)) == (200, {"email": NEW, "email_verified": True})
    assert answered(undo(first)) == (200, BACK)


def test_an_undo_is_not_lost_to_a_simultaneous_password_change(
    user: User, signed_in: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = swap(signed_in, "thief@example.com")
    real = links.Link.require

    def require(self: links.Link, *state: str) -> None:
        real(self, *state)
        # Between the reading of the account and its writing.
        User.objects.update(security_stamp="of-the-new-password")

    monkeypatch.setattr(links.Link, "require", require)

    assert answered(undo(key)) == (200, BACK)
    assert address(user) == (OLD, True)


def test_a_thief_who_registers_with_the_old_address_does_not_keep_it(
    user: User, signed_in: APIClient
) -> None:
    key = swap(signed_in)
    thief = {"username": "other_user", "email": "Jane@Example.com", "password": PASSWORD}
    token = post("/auth/registration", thief).json()["token"]

    assert answered(undo(key)) == (200, BACK)

    other = User.objects.get(username="other_user")
    assert (other.email, other.email_verified_at) == (f"released-{other.pk}@example.invalid", None)
    assert client_for(token).get("/auth/me").json()["code"] == "session_ended"
    # The mail that waited for the thief's address goes to nobody: its owner has verified it.
    assert [message.subject for message in deliver() if message.to != [NEW]][-1].startswith("Choose a new")


def test_an_old_address_that_is_taken_meanwhile_is_a_plain_refusal(user: User, signed_in: APIClient) -> None:
    key = swap(signed_in)
    deliver()
    other = User.objects.create_user("other_user", "Jane@Example.com", PASSWORD)
    User.objects.filter(pk=other.pk).update(email_verified_at=other.date_joined)

    assert answered(undo(key)) == (400, EMAIL_TAKEN)
    assert (address(user), sent()) == ((NEW, True), [])
    assert signed_in.get("/auth/me").status_code == 200
    # Nothing is used up by it.
    User.objects.get(username="other_user").delete()
    assert answered(undo(key)) == (200, BACK)


@pytest.mark.parametrize("header", ["Bearer stale", "Bearer", "Basic x"])
def test_the_authorization_header_is_not_looked_at(user: User, signed_in: APIClient, header: str) -> None:
    key = swap(signed_in)

    assert answered(post("/auth/email/undo/", {"key": key}, HTTP_AUTHORIZATION=header)) == (200, BACK)


def test_a_deactivated_user_cannot_undo_a_change(user: User, signed_in: APIClient) -> None:
    key = swap(signed_in)
    User.objects.update(is_active=False)

    assert answered(undo(key)) == (400, KEY_INVALID)
    assert (User.objects.get().is_active, address(user)) == (False, (NEW, True))


def test_the_link_of_a_deleted_account_is_invalid(user: User, signed_in: APIClient) -> None:
    key = swap(signed_in)
    assert signed_in.post("/auth/me/delete", {"password": PASSWORD}).status_code == 204

    assert answered(undo(key)) == (400, KEY_INVALID)
    assert not EmailChange.objects.exists()


def test_an_undo_cancels_the_pending_change(user: User, signed_in: APIClient) -> None:
    key = swap(signed_in)
    ask_for(signed_in, "third@example.com")

    undo(key)

    user.refresh_from_db()
    assert (user.pending_email, user.pending_email_at) == ("", None)
    assert "third@example.com" not in [to for to, _ in sent()]


def test_a_user_without_a_password_gets_no_reset_link(user: User, signed_in: APIClient) -> None:
    key = swap(signed_in)
    owner = User.objects.get()
    owner.set_unusable_password()
    owner.save()

    assert answered(undo(key)) == (200, BACK)
    assert sent() == []


def test_no_link_undoes_a_correction_by_staff(user: User, signed_in: APIClient) -> None:
    swap(signed_in, "thief@example.com")
    thiefs_key = swap(signed_in, "second@example.com")
    User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD)
    staff = Browser()
    staff.post("/admin/login/", {"username": "the_admin", "password": PASSWORD})

    form = {"username": "jane_doe", "email": "safe@example.com", "is_active": "on"}
    assert staff.post(f"/admin/authentication/user/{user.pk}/change/", form).status_code == 302

    assert answered(undo(thiefs_key)) == (400, KEY_USED)
    assert address(user) == ("safe@example.com", False)


def test_a_key_names_its_change_and_no_other(user: User, signed_in: APIClient) -> None:
    swap(signed_in)
    change = EmailChange.objects.get()

    for subject, state in ((change.pk, NEW), (change.pk, "thief@example.com")):
        assert answered(undo(links.issue(Purpose.UNDO, subject, state))) == (400, KEY_USED)
    for subject in (0, change.pk + 1, 2**63 - 1):
        assert answered(undo(links.issue(Purpose.UNDO, subject, OLD))) == (400, KEY_INVALID)
    assert address(user) == (NEW, True)


def test_the_owner_of_no_session_may_undo_as_well(user: User, signed_in: APIClient) -> None:
    key = swap(signed_in)
    Session.objects.all().delete()

    assert services.undo(key=key, client=Client()).email == OLD


def test_a_notice_that_is_turned_off_leaves_no_link_to_undo(
    settings: Any, user: User, signed_in: APIClient
) -> None:
    settings.NOTICES = settings.NOTICES | {"email_changed": False}
    assert verify(change_key(signed_in)).status_code == 200

    assert sent() == []


def test_the_notice_says_what_was_done_from_where(user: User, signed_in: APIClient) -> None:
    key = change_key(signed_in)
    headers = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    post("/auth/email/verify", {"key": key}, REMOTE_ADDR="192.0.2.10", **headers)

    [message] = deliver()

    assert message.to == [OLD]
    for fact in (NEW, "192.0.2.10", "Firefox on Linux"):
        assert fact in message.body, fact
    assert list(link_in(message)[1]) == ["key"]
