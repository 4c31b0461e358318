"""What the application's database role may do: everything with rows, but nothing that rewrites facts.

A model of facts says so itself: `append_only = True` lets its rows be inserted and read, and
`application_may_update = ("decided",)` names the fields of it that may still change. With `kept_by_triggers = True`
its rows follow from those of other tables, and the application only reads them. `application_may_call` names a function
that writes them in its place.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from django.apps import apps  # noqa: TID251 - it asks for all models, not for one by its name
from django.db import connections
from django.db.transaction import atomic

_COLUMNS = """
SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
WHERE table_schema = 'public' GROUP BY table_name
"""

# A table may be there before the migration that makes its function.
GRANT_CALL = """
DO $$ BEGIN
    IF to_regprocedure('{function}') IS NOT NULL THEN GRANT EXECUTE ON FUNCTION {function} TO {role}; END IF;
END $$
"""


def grant_rights(*, using: str, **_signal: object) -> None:
    """Give the application role exactly its rights on all tables, when it isn't their owner itself."""
    connection = connections[using]
    role = connection.settings_dict["APPLICATION_ROLE"]
    with atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() != (role,):
            cursor.execute(_COLUMNS)
            for statement in _statements(role, dict(cursor.fetchall()), connection.ops.quote_name):
                cursor.execute(statement)


def _statements(role: str, tables: Mapping[str, Collection[str]], quote: Callable[[str], str]) -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {quote(role)}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quote(role)}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(role)}"
    for model in apps.get_models():
        options = model._meta  # noqa: SLF001 - Django documents it
        may_update = getattr(model, "application_may_update", ())
        if options.db_table in tables and (may_update or getattr(model, "append_only", False)):
            yield f"REVOKE UPDATE, DELETE ON {quote(options.db_table)} FROM {quote(role)}"
            columns = {field.name: str(field.column) for field in options.concrete_fields}
            # A table may be there before the migration that gives it all its columns.
            for name in (name for name in may_update if columns[name] in tables[options.db_table]):
                yield f"GRANT UPDATE ({quote(columns[name])}) ON {quote(options.db_table)} TO {quote(role)}"
        if options.db_table in tables and getattr(model, "kept_by_triggers", False):
            yield f"REVOKE INSERT, UPDATE, DELETE ON {quote(options.db_table)} FROM {quote(role)}"
        if options.db_table in tables and (function := getattr(model, "application_may_call", "")):
            yield GRANT_CALL.format(function=function, role=quote(role))
