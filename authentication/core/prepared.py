"""Compile an ORM statement once per process, and run it with other values each time.

    @prepared.delete(Message, user_id=models.IntegerField())
    def delete_read(user_id: Any) -> QuerySet[Message]:
        return Message.objects.filter(user_id=user_id, is_read=True)

    delete_read(user_id=7)

Building a statement through the ORM can cost several times what the database needs to run it. So
the decorated function is called once, with a :class:`Parameter` in place of each value, and the SQL
that Django's compiler makes of its queryset is kept. Values are sent as ordinary parameters: nothing
is prepared on the server, so PgBouncer may stand in between.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.signals import setting_changed
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.deletion import Collector
from django.db.models.query import RelatedPopulator, get_related_populators
from django.db.models.signals import post_migrate
from django.db.models.sql import DeleteQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.dispatch import receiver

M = TypeVar("M", bound=Model)
Fields = dict[str, Field[Any, Any]]
Converter = tuple[int, Sequence[Callable[..., Any]], Expression]


class Parameter(Expression):
    """A value that is given at each execution; ``output_field`` adapts it for the database."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Compiled:
    """The SQL of a statement; its parameters are constants, or names of values to come."""

    def __init__(self, compiler: SQLCompiler, fields: Fields) -> None:
        self.sql, found = compiler.as_sql()
        parameters: list[Any] = list(found)
        self._constants = parameters
        self._given = [
            (at, parameter.name, parameter.output_field)
            for at, parameter in enumerate(parameters)
            if isinstance(parameter, Parameter)
        ]
        unused = fields.keys() - {name for _, name, _ in self._given}
        if unused:
            raise TypeError(f"The statement does not use: {', '.join(sorted(unused))}.")

    def parameters(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
        """Return the values in the order of the SQL and in the form that the driver takes."""
        parameters = self._constants.copy()
        for at, name, field in self._given:
            parameters[at] = field.get_db_prep_value(values[name], connection, prepared=False)
        return parameters


@dataclass(frozen=True, slots=True)
class Columns:
    """How to make a model's instance, and those joined to it, from a row."""

    names: list[str]
    related: list[RelatedPopulator]
    converters: list[Converter]


# By statement, alias and vendor. Tests change settings, models and databases within one process.
_cache: dict[tuple["Statement[Any]", str, str], Any] = {}


@receiver([setting_changed, post_migrate])
def forget(**kwargs: Any) -> None:
    """Compile every statement again when it is used next."""
    _cache.clear()


class Statement(Generic[M]):
    """A decorated function; ``build`` is the function itself, for values as for parameters."""

    def __init__(self, model: type[M], build: Callable[..., Any], fields: Fields) -> None:
        self.model, self.build, self._fields = model, build, fields

    def _prepare(self, values: dict[str, Any], alias: str) -> tuple[BaseDatabaseWrapper, Any]:
        """Return the connection, and what :meth:`_compile` made. Raises TypeError for wrong names."""
        if values.keys() != self._fields.keys():
            raise TypeError(f"The parameters are {sorted(self._fields)}, not {sorted(values)}.")
        connection = connections[alias]
        key = (self, alias, connection.vendor)
        if key not in _cache:
            parameters = {name: Parameter(name, field) for name, field in self._fields.items()}
            _cache[key] = self._compile(self.build(**parameters), alias)
        return connection, _cache[key]

    def _compile(self, built: Any, alias: str) -> Any:
        raise NotImplementedError

    def _run(self, connection: BaseDatabaseWrapper, compiled: Compiled, values: dict[str, Any]) -> int:
        parameters = compiled.parameters(values, connection)
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, parameters)
            return int(cursor.rowcount)


class Select(Statement[M]):
    """Return the first row as an instance, with what ``select_related`` joins, or None."""

    def __call__(self, **values: Any) -> M | None:
        alias = router.db_for_read(self.model)
        connection, (compiled, columns) = self._prepare(values, alias)
        parameters = compiled.parameters(values, connection)
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, parameters)
            row = cursor.fetchone()
        return None if row is None else self._instance(row, columns, connection)

    def _instance(self, row: tuple[Any, ...], columns: Columns, connection: BaseDatabaseWrapper) -> M:
        values = list(row)
        for at, functions, expression in columns.converters:
            for convert in functions:
                values[at] = convert(values[at], expression, connection)
        names = columns.names
        instance = self.model.from_db(connection.alias, names, values[: len(names)])
        for related in columns.related:
            related.populate(values, instance)
        return instance

    def _compile(self, built: QuerySet[M], alias: str) -> tuple[Compiled, Columns]:
        compiler: Any = built.query.get_compiler(alias)
        compiled = Compiled(compiler, self._fields)
        converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
        own = [compiler.select[at][0] for at in compiler.klass_info["select_fields"]]
        return compiled, Columns(
            names=[expression.target.attname for expression in own],
            # The stubs describe a later Django, which asks for one argument more.
            related=get_related_populators(compiler.klass_info, compiler.select, alias),  # type: ignore[call-arg]
            converters=[(at, functions, expression) for at, (functions, expression) in converters.items()],
        )


class Update(Statement[M]):
    """Update the rows, and return how many; the function returns the queryset and the changes."""

    def __call__(self, **values: Any) -> int:
        connection, compiled = self._prepare(values, router.db_for_write(self.model))
        return self._run(connection, compiled, values)

    def _compile(self, built: tuple[QuerySet[M], dict[str, Any]], alias: str) -> Compiled:
        rows, changes = built
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        return Compiled(query.get_compiler(alias), self._fields)


class Delete(Statement[M]):
    """Delete the rows, and return how many.

    Where other rows or signals depend on them, when it is compiled, it is the ORM that deletes.
    """

    def __call__(self, **values: Any) -> int:
        connection, compiled = self._prepare(values, router.db_for_write(self.model))
        if compiled is None:
            _, deleted = self.build(**values).using(connection.alias).delete()
            return int(deleted.get(self.model._meta.label, 0))
        return self._run(connection, compiled, values)

    def _compile(self, built: QuerySet[M], alias: str) -> Compiled | None:
        query: Any = built.query.chain(DeleteQuery)
        compiled = Compiled(query.get_compiler(alias), self._fields)
        return compiled if Collector(alias, origin=built).can_fast_delete(built) else None


def select(model: type[M], **fields: Field[Any, Any]) -> Callable[[Callable[..., QuerySet[M]]], Select[M]]:
    """Decorate a function that returns a queryset: see :class:`Select`."""
    return lambda build: Select(model, build, fields)


def update(
    model: type[M], **fields: Field[Any, Any]
) -> Callable[[Callable[..., tuple[QuerySet[M], dict[str, Any]]]], Update[M]]:
    """Decorate a function that returns a queryset and its changes: see :class:`Update`."""
    return lambda build: Update(model, build, fields)


def delete(model: type[M], **fields: Field[Any, Any]) -> Callable[[Callable[..., QuerySet[M]]], Delete[M]]:
    """Decorate a function that returns a queryset: see :class:`Delete`."""
    return lambda build: Delete(model, build, fields)
