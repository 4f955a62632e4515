"""The two statements that count, each atomic over any number of processes and machines.

Both write their rows in the order of the keys. Two requests that share several keys wait for each
other then, and cannot deadlock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from authentication.limits.models import Counter


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the slots of a rate key, of which there are ``limit`` in a window of ``period``."""

    key: str
    limit: int
    period: timedelta


# Reads and writes in one: where a key is full it inserts nothing, so a flood writes nothing.
RESERVE = """
WITH wanted(key, slots, resets_at, reserved_at) AS (VALUES {rows})
INSERT INTO {table} (key, hits, last_at, resets_at)
SELECT key, 1, reserved_at, resets_at FROM wanted
WHERE NOT EXISTS (
    SELECT 1 FROM wanted JOIN {table} AS counted ON counted.key = wanted.key
    WHERE counted.hits >= wanted.slots AND counted.resets_at > wanted.reserved_at
)
ORDER BY key
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN {table}.resets_at > excluded.last_at THEN {table}.hits + 1 ELSE 1 END,
    resets_at = CASE
        WHEN {table}.resets_at > excluded.last_at THEN {table}.resets_at ELSE excluded.resets_at
    END,
    last_at = excluded.last_at
RETURNING key, hits
"""

# A row that was purged in the meantime is inserted again, with a window that is over.
RELEASE = """
WITH wanted(key, hits, last_at, resets_at) AS (VALUES {rows})
INSERT INTO {table} (key, hits, last_at, resets_at)
SELECT key, hits, last_at, resets_at FROM wanted WHERE true
ORDER BY key
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN excluded.hits = 0 OR {table}.hits = 0 THEN 0 ELSE {table}.hits - 1 END
"""


def reserve(slots: Sequence[Slot], now: datetime) -> dict[str, int]:
    """Count one hit for every key; return the hits of each, or nothing where any key was full."""
    rows = [(slot.key, slot.limit, _at(now + slot.period), _at(now)) for slot in slots]
    with connection.cursor() as cursor:
        cursor.execute(_sql(RESERVE, rows), _flat(rows))
        return dict(cursor.fetchall())


def release(slots: Iterable[Slot], now: datetime, *, reset: Iterable[Slot] = ()) -> None:
    """Take one hit off each of these keys, and every hit off those to ``reset``."""
    rows = [(slot.key, 0, _at(now), _at(now)) for slot in reset]
    rows += [(slot.key, 1, _at(now), _at(now)) for slot in slots]
    with connection.cursor() as cursor:
        cursor.execute(_sql(RELEASE, rows), _flat(rows))


def full(slots: Iterable[Slot], now: datetime) -> list[Counter]:
    """Return the counters of those keys that have no free slot now."""
    limits = {slot.key: slot.limit for slot in slots}
    counters = Counter.objects.filter(key__in=limits, resets_at__gt=now)
    return [counter for counter in counters if counter.hits >= limits[counter.key]]


def _sql(statement: str, rows: Sequence[Any]) -> str:
    table = connection.ops.quote_name(Counter._meta.db_table)
    return statement.format(rows=", ".join(["(%s, %s, %s, %s)"] * len(rows)), table=table)


def _flat(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [value for row in rows for value in row]


def _at(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
