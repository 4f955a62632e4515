"""Delete many rows without making other requests wait for long."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

# Rows per transaction. It takes 5 to 16 ms on a small machine, so other writers hardly wait.
BATCH_SIZE = 250
# How many keys are looked up at a time. Looking them up locks nothing.
LOOKED_UP = 20_000

# Called with how many rows are deleted so far, and how many there were at the beginning.
Progress = Callable[[int, int], None]


def delete(rows: QuerySet[Any], progress: Progress | None = None) -> int:
    """Delete the rows in many short transactions, and return how many there were.

    Each is followed by a pause of the same length, because on SQLite a waiting writer tries for the
    lock only now and then.
    """
    total = rows.count() if progress else 0
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:LOOKED_UP]):
        before = deleted
        for start in range(0, len(keys), BATCH_SIZE):
            started = time.monotonic()
            deleted += _delete(rows, keys[start : start + BATCH_SIZE])
            pause = time.monotonic() - started
            if progress:
                progress(deleted, total)
            time.sleep(pause)
        # The rest is locked by others. The next run deletes it.
        if deleted == before:
            break
    return deleted


def _delete(rows: QuerySet[Any], keys: Sequence[Any]) -> int:
    """Delete those of the keys that are still among the rows.

    They may have changed since they were looked up, so they are queried again, under a lock. Rows
    that another transaction has locked are left out: this never waits for one, and no two purges
    can deadlock.
    """
    with transaction.atomic():
        locked = rows.filter(pk__in=keys).select_for_update(skip_locked=True)
        still = list(locked.values_list("pk", flat=True))
        deleted: int = rows.model._base_manager.filter(pk__in=still).delete()[0]
        return deleted
