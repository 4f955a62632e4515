"""The worker that sends mails. It also takes up the tasks that a killed worker left behind."""

import logging
import threading
import time
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from authentication.core import clock

logger = logging.getLogger("oddjobbox")

# Longer than any mail takes, for its connection times out before.
ABANDONED_AFTER = timedelta(minutes=5)
LOOK_EVERY_SECONDS = 60


class Command(db_worker.Command):
    help = "Send the mails in the queue, and those that a killed worker left behind. Stop it with SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        # Once before the first task, so that a worker started with --batch takes them up as well.
        _look()
        threading.Thread(target=_keep_looking, daemon=True).start()
        super().handle(*args, **options)


def requeue_abandoned() -> int:
    """Make tasks ready again whose worker must have died; return how many there were."""
    abandoned = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=clock.now() - ABANDONED_AFTER
    )
    return abandoned.update(status=TaskResultStatus.READY)


def _keep_looking() -> None:
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        _look()
        close_old_connections()


def _look() -> None:
    try:
        requeue_abandoned()
    except DatabaseError:
        logger.warning("Could not look for abandoned tasks", exc_info=True)
