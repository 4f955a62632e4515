"""The one query of every authenticated request: a session with its user, by primary key.

Building this query through the ORM costs several times what the database needs to answer it. So
Django's compiler is asked once per process, and its SQL is sent with another key each time, as
an ordinary statement with a parameter (nothing is prepared on the server, so PgBouncer may stand
in between). ``tests/sessions/test_lookup.py`` holds it against ``select_related``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now
from django.db.models.sql.compiler import SQLCompiler

from authentication.core import clock
from authentication.core.prepared import Compiled
from authentication.sessions.models import Session
from authentication.users.models import User

MAX_SESSIONS = 50
Converter = tuple[int, list[Callable[..., Any]], Any]


@dataclass(frozen=True, slots=True)
class Lookup:
    """The SQL, the columns of both models in its order, and what turns a column into a value."""

    sql: str
    session_columns: list[str]
    user_columns: list[str]
    converters: list[Converter]


@cache
def _lookup(vendor: str) -> Lookup:
    query = Session.objects.select_related("user").filter(pk=UUID(int=0)).query
    compiler: SQLCompiler = query.get_compiler(DEFAULT_DB_ALIAS)
    sql, _ = compiler.as_sql()
    columns = [expression.target for expression, _, _ in compiler.select]
    converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
    return Lookup(
        sql=sql,
        session_columns=[column.attname for column in columns if column.model is Session],
        user_columns=[column.attname for column in columns if column.model is User],
        converters=[(at, found, expression) for at, (found, expression) in converters.items()],
    )


def session_with_user(session_id: UUID) -> Session | None:
    """Return the session, its user loaded, or None; alive or not."""
    statement = _lookup(connection.vendor)
    key = Session._meta.pk.get_db_prep_value(session_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, (key,))
        row = cursor.fetchone()
    if row is None:
        return None
    values = _converted(row, statement.converters)
    split = len(statement.session_columns)
    session = Session.from_db(DEFAULT_DB_ALIAS, statement.session_columns, values[:split])
    user = User.from_db(DEFAULT_DB_ALIAS, statement.user_columns, values[split:])
    Session._meta.get_field("user").set_cached_value(session, user)
    return session


def _converted(row: tuple[Any, ...], converters: list[Converter]) -> list[Any]:
    values = list(row)
    for at, functions, expression in converters:
        for convert in functions:
            values[at] = convert(values[at], expression, connection)
    return values


def rotate(session: Session, expires_at: datetime) -> bool:
    """Move on from this very generation; of any number of callers, one gets True."""
    return bool(
        _rotation(connection.vendor).execute(
            session_id=session.pk,
            generation=session.generation,
            next_generation=session.generation + 1,
            expires_at=expires_at,
            now=clock.now(),
        )
    )


@cache
def _rotation(vendor: str) -> Compiled:
    session_id, generation, next_generation = UUID(int=1), 2_000_000_001, 2_000_000_002
    now, expires_at = datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)
    # A generation that was asked for late leaves the count: only a rotation whose answer
    # arrived at once proves that nobody else refreshes first.
    forgiven = Case(When(forgiven_generation=F("generation"), then=F("forgiven")), default=Value(0))
    return Compiled.update(
        Session.objects.get_queryset().alive(now).filter(pk=session_id, generation=generation),
        {
            "session_id": session_id,
            "generation": generation,
            "next_generation": next_generation,
            "expires_at": expires_at,
            "now": now,
        },
        generation=next_generation,
        rotated_at=Now(),
        seen_generation=generation,
        forgiven=forgiven,
        expires_at=expires_at,
        last_seen_at=now,
    )


def trim(user_id: int) -> None:
    """Remove a user's dead sessions, and the least recently seen beyond fifty.

    Called after the commit that opened one: of any number of simultaneous sign-ins, the last to
    come here sees them all.
    """
    _trimming(connection.vendor).execute(user_id=user_id, now=clock.now())


@cache
def _trimming(vendor: str) -> Compiled:
    user_id, now = -1, datetime(1, 1, 1, tzinfo=UTC)
    newest = Session.objects.get_queryset().alive(now).filter(user_id=user_id)
    kept = newest.order_by("-last_seen_at", "-pk").values("pk")[:MAX_SESSIONS]
    dropped = Session.objects.filter(user_id=user_id).exclude(pk__in=kept)
    return Compiled.delete(dropped, {"user_id": user_id, "now": now})
