"""Statements that Django's compiler writes once per process.

Building a statement through the ORM can cost several times what the database needs to run it.
Here it is built once, from the models' own fields and with a stand-in for each parameter; later
the stand-ins' places get the real values. The values go as ordinary parameters: nothing is
prepared on the server, so PgBouncer may stand in between.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.db.models.sql import DeleteQuery, UpdateQuery


class Compiled:
    """The SQL of a DELETE or an UPDATE, and which stand-in has which place in its parameters."""

    def __init__(self, query: DeleteQuery | UpdateQuery, stand_ins: Mapping[str, Any]) -> None:
        self._sql, parameters = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        names = {_prepared(value): name for name, value in stand_ins.items()}
        self._places = [(names.get(parameter), parameter) for parameter in parameters]

    @classmethod
    def delete(cls, rows: QuerySet[Any], stand_ins: Mapping[str, Any]) -> "Compiled":
        query: Any = rows.query.chain(DeleteQuery)
        return cls(query, stand_ins)

    @classmethod
    def update(cls, rows: QuerySet[Any], stand_ins: Mapping[str, Any], **changes: Any) -> "Compiled":
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        return cls(query, stand_ins)

    def execute(self, **values: Any) -> int:
        """Run it with these values, and return how many rows it found."""
        real = {name: _prepared(value) for name, value in values.items()}
        parameters = [real[name] if name else constant for name, constant in self._places]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            return int(cursor.rowcount)


def _prepared(value: Any) -> Any:
    """Return a value in the form that the database driver takes."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
