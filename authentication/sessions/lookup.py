"""The one query of every authenticated request: a session with its user, by primary key.

Building this query through the ORM costs several times what the database needs to answer it. So
Django's compiler is asked once per process, and its SQL is sent with another key each time, as
an ordinary statement with a parameter (nothing is prepared on the server, so PgBouncer may stand
in between). ``tests/sessions/test_lookup.py`` holds it against ``select_related``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.sql.compiler import SQLCompiler

from authentication.sessions.models import Session
from authentication.users.models import User

Converter = tuple[int, list[Callable[..., Any]], Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """The SQL, the columns of both models in its order, and what turns a column into a value."""

    sql: str
    session_columns: list[str]
    user_columns: list[str]
    converters: list[Converter]


@cache
def _statement(vendor: str) -> Statement:
    query = Session.objects.select_related("user").filter(pk=UUID(int=0)).query
    compiler: SQLCompiler = query.get_compiler(DEFAULT_DB_ALIAS)
    sql, _ = compiler.as_sql()
    columns = [expression.target for expression, _, _ in compiler.select]
    converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
    return Statement(
        sql=sql,
        session_columns=[column.attname for column in columns if column.model is Session],
        user_columns=[column.attname for column in columns if column.model is User],
        converters=[(at, found, expression) for at, (found, expression) in converters.items()],
    )


def session_with_user(session_id: UUID) -> Session | None:
    """Return the session, its user loaded, or None; alive or not."""
    statement = _statement(connection.vendor)
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
