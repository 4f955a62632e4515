"""What tests of mails need: a server that takes them, and the worker that brings them."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from tests.smtp import SmtpServer, receiving

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def smtp(settings: Settings) -> Iterator[SmtpServer]:
    """A real SMTP server that Django sends to."""
    with receiving() as server:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def work(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Do what ``manage.py send_mails --batch`` does, in this process and in the test's transaction."""
    # It would close the connection that the transaction is in, as Django's test client does not.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def run() -> None:
        db_worker.Worker(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="the worker",
            excluded_queue_names=[],
        ).run()

    return run


@pytest.fixture
def work_later(work: Callable[[], None]) -> Callable[[], None]:
    """Let the pause before the next try pass, and work."""

    def run() -> None:
        # The queue compares with the clock of Django, which tests do not move.
        ready = DBTaskResult.objects.filter(status="READY")
        assert ready.update(run_after=timezone.now()) == 1
        work()

    return run
