"""The admin, as staff use it in a browser."""

from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from authentication.audit.models import EventType
from authentication.core import clock
from authentication.models import Event, Session, User
from tests.conftest import PASSWORD, client_for

CHANGE = "/admin/authentication/user/{}/change/"


@pytest.fixture
def staff(db: None) -> Client:
    User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD)
    browser = Client()
    form = {"username": "THE_ADMIN", "password": PASSWORD, "next": "/admin/"}
    assert browser.post("/admin/login/", form).status_code == 302
    return browser


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    return {"username": user.username, "email": user.email, "is_active": "on", **changes}


def test_signing_in_by_address_and_failing_are_both_recorded(db: None) -> None:
    admin = User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD)
    browser = Client(REMOTE_ADDR="192.0.2.7")

    wrong = browser.post("/admin/login/", {"username": "admin@example.com", "password": "wrong"})
    right = browser.post("/admin/login/", {"username": "Admin@EXAMPLE.com", "password": PASSWORD})

    assert (wrong.status_code, right.status_code) == (200, 302)
    recorded = Event.objects.order_by("pk").values_list("event", "user_id", "ip")
    assert list(recorded) == [
        (EventType.SIGN_IN_FAILED, admin.pk, "192.0.2.7"),
        (EventType.SIGNED_IN, admin.pk, "192.0.2.7"),
    ]


def test_a_user_without_is_staff_does_not_get_in(user: User) -> None:
    browser = Client()
    answer = browser.post("/admin/login/", {"username": "jane_doe", "password": PASSWORD})
    assert b"Please enter the correct username and password for a staff account" in answer.content


def test_every_list_and_form_opens(staff: Client, user: User) -> None:
    session = user.sessions.open() and Session.objects.get(user=user)
    event = Event.objects.create(event=EventType.REGISTERED, user=user)
    for path in (
        "user/",
        "user/add/",
        f"user/{user.pk}/change/",
        f"user/{user.pk}/password/",
        "session/",
        f"session/{session.pk}/change/",
        "event/?q=jane",
        f"event/{event.pk}/change/",
    ):
        assert staff.get(f"/admin/authentication/{path}").status_code == 200, path


def test_adding_a_user_obeys_the_rules_of_the_model(staff: Client, user: User) -> None:
    form = {"username": "bob", "email": "JANE@example.com", "usable_password": "true"}
    form |= {"password1": PASSWORD, "password2": PASSWORD}

    page = staff.post("/admin/authentication/user/add/", form).content.decode()

    assert "Usernames must be between 6 and 25 characters long" in page
    assert "This email is already associated with an account." in page
    assert User.objects.count() == 2
    form |= {"username": "bob_builder", "email": "Bob@EXAMPLE.com"}
    assert staff.post("/admin/authentication/user/add/", form).status_code == 302
    assert User.objects.get(username="bob_builder").email == "Bob@example.com"


def test_a_new_password_ends_every_session_and_is_recorded(staff: Client, user: User) -> None:
    bearer = client_for(user.token)
    form = {"usable_password": "true", "password1": "another good one", "password2": "another good one"}

    answer = staff.post(f"/admin/authentication/user/{user.pk}/password/", form)

    assert answer.status_code == 302
    assert bearer.get("/auth/me").json()["code"] == "session_ended"
    assert Event.objects.filter(event=EventType.PASSWORD_CHANGED, user=user).count() == 1


def test_the_notice_of_a_new_password_does_not_name_the_staff_who_set_it(staff: Client, user: User) -> None:
    form = {"usable_password": "true", "password1": "another good one", "password2": "another good one"}
    staff.post(f"/admin/authentication/user/{user.pk}/password/", form)

    task = DBTaskResult.objects.get()
    assert task.task_path == "authentication.passwords.mails.send_password_changed"
    (activity,) = task.args_kwargs["args"]
    assert activity.pop("at")
    assert activity == {"ip": None, "user_agent": ""}
    assert task.args_kwargs["kwargs"] == {"to": "jane@example.com", "username": "jane_doe"}


def test_an_address_that_staff_have_set_is_not_verified(staff: Client, user: User) -> None:
    user.email_verified_at = user.pending_email_at = clock.now()
    user.pending_email = "wished@example.com"
    user.save()
    assert staff.post(CHANGE.format(user.pk), form_of(user, is_active="on")).status_code == 302
    user.refresh_from_db()
    assert (user.email_verified_at is None, user.pending_email) == (False, "wished@example.com")

    assert staff.post(CHANGE.format(user.pk), form_of(user, email="new@example.com")).status_code == 302

    user.refresh_from_db()
    assert (user.email, user.email_verified_at) == ("new@example.com", None)
    assert (user.pending_email, user.pending_email_at) == ("", None)


def test_a_refused_password_is_not_recorded(staff: Client, user: User) -> None:
    form = {"usable_password": "true", "password1": "12345678", "password2": "12345678"}
    page = staff.post(f"/admin/authentication/user/{user.pk}/password/", form)
    assert b"This password is entirely numeric." in page.content
    assert not Event.objects.filter(event=EventType.PASSWORD_CHANGED).exists()


def test_deactivating_ends_every_session(staff: Client, user: User) -> None:
    bearer = client_for(user.token)

    form = form_of(user)
    del form["is_active"]
    assert staff.post(CHANGE.format(user.pk), form).status_code == 302

    assert bearer.get("/auth/me").json()["code"] == "user_inactive"
    staff.post(CHANGE.format(user.pk), form_of(user))
    assert bearer.get("/auth/me").json()["code"] == "session_ended"


def test_an_edit_of_something_else_ends_no_session(staff: Client, user: User) -> None:
    bearer = client_for(user.token)
    assert staff.post(CHANGE.format(user.pk), form_of(user, is_staff="on")).status_code == 302
    assert bearer.get("/auth/me").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_name_taken_while_the_form_is_saved_is_an_error_in_the_form(
    staff: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's write lock is held from the form's check to its save: no such race")

    def register_someone_else() -> None:
        User.objects.create_user("wanted_name", "first@example.com", PASSWORD)
        connection.close()

    def lose_the_race(self: User, **kwargs: Any) -> None:
        monkeypatch.undo()
        thread = Thread(target=register_someone_else)
        thread.start()
        thread.join()
        self.save(**kwargs)

    monkeypatch.setattr(User, "save", lose_the_race)

    page = staff.post(CHANGE.format(user.pk), form_of(user, username="Wanted_Name"))

    assert page.status_code == 200
    assert "This username is already associated with an account." in page.content.decode()


def test_a_session_is_ended_by_deleting_it(staff: Client, user: User) -> None:
    bearer = client_for(user.token)
    session = Session.objects.get(user=user)

    staff.post(f"/admin/authentication/session/{session.pk}/delete/", {"post": "yes"})

    assert bearer.get("/auth/me").json()["code"] == "session_ended"
    assert Event.objects.filter(event=EventType.SESSION_ENDED, user=user, session_id=session.pk).exists()


def test_events_are_read_only(staff: Client, user: User) -> None:
    event = Event.objects.create(event=EventType.REGISTERED, user=user)
    path = f"/admin/authentication/event/{event.pk}"
    assert staff.post(f"{path}/change/", {"event": "renamed"}).status_code == 403
    assert staff.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get("/admin/authentication/event/add/").status_code == 403


def test_a_missing_page_is_html_and_not_json(staff: Client) -> None:
    answer = staff.get("/admin/nothing/here/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
