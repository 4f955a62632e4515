"""Who is written to, and who is not."""

from collections.abc import Callable
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.core import clock
from authentication.emails import mails as emails
from authentication.emails.models import EmailChange
from authentication.mail import services as mail
from authentication.mail.messages import Activity
from authentication.models import User
from authentication.passwords.mails import send_password_reset
from authentication.tokens import links
from tests.conftest import PASSWORD
from tests.smtp import SmtpServer

Work = Callable[[], None]
NEW_PASSWORD = "staple the battery anew"


def _subjects(smtp: SmtpServer, work: Work) -> list[str]:
    work()
    return [taken.subject for taken in smtp.take()]


def _unknown(user: User) -> None:
    user.delete()


def _inactive(user: User) -> None:
    user.is_active = False
    user.save()


def _without_password(user: User) -> None:
    user.set_unusable_password()
    user.save()


def _verified(user: User) -> None:
    user.email_verified_at = clock.now()
    user.save()


def _waits_for_no_address(user: User) -> None:
    user.pending_email, user.pending_email_at = "", None
    user.save()


def _waits_for(user: User, address: str) -> None:
    user.pending_email, user.pending_email_at = address, clock.now()
    user.save()


NOBODY: list[tuple[Any, Callable[[User], None]]] = [
    (send_password_reset, _unknown),
    (send_password_reset, _inactive),
    (send_password_reset, _without_password),
    (emails.send_email_verification, _unknown),
    (emails.send_email_verification, _inactive),
    (emails.send_email_verification, _verified),
    (emails.send_email_change, _unknown),
    (emails.send_email_change, _inactive),
    (emails.send_email_change, _waits_for_no_address),
    (emails.send_email_taken, _unknown),
    (emails.send_email_taken, _inactive),
]


def _name(value: Any) -> str:
    return getattr(value, "__name__", "") or str(value.name)


@pytest.mark.parametrize(("task", "become"), NOBODY, ids=_name)
def test_a_mail_without_a_recipient_is_not_written(
    task: Any, become: Callable[[User], None], user: User, smtp: SmtpServer, work: Work
) -> None:
    _waits_for(user, "new@example.com")
    facts = {"user_id": user.pk} if task is emails.send_email_change else {"email": user.email}
    mail.enqueue(task, **facts)
    assert len(_subjects(smtp, work)) == 1

    become(user)
    mail.enqueue(task, **facts)

    assert _subjects(smtp, work) == []
    assert smtp.connections == 1
    last = DBTaskResult.objects.order_by("-enqueued_at").first()
    assert last is not None
    assert (last.status, last.return_value) == ("SUCCESSFUL", "nobody to write to")


def test_a_change_to_the_address_of_another_account_notifies_its_owner(
    user: User, smtp: SmtpServer, work: Work
) -> None:
    User.objects.create_user("the_owner", "owner@example.com", PASSWORD)
    _waits_for(user, "owner@example.com")
    mail.enqueue(emails.send_email_change, user_id=user.pk)
    work()

    (told,) = smtp.take()
    assert (told.recipients, told.subject) == (
        ["owner@example.com"],
        "You already have an account at Oddjobbox",
    )
    assert "jane_doe" not in told.text + told.html


def test_a_change_that_was_undone_gets_no_notice(user: User, smtp: SmtpServer, work: Work) -> None:
    change = EmailChange.objects.create(
        user=user, old_email="old@example.com", new_email=user.email, at=clock.now(), undone_at=clock.now()
    )
    activity = Activity(at=clock.now().isoformat(), ip=None, user_agent="")
    mail.enqueue(emails.send_email_changed, activity, change_id=change.pk, username=user.username)
    assert _subjects(smtp, work) == []

    EmailChange.objects.update(undone_at=None)
    mail.enqueue(emails.send_email_changed, activity, change_id=change.pk, username=user.username)
    work()

    (told,) = smtp.take()
    assert told.recipients == ["old@example.com"]
    assert "IP address: unknown\nDevice: Unknown device\n" in told.text


def _sign_in(api: APIClient) -> None:
    assert api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD}).status_code == 200


def _change_password(api: APIClient) -> None:
    token = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD}).json()["token"]
    body = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    answer = api.post("/auth/password/change", body, HTTP_AUTHORIZATION=f"Bearer {token}")
    assert answer.status_code == 200


def _reset_password(api: APIClient) -> None:
    user = User.objects.get()
    key = links.issue(links.Purpose.RESET, user.pk, user.security_stamp, user.email)
    body = {"uid": str(user.pk), "key": key, "new_password": NEW_PASSWORD}
    assert api.post("/auth/password/reset/confirm", body).status_code == 204


def _change_address(api: APIClient) -> None:
    user = User.objects.get()
    _waits_for(user, "new@example.com")
    key = links.issue(links.Purpose.CHANGE, user.pk, user.security_stamp, user.email, user.pending_email)
    assert api.post("/auth/email/verify", {"key": key}).status_code == 200


def _reuse_a_refresh_token(api: APIClient) -> None:
    body = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "body"}
    first = api.post("/auth/login", body).json()["refresh"]
    second = api.post("/auth/refresh", {"refresh": first}).json()["refresh"]
    api.post("/auth/refresh", {"refresh": second})
    assert api.post("/auth/refresh", {"refresh": first}).json()["code"] == "refresh_reused"


NOTICES: list[tuple[str, Callable[[APIClient], None], str]] = [
    ("new_device", _sign_in, "New sign-in at Oddjobbox"),
    ("password_changed", _change_password, "Your password was changed at Oddjobbox"),
    ("password_was_reset", _reset_password, "Your password was reset at Oddjobbox"),
    ("email_changed", _change_address, "Your email address was changed at Oddjobbox"),
    ("refresh_reused", _reuse_a_refresh_token, "A device was signed out at Oddjobbox"),
]
each_notice = pytest.mark.parametrize(
    ("notice", "act", "subject"), NOTICES, ids=[notice for notice, _, _ in NOTICES]
)


@each_notice
def test_the_owner_gets_a_notice(
    notice: str,
    act: Callable[[APIClient], None],
    subject: str,
    user: User,
    api: APIClient,
    smtp: SmtpServer,
    work: Work,
) -> None:
    act(api)
    work()

    (told,) = (taken for taken in smtp.take() if taken.subject == subject)
    assert told.recipients == ["jane@example.com"]
    assert "IP address: 127.0.0.1\n" in told.text
    assert str(told.headers["To"]) == "jane@example.com"


@each_notice
def test_a_notice_can_be_switched_off_alone(
    notice: str,
    act: Callable[[APIClient], None],
    subject: str,
    user: User,
    api: APIClient,
    smtp: SmtpServer,
    work: Work,
    settings: Settings,
) -> None:
    settings.NOTICES = {**settings.NOTICES, notice: False}
    act(api)
    assert subject not in _subjects(smtp, work)

    settings.NOTICES = {**dict.fromkeys(settings.NOTICES, False), notice: True}
    User.objects.all().delete()
    User.objects.create_user("jane_doe", "jane@example.com", PASSWORD)
    act(api)
    assert _subjects(smtp, work) == [subject]
