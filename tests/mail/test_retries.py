"""A server of mails that fails: what is tried again, when, and what is given up."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from authentication.core import clock
from authentication.emails.mails import send_email_verification
from authentication.mail import services as mail
from authentication.mail.services import PAUSES
from authentication.models import User
from authentication.passwords.mails import send_password_reset
from tests.conftest import PASSWORD
from tests.live import free_port
from tests.mail.conftest import SMTP
from tests.smtp import SmtpServer

Work = Callable[[], None]


def _statuses() -> list[str]:
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


def _waiting() -> DBTaskResult:
    return DBTaskResult.objects.get(status="READY")


@pytest.fixture
def posted(user: User) -> User:
    mail.enqueue(send_password_reset, email=user.email)
    return user


def _refuse_connections(smtp: SmtpServer, settings: Settings) -> None:
    settings.EMAIL_PORT = free_port()


def _refuse_the_recipient_for_now(smtp: SmtpServer, settings: Settings) -> None:
    smtp.refused_recipients.append("450 4.2.0 Greylisted")


def _refuse_the_mail_for_now(smtp: SmtpServer, settings: Settings) -> None:
    smtp.refused_mails.append("451 4.3.0 Out of space")


def _never_answer(smtp: SmtpServer, settings: Settings) -> None:
    # Long enough for a busy machine to hand the mail over.
    settings.EMAIL_TIMEOUT = 2
    smtp.stalling.set()


def _recover(smtp: SmtpServer, settings: Settings) -> None:
    settings.EMAIL_PORT = smtp.port
    smtp.stalling.clear()


Trouble = Callable[[SmtpServer, Settings], None]
PASSING: list[Trouble] = [
    _refuse_connections,
    _refuse_the_recipient_for_now,
    _refuse_the_mail_for_now,
    _never_answer,
]


@pytest.mark.usefixtures("posted")
@pytest.mark.parametrize("trouble", PASSING, ids=lambda trouble: trouble.__name__)
def test_a_mail_that_fails_once_is_sent_exactly_once_at_the_next_try(
    trouble: Trouble, smtp: SmtpServer, settings: Settings, work: Work, work_later: Work
) -> None:
    first = str(_waiting().pk)
    trouble(smtp, settings)
    work()
    assert smtp.mails == []
    assert _statuses() == ["SUCCESSFUL", "READY"]

    _recover(smtp, settings)
    work_later()
    work()

    (sent,) = smtp.mails
    assert sent.recipients == ["jane@example.com"]
    assert sent.headers["Message-ID"] == f"<{first}@localhost>"
    assert _statuses() == ["SUCCESSFUL", "SUCCESSFUL"]
    results = DBTaskResult.objects.order_by("enqueued_at").values_list("return_value", flat=True)
    assert list(results) == ["to be tried again", "sent"]


@pytest.mark.usefixtures("posted")
def test_a_server_that_takes_no_connection_is_tried_again(settings: Settings, work: Work) -> None:
    settings.EMAIL_BACKEND = SMTP
    settings.EMAIL_TIMEOUT = 0.2
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = listener.getsockname()
        # The one that fits into its queue, which nobody empties.
        stack.enter_context(socket.create_connection(listener.getsockname()))
        work()

    assert _statuses() == ["SUCCESSFUL", "READY"]


@pytest.mark.usefixtures("posted")
def test_a_mail_that_arrived_though_its_server_went_silent_has_one_message_id(
    smtp: SmtpServer, settings: Settings, work: Work, work_later: Work
) -> None:
    smtp.keeping_stalled = True
    _never_answer(smtp, settings)
    work()
    _recover(smtp, settings)
    work_later()

    first, second = (sent.headers["Message-ID"] for sent in smtp.mails)
    assert first == second


def test_two_mails_have_two_message_ids(user: User, smtp: SmtpServer, work: Work) -> None:
    for _ in range(2):
        mail.enqueue(send_password_reset, email=user.email)
    work()

    first, second = (sent.headers["Message-ID"] for sent in smtp.mails)
    assert first != second


@pytest.mark.usefixtures("posted")
def test_the_next_try_is_not_before_its_time(smtp: SmtpServer, work: Work) -> None:
    smtp.refused_recipients.append("450 Later")
    before = timezone.now()
    work()
    work()

    assert smtp.connections == 1
    assert before + PAUSES[0] <= _waiting().run_after <= timezone.now() + PAUSES[0]

    # Too early.
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now() + timedelta(minutes=1))
    work()
    assert (smtp.connections, smtp.mails) == (1, [])


@pytest.mark.usefixtures("posted", "advance")
def test_the_pauses_grow_until_the_mail_is_given_up(smtp: SmtpServer, work: Work, work_later: Work) -> None:
    smtp.refused_recipients.extend(["450 Later"] * (len(PAUSES) + 1))
    pauses = []
    work()
    for _ in PAUSES:
        # The clock stands still.
        pauses.append((_waiting().run_after - clock.now()).total_seconds())
        work_later()

    assert pauses == [10, 60, 300, 1800, 7200, 21600, 86400]
    assert _statuses() == ["SUCCESSFUL"] * len(PAUSES) + ["FAILED"]
    work()
    assert smtp.connections == len(PAUSES) + 1
    assert smtp.mails == []


@pytest.mark.usefixtures("posted")
@pytest.mark.parametrize("answers", ["refused_recipients", "refused_mails"])
def test_a_permanent_failure_is_not_retried(answers: str, smtp: SmtpServer, work: Work) -> None:
    getattr(smtp, answers).append("550 5.7.1 <jane@example.com> is not wanted")
    work()
    work()

    assert _statuses() == ["FAILED"]
    assert (smtp.connections, smtp.mails) == (1, [])


@pytest.mark.usefixtures("posted")
def test_staff_see_what_was_given_up_and_why(smtp: SmtpServer, work: Work) -> None:
    smtp.refused_recipients.append("550 5.1.1 No such mailbox")
    work()
    (failed,) = DBTaskResult.objects.all()
    browser = Client()
    browser.force_login(User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD))
    listed = browser.get("/admin/django_tasks_database/dbtaskresult/", {"status__exact": "FAILED"})
    (row,) = listed.context["cl"].result_list
    assert row == failed
    page = f"/admin/django_tasks_database/dbtaskresult/{failed.pk}/change/"
    assert page in listed.content.decode()
    shown = browser.get(page).content.decode()
    assert "5.1.1 No such mailbox" in shown
    assert "password_reset" in shown
    assert "jane@example.com" in shown


@pytest.mark.usefixtures("posted")
def test_one_mail_that_fails_holds_up_no_other(user: User, smtp: SmtpServer, work: Work) -> None:
    smtp.refused_recipients.append("450 Later")
    mail.enqueue(send_email_verification, email=user.email)
    work()

    assert [sent.subject for sent in smtp.mails] == ["Confirm your email address for Oddjobbox"]
