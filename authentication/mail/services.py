"""Send mails from tasks: enqueue them, try again while the mail server fails, and delete them later.

A package that writes to people has a module ``mails`` with a function for each mail. Decorated with
:func:`mail_task`, it is a task of django-tasks, which the queue finds by the function's path. The
queue holds the function's arguments, never a mail: keys are made and addresses looked up when the
mail is sent. So a dump of the queue opens nothing, and no request can tell whether there was anyone
to write to.
"""

import logging
import re
import smtplib
from collections.abc import Callable
from datetime import timedelta
from functools import WRAPPER_ASSIGNMENTS, partial
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_tasks import TaskContext, TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from authentication.core import batches, clock
from authentication.core.batches import Progress
from authentication.core.client import Client
from authentication.mail.messages import Activity, Message, message_id, render

logger = logging.getLogger("oddjobbox")

Facts = ParamSpec("Facts")

# Between the tries; what fails after the last one stays in the admin as a failed task.
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 24 * 3600)
)
# The argument that a task has from the second try on: the id of its first task, and its tries so far.
RETRY = "retry"
ADDRESS = re.compile(r"[^\s<>'\"{}()]+@[^\s<>'\"{}(),:]+")
# The queue holds email addresses, also those that strangers typed.
KEEP_SENT = timedelta(days=1)
KEEP_FAILED = timedelta(days=30)


class NotSent(Exception):
    """Raised when a mail is abandoned. The message is logged, so it contains no address."""


def mail_task(write: Callable[Facts, Message | None]) -> Task[Facts, str]:
    """Make a task that sends what the function writes, or nothing where it returns None.

    The function's arguments are stored as JSON. The task returns what became of the mail, in words.
    """

    def send(context: TaskContext, /, *args: Facts.args, **kwargs: Facts.kwargs) -> str:
        kwargs.pop(RETRY, None)
        message = write(*args, **kwargs)
        return deliver(message, context) if message else "nobody to write to"

    # Without __wrapped__: its signature has no context, which django-tasks asks for.
    for name in WRAPPER_ASSIGNMENTS:
        setattr(send, name, getattr(write, name))
    return task(takes_context=True)(send)


def enqueue(mail: Task[Facts, str], *args: Facts.args, **kwargs: Facts.kwargs) -> None:
    """Have a mail sent if the caller's transaction commits.

    In the database the task is a part of the transaction: stored with it, or not at all.
    """
    if settings.TASKS_IN_DATABASE:
        # Set run_after: the queue puts tasks without it behind every scheduled retry.
        mail.using(run_after=clock.now()).enqueue(*args, **kwargs)
    else:
        transaction.on_commit(partial(mail.enqueue, *args, **kwargs))


def notify(
    notice: str,
    mail: Task[Concatenate[Activity, Facts], str],
    client: Client,
    *args: Facts.args,
    **kwargs: Facts.kwargs,
) -> None:
    """Tell the owner of an account what was done, when and from where.

    ``settings.NOTICES[notice]`` says whether the owner is told.
    """
    if settings.NOTICES[notice]:
        activity = Activity(at=clock.now().isoformat(), ip=client.ip, user_agent=client.user_agent)
        enqueue(mail, activity, *args, **kwargs)


def deliver(message: Message, context: TaskContext) -> str:
    """Send the message of a running task, or enqueue the task again where that fails for now.

    A worker that was killed leaves its task unfinished, and the queue gives it to another one. So
    each mail is sent at least once, and once more at worst for each killed worker, with one
    Message-ID and a warning in the log. Raises NotSent.
    """
    result = context.task_result
    first_task, tries = result.kwargs.get(RETRY, (str(result.id), 0))
    if context.attempt > 1:
        logger.warning("The mail %s is sent again: a worker stopped while it sent it", first_task)
    try:
        render(message, message_id(first_task)).send()
    # A worker that is told to stop a second time raises SystemExit inside the task.
    except (OSError, smtplib.SMTPException, SystemExit) as error:
        if not settings.TASKS_IN_DATABASE or tries >= len(PAUSES) or _is_final(error):
            raise NotSent(ADDRESS.sub("<address>", f"{type(error).__name__}: {error}")) from None
        logger.warning(
            "The mail %s could not be sent, to be tried again: %s", first_task, type(error).__name__
        )
        later = result.task.using(run_after=clock.now() + PAUSES[tries])
        later.enqueue(*result.args, **{**result.kwargs, RETRY: (first_task, tries + 1)})
        return "to be tried again"
    return "sent"


def purge(progress: Progress | None = None) -> int:
    """Delete the tasks of mails that were sent, or failed long ago; return how many there were.

    The queue's own command deletes all of them in one transaction.
    """
    now = clock.now()
    sent = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_SENT)
    failed = Q(status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILED)
    return batches.delete(DBTaskResult.objects.filter(sent | failed), progress)


def _is_final(error: BaseException) -> bool:
    """Return whether the server refused the recipient or the mail for good (RFC 5321 §4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
