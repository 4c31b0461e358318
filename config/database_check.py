"""Whether the database can be used, asked before anything is changed in it, and told in one line."""

from typing import Any

import structlog
from django.db import Error, NotSupportedError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from config.console import CannotRunError

logger = structlog.get_logger("lignage.database")

OLDEST = 16
_VERSION = "SELECT current_setting('server_version_num')::int"
_ABOUT_THE_OWNER = """
SELECT current_user, current_schema(), has_schema_privilege(current_schema(), 'CREATE'),
    (SELECT min(relname) FROM pg_class WHERE relnamespace = current_schema()::regnamespace
     AND relkind IN ('r', 'p') AND relname = ANY(%s) AND NOT pg_has_role(relowner, 'USAGE'))
"""
_ABOUT_THE_APPLICATION = """
SELECT current_user, rolsuper, EXISTS (
    SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    AND relkind IN ('r', 'p') AND relname = ANY(%s) AND pg_has_role(relowner, 'MEMBER')
) FROM pg_roles WHERE rolname = current_user
"""
_IDENTITY = """
SELECT system_identifier || '-' || oid FROM pg_control_system(), pg_database WHERE datname = current_database()
"""
#: What is said where a command meets these errors, by their SQLSTATE.
_REASONS = {
    "42P01": "The database isn't migrated: run manage.py migrate.",
    "42703": "The database isn't migrated to this version: run manage.py migrate.",
    "42501": "The database role of DATABASE_URL may not do this: {0}",
}


def check_before_migrating(owner: BaseDatabaseWrapper) -> str:
    """Make sure that the owner may migrate and that the application can connect. Answer a warning, or nothing.

    Raises CannotRunError.
    """
    check_version(owner)
    user, schema, may_create, table_of_another = _row(owner, _ABOUT_THE_OWNER)
    if schema != "public" or not may_create:
        raise CannotRunError(f"The database role {user} may not create tables in schema public, or not by default.")
    if table_of_another is not None:
        raise CannotRunError(
            f"The database role {user} doesn't own the table {table_of_another}: DATABASE_OWNER_URL names the owner."
        )
    if owner.settings_dict.get("APPLICATION") is None:
        return ""
    application = ConnectionHandler({"default": owner.settings_dict["APPLICATION"]})["default"]
    try:
        if identity_of(application) != identity_of(owner):
            raise CannotRunError("DATABASE_URL and DATABASE_OWNER_URL name two different databases.")
        return warning_about(application, migrating_as=user)
    finally:
        application.close()


def check_version(connection: BaseDatabaseWrapper) -> None:
    """Make sure that the server answers, and is new enough. Raises CannotRunError."""
    (number,) = _row(connection, _VERSION, tables=False)
    if number < OLDEST * 10_000:
        raise CannotRunError(f"Lignage needs PostgreSQL {OLDEST} or newer; this server is {number // 10_000}.")


def identity_of(connection: BaseDatabaseWrapper) -> str:
    """Which database this is, among all of all servers. Raises CannotRunError."""
    (identity,) = _row(connection, _IDENTITY, tables=False)
    return str(identity)


def warning_about(application: BaseDatabaseWrapper, *, migrating_as: str = "") -> str:
    """Return why the application's role is dangerous, or an empty text. Raises CannotRunError."""
    user, superuser, owner = _row(application, _ABOUT_THE_APPLICATION)
    if not (superuser or owner or user == migrating_as):
        return ""
    return (
        f"Warning: DATABASE_URL names {user}, {'a superuser' if superuser else 'the owner of the tables'}, "
        "who can change what is recorded. Give the application a role of its own, and "
        "DATABASE_OWNER_URL the address of the owner."
    )


def log_faults() -> None:
    """Log what is wrong with the database or the role of the application, for a server that starts."""
    try:
        check_version(connection)
        warning = warning_about(connection)
    except CannotRunError as error:
        warning = str(error)
    finally:
        connection.close()
    if warning:
        logger.warning(warning)


def reason_of(error: Error) -> CannotRunError | None:
    """The line for an error of the database that isn't the program's fault; None for others."""
    state = getattr(error.__cause__, "sqlstate", None)
    first_line = next(iter(str(error).strip().splitlines()), "")
    if state in _REASONS:
        return CannotRunError(_REASONS[state].format(first_line))
    if isinstance(error, NotSupportedError):
        return CannotRunError(f"Lignage needs PostgreSQL {OLDEST} or newer: {first_line}")
    if state is None and isinstance(error, OperationalError):
        return CannotRunError(f"The database doesn't answer: {first_line}")
    return None


def _row(connection: BaseDatabaseWrapper, query: str, *, tables: bool = True) -> tuple[Any, ...]:
    """The only row of a query, which may have the names of all our tables as its parameter. Raises CannotRunError."""
    parameters = [connection.introspection.django_table_names()] if tables else None
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            row: tuple[Any, ...] = cursor.fetchone()
    except Error as error:
        raise (reason_of(error) or CannotRunError(f"The database can't be used: {str(error).strip()}")) from error
    return row
