"""Which sessions go when their user signs in, by a statement that is compiled once.

Every sign-in sends it, and building it through the ORM costs more than all its other queries.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.sql import DeleteQuery

from authentication.core import clock
from authentication.sessions.models import Session

MAX_SESSIONS = 50

# Values that no parameter has; their places are given to the real ones.
_USER_ID, _NOW = -1, datetime(1, 1, 1, tzinfo=UTC)


def trim(user_id: int) -> None:
    """Remove a user's dead sessions, and the least recently seen beyond fifty.

    Called after the commit that opened one: of any number of simultaneous sign-ins, the last to
    come here sees them all.
    """
    sql, parameters = _statement(connection.vendor)
    now = _prepared(clock.now())
    values = {_USER_ID: user_id, _prepared(_NOW): now}
    with connection.cursor() as cursor:
        cursor.execute(sql, [values.get(parameter, parameter) for parameter in parameters])


@cache
def _statement(vendor: str) -> tuple[str, tuple[Any, ...]]:
    newest = Session.objects.get_queryset().alive(_NOW).filter(user_id=_USER_ID)
    kept = newest.order_by("-last_seen_at", "-pk").values("pk")[:MAX_SESSIONS]
    dropped = Session.objects.filter(user_id=_USER_ID).exclude(pk__in=kept)
    sql, parameters = dropped.query.chain(DeleteQuery).get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, tuple(parameters)


def _prepared(moment: datetime) -> Any:
    """Return the moment as the database is sent it."""
    column: Any = Session._meta.get_field("expires_at")
    return column.get_db_prep_value(moment, connection)
