"""Pages of the log that stay where they are while it grows.

A page is found by the event that it begins behind, not by its number. The time alone would not
do: events may share it, and then some of them would be skipped or shown twice.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from authentication.api.errors import BadRequest
from authentication.audit.models import Event

SIZE, MAX_SIZE = 50, 100
OLDER, NEWER = "older", "newer"
# No value of this form is beyond what a datetime and a key of the database can be.
CURSOR = r"(older|newer)-([0-9]{1,16})-([0-9]{1,18})"
CURSOR_REFUSED = "This cursor leads to no page. Leave it out to begin with the newest event."
SIZE_REFUSED = "page_size must be a whole number, 1 or more."

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The events older or newer than one, which need not exist any more."""

    direction: str
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.direction}-{(self.at - EPOCH) // MICROSECOND}-{self.id}"

    def condition(self) -> Q:
        # Written so that the first part is a range of the index.
        if self.direction == OLDER:
            return Q(at__lte=self.at) & (Q(at__lt=self.at) | Q(pk__lt=self.id))
        return Q(at__gte=self.at) & (Q(at__gt=self.at) | Q(pk__gt=self.id))


@dataclass(frozen=True, slots=True)
class Page:
    """Events, the newest first, and where those before and behind them are, if there are any."""

    events: list[Event]
    newer: Cursor | None = None
    older: Cursor | None = None


def parse_cursor(text: str | None) -> Cursor | None:
    """Return the cursor that a client sent back, or None for the first page. Raises BadRequest."""
    if text is None:
        return None
    match = re.fullmatch(CURSOR, text)
    if match is None:
        raise BadRequest(CURSOR_REFUSED)
    return Cursor(match[1], EPOCH + int(match[2]) * MICROSECOND, int(match[3]))


def parse_size(text: str | None) -> int:
    """Return how many events a client wants, 100 at most. Raises BadRequest."""
    if text is None:
        return SIZE
    match = re.fullmatch(r"0*([1-9][0-9]*)", text)
    if match is None:
        raise BadRequest(SIZE_REFUSED)
    # Python refuses to read a number of thousands of digits; three say enough.
    return min(int(match[1][:3]), MAX_SIZE)


def read(events: QuerySet[Event], cursor: Cursor | None, size: int) -> Page:
    """Return one page, in one query: one event more than is shown tells whether there are more."""
    upwards = cursor is not None and cursor.direction == NEWER
    found = events if cursor is None else events.filter(cursor.condition())
    found = found.order_by("at", "pk") if upwards else found.order_by("-at", "-pk")
    shown = list(found[: size + 1])
    is_more = len(shown) > size
    del shown[size:]
    if not shown:
        return Page([])
    if upwards:
        shown.reverse()
    has_newer = is_more if upwards else cursor is not None
    has_older = is_more or upwards
    return Page(
        shown,
        newer=_beside(NEWER, shown[0]) if has_newer else None,
        older=_beside(OLDER, shown[-1]) if has_older else None,
    )


def _beside(direction: str, event: Event) -> Cursor:
    return Cursor(direction, event.at, event.pk)
