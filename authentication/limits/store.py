"""The two statements that count, each atomic over any number of processes and machines.

Both write their rows in the order of the keys, so that two requests that share several keys wait
for each other and never in a circle.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from authentication.limits.models import Counter


@dataclass(frozen=True, slots=True)
class Place:
    """One of the ``most`` places that a key has in a window of ``period``."""

    key: str
    most: int
    period: timedelta


# One statement reads and writes: where a key is full it inserts nothing, so a flood writes nothing.
TAKE = """
WITH wanted(key, most, resets_at, taken_at) AS (VALUES {rows})
INSERT INTO {table} (key, hits, last_at, resets_at)
SELECT key, 1, taken_at, resets_at FROM wanted
WHERE NOT EXISTS (
    SELECT 1 FROM wanted JOIN {table} AS counted ON counted.key = wanted.key
    WHERE counted.hits >= wanted.most AND counted.resets_at > wanted.taken_at
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

# A row that was purged meanwhile comes back with the hits that it is to lose, and soon goes again.
SETTLE = """
WITH wanted(key, hits, last_at, resets_at) AS (VALUES {rows})
INSERT INTO {table} (key, hits, last_at, resets_at)
SELECT key, hits, last_at, resets_at FROM wanted WHERE true
ORDER BY key
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN excluded.hits = 0 OR {table}.hits = 0 THEN 0 ELSE {table}.hits - 1 END
"""


def take(places: Sequence[Place], now: datetime) -> dict[str, int]:
    """Count one hit for every key and return the hits of each; nothing where any key was full."""
    rows = [(place.key, place.most, _at(now + place.period), _at(now)) for place in places]
    with connection.cursor() as cursor:
        cursor.execute(_sql(TAKE, rows), _flat(rows))
        return dict(cursor.fetchall())


def settle(cleared: Iterable[Place], given_back: Iterable[Place], now: datetime) -> None:
    """Forget every hit of the ``cleared``, and one hit of each of those ``given_back``."""
    rows = [(place.key, 0, _at(now), _at(now)) for place in cleared]
    rows += [(place.key, 1, _at(now), _at(now)) for place in given_back]
    with connection.cursor() as cursor:
        cursor.execute(_sql(SETTLE, rows), _flat(rows))


def full(places: Iterable[Place], now: datetime) -> list[Counter]:
    """Return the counters that have no place left now."""
    most = {place.key: place.most for place in places}
    counted = Counter.objects.filter(key__in=most, resets_at__gt=now)
    return [counter for counter in counted if counter.hits >= most[counter.key]]


def _sql(statement: str, rows: Sequence[Any]) -> str:
    table = connection.ops.quote_name(Counter._meta.db_table)
    return statement.format(rows=", ".join(["(%s, %s, %s, %s)"] * len(rows)), table=table)


def _flat(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [value for row in rows for value in row]


def _at(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
