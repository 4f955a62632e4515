"""Delete many rows without keeping anybody waiting for long."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

# What each transaction aims at. The longest of hundreds take several times as long as most, as when a
# disk is slow for a moment, and others are to wait for 100 ms at most.
TARGET_SECONDS = 0.0125
FIRST_SIZE, MAX_SIZE = 100, 5000
# How many keys are looked up at once. Looking locks nothing.
LOOKED_UP = 20_000

# Called with how many rows are deleted so far, and how many there were at the beginning.
Progress = Callable[[int, int], None]


def delete(rows: QuerySet[Any], progress: Progress | None = None) -> int:
    """Delete the rows in many short transactions, and return how many there were.

    Each is as large as fits the time that the last one took, and is followed by a pause of the
    same length: on SQLite a writer that waits looks for the lock now and then only.
    """
    total = rows.count() if progress else 0
    deleted, size = 0, FIRST_SIZE
    while keys := list(rows.values_list("pk", flat=True)[:LOOKED_UP]):
        before = deleted
        left = keys
        while left:
            batch, left = left[:size], left[size:]
            started = time.monotonic()
            deleted += _delete(rows, batch)
            took = time.monotonic() - started
            if progress:
                progress(deleted, total)
            size = next_size(size, took)
            time.sleep(took)
        # Rows that others hold on to are left for another day.
        if deleted == before:
            break
    return deleted


def next_size(size: int, took: float) -> int:
    """Return how many rows take about the target's time, at most twice as many as the last time."""
    fitting = size * TARGET_SECONDS / max(took, 1e-6)
    return max(1, min(int(fitting), size * 2, MAX_SIZE))


def _delete(rows: QuerySet[Any], keys: Sequence[Any]) -> int:
    """Delete those of the keys that are still among the rows.

    They may have changed since they were looked up. So they are asked for again, under a lock;
    rows that another transaction has locked are left out, so this never waits for one, and no
    two can wait for each other.
    """
    with transaction.atomic():
        locked = rows.filter(pk__in=keys).select_for_update(skip_locked=True)
        still = list(locked.values_list("pk", flat=True))
        deleted: int = rows.model._base_manager.filter(pk__in=still).delete()[0]
        return deleted
