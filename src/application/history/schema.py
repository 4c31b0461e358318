"""The schema of the database beside what the migrations make, and as text."""

from collections.abc import Iterator, Mapping

from application.history.ports import DatabaseSchema
from domain.history.chain import Finding

DATABASE = "database"
"""What findings in the schema are said to be in."""


def schema_findings(migrated: DatabaseSchema, found: DatabaseSchema) -> Iterator[Finding]:
    """Objects that are gone, not as the migrations make them, or made by none; and rights likewise, if they count."""
    yield from _differences(migrated.objects, found.objects)
    if found.rights is not None:
        yield from _differences(migrated.rights or {}, found.rights)


def _differences(migrated: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Finding]:
    for what in sorted(migrated.keys() | found.keys()):
        made, is_now = migrated.get(what), found.get(what)
        named = f"{what[0].upper()}{what[1:]}"
        if is_now is None:
            yield Finding(DATABASE, 0, "schema_gone", f"{named}: made by the migrations, and gone.")
        elif made is None:
            yield Finding(DATABASE, 0, "schema_added", f"{named}: made by no migration ({is_now}).")
        elif is_now != made:
            detail = f"{named}: not as the migrations make it ({is_now}; they make: {made})."
            yield Finding(DATABASE, 0, "schema_altered", detail)


def schema_text(schema: DatabaseSchema) -> str:
    """A line for each object, in order, then an empty one, then a line for each right."""
    parts = schema.objects, schema.rights or {}
    return "\n".join("".join(f"{what}: {part[what]}\n" for what in sorted(part)) for part in parts)


def schema_in(text: str) -> DatabaseSchema:
    """The schema that `schema_text` wrote."""
    objects, rights = (dict(line.split(": ", 1) for line in part.splitlines()) for part in text.split("\n\n"))
    return DatabaseSchema(objects, rights)
