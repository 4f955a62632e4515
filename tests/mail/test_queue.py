"""What waits in the queue, and when it is there."""

import json
import logging
from collections.abc import Callable

import pytest
from django.core import mail as outbox
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.accounts import services as accounts
from authentication.core.client import Client
from authentication.emails.mails import send_email_verification
from authentication.mail import services as mail
from authentication.models import User
from tests.conftest import PASSWORD
from tests.smtp import SmtpServer

Work = Callable[[], None]
REGISTRATION = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}


class RolledBackError(Exception):
    """What goes wrong after the work is done."""


@pytest.fixture
def immediate(settings: Settings) -> None:
    settings.TASKS_IN_DATABASE = False
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def _register() -> None:
    accounts.register(**REGISTRATION, refreshable=False, client=Client())


def _register_and_fail() -> None:
    with transaction.atomic():
        _register()
        raise RolledBackError


def test_no_key_waits_in_the_queue(user: User, signed_in: APIClient, smtp: SmtpServer, work: Work) -> None:
    body = {"email": "new@example.com", "password": PASSWORD}
    assert signed_in.post("/auth/email/change", body).status_code == 202
    assert signed_in.post("/auth/password/reset", {"email": user.email}).status_code == 202
    mail.enqueue(send_email_verification, email=user.email)
    waiting = json.dumps(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))
    work()

    keys = [link.partition("key=")[2] for taken in smtp.mails for link in taken.links if "key=" in link]
    assert len(keys) == 3
    left = json.dumps(list(DBTaskResult.objects.values()), default=str)
    for key in keys:
        assert key.startswith("ojk_")
        assert key not in left
    for stored in (waiting, left):
        assert "ojk_" not in stored
        assert user.security_stamp not in stored
        assert "http" not in stored


def test_a_key_is_made_when_the_mail_is_sent(
    user: User, api: APIClient, smtp: SmtpServer, work: Work
) -> None:
    api.post("/auth/password/reset", {"email": user.email})
    user.set_password("staple the battery anew")
    user.save()
    work()

    (taken,) = smtp.mails
    body = {**taken.parameters("reset-password"), "new_password": "a new one of her own"}
    assert api.post("/auth/password/reset/confirm", body).status_code == 204


def test_the_log_names_no_key_and_nobody(
    user: User, api: APIClient, smtp: SmtpServer, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    smtp.refused_recipients.extend(["450 <jane@example.com> is busy", "550 <jane@example.com> is unknown"])
    for _ in range(3):
        api.post("/auth/password/reset", {"email": user.email})
    work()

    assert len(smtp.mails) == 1
    assert "Task id=" in caplog.text
    assert "to be tried again: SMTPRecipientsRefused" in caplog.text
    assert "NotSent: SMTPRecipientsRefused: {'<address>': (550, b'<<address>> is unknown')}" in caplog.text
    for secret in ("ojk_", "jane", "example.com", user.security_stamp):
        assert secret not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_registration_that_is_rolled_back_leaves_no_task() -> None:
    with pytest.raises(RolledBackError):
        _register_and_fail()

    assert (User.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_registration_is_stored_together_with_its_task() -> None:
    with transaction.atomic():
        _register()
        assert DBTaskResult.objects.count() == 1

    (task,) = DBTaskResult.objects.all()
    assert (task.status, task.task_path) == (
        "READY",
        "authentication.emails.mails.send_email_verification",
    )
    assert task.args_kwargs == {"args": [], "kwargs": {"email": "jane@example.com"}}
    assert outbox.outbox == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("immediate")
def test_an_immediate_mail_is_sent_after_the_commit_only() -> None:
    with transaction.atomic():
        _register()
        assert outbox.outbox == []

    assert [sent.to for sent in outbox.outbox] == [["jane@example.com"]]
    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("immediate")
def test_an_immediate_mail_of_what_is_rolled_back_is_never_sent() -> None:
    with pytest.raises(RolledBackError):
        _register_and_fail()

    assert (User.objects.count(), outbox.outbox) == (0, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("immediate")
@pytest.mark.parametrize("answers", [["550 No such user"], ["450 Later"], None])
def test_no_request_fails_because_the_mail_server_does(
    answers: list[str] | None, api: APIClient, smtp: SmtpServer, settings: Settings
) -> None:
    if answers is None:
        # Where nothing listens.
        settings.EMAIL_PORT = 9
    else:
        smtp.refused_recipients.extend(answers)
    answer = api.post("/auth/registration", REGISTRATION)

    assert answer.status_code == 201
    assert answer.json()["username"] == "jane_doe"
    assert User.objects.get().email == "jane@example.com"
    assert smtp.mails == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("immediate")
def test_a_printed_mail_is_its_text_alone(
    api: APIClient, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "authentication.mail.console.EmailBackend"
    api.post("/auth/registration", REGISTRATION)
    printed = capsys.readouterr().out

    rule = "-" * 79
    head = "To: jane@example.com\nSubject: Confirm your email address for Oddjobbox"
    assert printed.startswith(f"{rule}\n{head}\n\nHello jane_doe,\n")
    assert "\nhttp://localhost:5173/verify-email#key=ojk_" in printed
    assert printed.endswith(f"\nhttp://localhost:5173\n{rule}\n")
    assert "<" not in printed
