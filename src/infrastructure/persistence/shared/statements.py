"""Statements where the ORM has no words, or too many, for what a use case does all the time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import count
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import QuerySet, lookups
from psycopg import Cursor, ServerCursor, sql
from psycopg.pq import Format
from typing_extensions import override

ROWS_AT_ONCE = 2_000

CHECK_WHAT_IS_DEFERRED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
"""Checks now what else would be checked at the end of the transaction."""


def rows_of(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def rows_looked_up(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows that a lookup gives: a query that finds each of a few rows by a unique key, in tables of any size.

    A session keeps the plan of a lookup, which spares a fourth of the work of recording. Whatever else it may ask is
    planned anew each time: a plan made while the tables were nearly empty would be kept after they are full.
    """
    connection.ensure_connection()
    with _wrapped(Cursor(connection.connection)) as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


class AnyOf(lookups.Lookup):
    """The condition that a column has one of the values of an array: one parameter, whatever their number."""

    prepare_rhs = False

    @override
    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        values, arrays = self.process_rhs(compiler, connection)
        return f"{column} = ANY ({values})", [*parameters, *arrays]


class Lookup:
    """A lookup by one value, the last that its query has, which the ORM puts together once.

    To put it together takes longer than to have it answered.
    """

    def __init__(self, query: Callable[[Any], QuerySet[Any, Any]]) -> None:
        self._query = query

    def rows(self, value: Any) -> list[tuple[Any, ...]]:
        """The rows that the query gives for this value."""
        statement, constants = self._put_together
        return rows_looked_up(statement, [*constants, value])

    @cached_property
    def _put_together(self) -> tuple[str, Sequence[Any]]:
        statement, (*constants, _) = self._query(UUID(int=0)).query.sql_with_params()
        return statement, constants


def rows_streamed(statement: str, parameters: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """All rows that a query gives, some thousand at a time: those that aren't read yet wait in the database.

    Only inside a transaction.
    """
    cursor = ServerCursor(connection.connection, f"streamed_{next(_names)}")
    cursor.format = Format.BINARY
    with _wrapped(cursor) as wrapped:
        wrapped.execute(statement, parameters)
        while rows := wrapped.fetchmany(ROWS_AT_ONCE):
            yield from rows


_names = count()


def _wrapped(cursor: Cursor) -> CursorWrapper:
    """The cursor with errors and the log of statements as Django has them."""
    wrapper = CursorDebugWrapper if connection.queries_logged else CursorWrapper
    return wrapper(cursor, connection)


def copy_rows(table: str, columns: tuple[str, ...], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table by COPY: one statement whatever their number, and faster than INSERT even for five.

    Triggers and constraints see them all at once.
    """
    statement = _copying(table, columns)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


@cache
def _copying(table: str, columns: tuple[str, ...]) -> str:
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names).as_string(None)
