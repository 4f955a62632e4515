"""The one task: send a letter, and try again when the server of the mails fails."""

import logging
import re
import smtplib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django_tasks import TaskContext, task

from authentication.core import clock
from authentication.mail.messages import message, message_id, write

logger = logging.getLogger("oddjobbox")

# Between the tries; what fails after the last one stays in the admin as a failed task.
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 24 * 3600)
)
ADDRESS = re.compile(r"[^\s<>'\"{}()]+@[^\s<>'\"{}(),:]+")


class NotSent(Exception):
    """A mail that is given up. It says why, and names nobody, for it is logged."""


@task(takes_context=True)
def send(
    context: TaskContext, letter: str, facts: dict[str, Any], first_task: str = "", tries: int = 0
) -> str:
    """Write a letter and send it; return what became of it, in a word.

    A worker that was killed leaves its task unfinished, and the queue gives it to another. So each
    mail is sent at least once, and once more at worst for each worker that is killed, with one
    Message-ID and a warning in the log.
    """
    task_id = first_task or str(context.task_result.id)
    written = write(letter, facts)
    if written is None:
        return "nobody to write to"
    if context.attempt > 1:
        logger.warning("The mail %s is sent again: a worker stopped while it sent it", task_id)
    try:
        message(written, message_id(task_id)).send()
    # Told to stop a second time, a worker raises SystemExit, and would call what it sends a failure.
    except (OSError, smtplib.SMTPException, SystemExit) as error:
        if not settings.TASKS_IN_DATABASE or tries >= len(PAUSES) or _is_final(error):
            raise NotSent(ADDRESS.sub("<address>", f"{type(error).__name__}: {error}")) from None
        logger.warning("The mail %s could not be sent, to be tried again: %s", task_id, type(error).__name__)
        later = send.using(run_after=clock.now() + PAUSES[tries])
        later.enqueue(letter=letter, facts=facts, first_task=task_id, tries=tries + 1)
        return "to be tried again"
    return "sent"


def _is_final(error: BaseException) -> bool:
    """Return whether the server refused the address for good (RFC 5321 §4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
