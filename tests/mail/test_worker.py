"""Real workers: killed, stopped, and several at once."""

import os
import secrets
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import get_commands

from authentication.management.commands.send_mails import ABANDONED_AFTER
from tests.live import ROOT, WAIT_SECONDS, fresh_database, wait_for
from tests.smtp import SmtpServer, receiving

SENT_AGAIN = "is sent again: a worker stopped while it sent it"
ACCOUNT = """
from authentication.models import User
User.objects.create_user("jane_doe", "jane@example.com")
"""
POST = """
from authentication.emails import mails
from authentication.mail import services
for _ in range({count}):
    services.enqueue(mails.send_email_verification, email="jane@example.com")
"""
AGE = """
from datetime import timedelta
from django.db.models import F
from django_tasks_db.models import DBTaskResult
ago = timedelta(seconds={seconds})
running = DBTaskResult.objects.filter(status="RUNNING")
print(running.update(started_at=F("started_at") - ago))
"""
RENAME = """
from django_tasks_db.models import DBTaskResult
first = DBTaskResult.objects.filter(status="READY").first()
first.task_path = "{path}"
first.save()
print(first.pk)
"""
STATUSES = """
from django_tasks_db.models import DBTaskResult
print(*DBTaskResult.objects.values_list("status", flat=True))
"""


class Queue:
    """A database with a queue, and workers beside it."""

    def __init__(self, folder: Path, smtp: SmtpServer) -> None:
        self.folder = folder
        self.smtp = smtp
        url = fresh_database(folder)
        self.env = {**os.environ, "DATABASE_URL": url, "EMAIL_URL": smtp.url}
        self.manage("migrate", "-v0")
        self.shell(ACCOUNT)

    def manage(self, *arguments: str) -> str:
        run = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
            timeout=WAIT_SECONDS,
        )
        return run.stdout + run.stderr

    def shell(self, code: str) -> str:
        return self.manage("shell", "-v0", "-c", code).strip()

    def post(self, count: int = 1) -> None:
        self.shell(POST.format(count=count))

    def work(self) -> str:
        """Have all that is ready sent, and return what the worker logged."""
        return self.manage("send_mails", "--batch", "--no-startup-delay")

    def statuses(self) -> list[str]:
        return self.shell(STATUSES).split()

    def age(self, seconds: float) -> int:
        """Let what is running have begun earlier; return how many tasks there are."""
        return int(self.shell(AGE.format(seconds=seconds)))

    @contextmanager
    def worker(self, *arguments: str) -> Iterator["Worker"]:
        """Run a worker beside the test, until it is stopped or the block ends."""
        worker = Worker(self, arguments)
        try:
            yield worker
        finally:
            worker.process.kill()
            worker.process.wait()


class Worker:
    def __init__(self, queue: Queue, arguments: tuple[str, ...]) -> None:
        self.log = queue.folder / f"worker-{secrets.token_hex(4)}.log"
        command = [sys.executable, "manage.py", "send_mails", "--no-startup-delay", "--interval=0.1"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, *arguments], cwd=ROOT, env=queue.env, stdout=output, stderr=subprocess.STDOUT
            )

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def logged(self, text: str) -> bool:
        return text in self.log.read_text()

    def exit_code(self) -> int:
        return self.process.wait(timeout=WAIT_SECONDS)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue]:
    with receiving() as smtp:
        yield Queue(tmp_path_factory.mktemp("worker"), smtp)


@pytest.fixture
def queue(shared: Queue) -> Iterator[Queue]:
    shared.smtp.take()
    shared.smtp.arrived.clear()
    shared.smtp.keeping_stalled = False
    yield shared
    shared.smtp.stalling.clear()
    shared.shell("from django_tasks_db.models import DBTaskResult as T; T.objects.all().delete()")


def test_the_queues_own_command_is_there_beside_ours(queue: Queue) -> None:
    commands = get_commands()
    assert (commands["send_mails"], commands["db_worker"]) == ("authentication", "django_tasks_db")

    queue.post()
    queue.manage("db_worker", "--batch", "--no-startup-delay")

    assert [mail.recipients for mail in queue.smtp.mails] == [["jane@example.com"]]
    assert queue.statuses() == ["SUCCESSFUL"]


@pytest.mark.parametrize(
    "path",
    [
        "authentication.mail.tasks.send",
        "authentication.emails.mails.send_what_was_renamed",
        "authentication.emails.mails.EmailChange",
        "no_such_package.mails.send",
        "nonsense",
        "",
    ],
)
def test_a_task_of_an_older_release_fails_with_a_log_line_and_stops_no_worker(
    queue: Queue, path: str
) -> None:
    queue.post(3)
    task_id = queue.shell(RENAME.format(path=path))

    logged = queue.work()

    assert f"Task id={task_id} failed unexpectedly" in logged
    assert sorted(queue.statuses()) == ["FAILED", "SUCCESSFUL", "SUCCESSFUL"]
    assert len(queue.smtp.mails) == 2


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "refused"])
def test_a_mail_whose_worker_was_killed_arrives(queue: Queue, accepted: bool) -> None:
    queue.smtp.keeping_stalled = accepted
    queue.smtp.stalling.set()
    queue.post()
    with queue.worker() as worker:
        assert queue.smtp.arrived.wait(WAIT_SECONDS)
        worker.signal(signal.SIGKILL)
        assert worker.exit_code() == -signal.SIGKILL
    queue.smtp.stalling.clear()
    first = len(queue.smtp.mails)
    assert first == (1 if accepted else 0)

    # Its worker may be alive still, so nobody takes it yet.
    assert SENT_AGAIN not in queue.work()
    assert len(queue.smtp.mails) == first
    assert queue.age(ABANDONED_AFTER.total_seconds()) == 1
    logged = queue.work()

    assert len(queue.smtp.mails) == first + 1
    (message_id,) = {str(mail.headers["Message-ID"]) for mail in queue.smtp.mails}
    task_id = message_id.strip("<>").partition("@")[0]
    assert f"WARNING oddjobbox The mail {task_id} {SENT_AGAIN}" in logged
    assert queue.statuses() == ["SUCCESSFUL"]
    assert queue.smtp.mails[-1].recipients == ["jane@example.com"]


def test_a_long_running_worker_takes_up_what_a_killed_one_left(queue: Queue) -> None:
    queue.smtp.stalling.set()
    queue.post()
    with queue.worker() as killed:
        assert queue.smtp.arrived.wait(WAIT_SECONDS)
        killed.signal(signal.SIGKILL)
        killed.exit_code()
    queue.smtp.stalling.clear()
    queue.age(ABANDONED_AFTER.total_seconds())

    with queue.worker() as worker:
        wait_for(lambda: queue.smtp.mails)
        wait_for(lambda: worker.logged("state=SUCCESSFUL"))
        assert worker.logged(SENT_AGAIN)
    assert len(queue.smtp.mails) == 1


def test_two_workers_at_once_send_each_mail_exactly_once(queue: Queue) -> None:
    # Nothing is accepted before both have taken a mail, so neither can send all of them.
    queue.smtp.keeping_stalled = True
    queue.smtp.stalling.set()
    with queue.worker() as one, queue.worker() as other:
        for worker in (one, other):
            wait_for(lambda worker=worker: worker.logged("Starting worker"))
        queue.post(50)
        wait_for(lambda: len(queue.smtp.mails) == 2)
        queue.smtp.stalling.clear()
        wait_for(lambda: len(queue.smtp.mails) == 50)
        for worker in (one, other):
            worker.signal(signal.SIGTERM)
        assert (one.exit_code(), other.exit_code()) == (0, 0)
        shares = [worker.log.read_text().count("state=SUCCESSFUL") for worker in (one, other)]
        assert not one.logged("Traceback")
        assert not other.logged("Traceback")

    sent = Counter(str(mail.headers["Message-ID"]) for mail in queue.smtp.mails)
    assert (len(sent), set(sent.values())) == (50, {1})
    assert sum(shares) == 50
    assert min(shares) > 0
    assert queue.statuses() == ["SUCCESSFUL"] * 50


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_stop_ends_what_it_sends(queue: Queue, number: int) -> None:
    queue.smtp.keeping_stalled = True
    queue.smtp.stalling.set()
    queue.post(2)
    with queue.worker() as worker:
        assert queue.smtp.arrived.wait(WAIT_SECONDS)
        worker.signal(number)
        wait_for(lambda: worker.logged("shutting down gracefully"))
        queue.smtp.stalling.clear()
        assert worker.exit_code() == 0

    assert len(queue.smtp.mails) == 1
    assert sorted(queue.statuses()) == ["READY", "SUCCESSFUL"]


def test_a_worker_that_is_told_to_stop_at_once_gives_its_mail_back(queue: Queue) -> None:
    queue.smtp.stalling.set()
    queue.post()
    with queue.worker() as worker:
        assert queue.smtp.arrived.wait(WAIT_SECONDS)
        worker.signal(signal.SIGTERM)
        wait_for(lambda: worker.logged("shutting down gracefully"))
        worker.signal(signal.SIGTERM)
        wait_for(lambda: worker.logged("terminating current task"))
        queue.smtp.stalling.clear()
        assert worker.exit_code() == 0

    assert sorted(queue.statuses()) == ["READY", "SUCCESSFUL"]
    assert queue.smtp.mails == []


def test_an_idle_worker_stops_at_once(queue: Queue) -> None:
    with queue.worker("--interval=60") as worker:
        wait_for(lambda: worker.logged("Starting worker"))
        worker.signal(signal.SIGTERM)
        assert worker.exit_code() == 0
