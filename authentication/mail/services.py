"""Putting a letter on its way, and forgetting it afterwards."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from authentication.core import batches, clock
from authentication.core.batches import Progress
from authentication.core.client import Client
from authentication.mail.tasks import send

# The queue holds addresses, those that strangers typed among them.
KEEP_SENT = timedelta(days=1)
KEEP_FAILED = timedelta(days=30)


def post(letter: str, **facts: str | int | None) -> None:
    """Have a letter sent if the caller's transaction commits.

    In the database the task is a part of the transaction: stored with it, or not at all.
    """
    if settings.TASKS_IN_DATABASE:
        # With a time, for tasks without one come after all those that are to be tried again.
        send.using(run_after=clock.now()).enqueue(letter=letter, facts=facts)
    else:
        transaction.on_commit(partial(send.enqueue, letter=letter, facts=facts))


def notify(notice: str, client: Client, **facts: str | int | None) -> None:
    """Tell the owner what was done, when and from where, unless the settings say not to."""
    if settings.NOTICES[notice]:
        at = clock.now().isoformat()
        post(notice, **facts, at=at, ip=client.ip, user_agent=client.user_agent)


def purge(progress: Progress | None = None) -> int:
    """Delete the tasks of mails that were sent, or failed long ago; return how many there were."""
    now = clock.now()
    sent = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_SENT)
    failed = Q(status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILED)
    return batches.delete(DBTaskResult.objects.filter(sent | failed), progress)
