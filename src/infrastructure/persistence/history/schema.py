"""The schema of the database, and what it has to be."""

from pathlib import Path

from django.db import connection
from typing_extensions import override

from application.history.ports import DatabaseSchema, Schemas
from application.history.schema import schema_in
from infrastructure.persistence.history.system_catalog import OBJECTS, RIGHTS
from infrastructure.persistence.shared.reading import one_moment
from infrastructure.persistence.shared.statements import rows_of

MIGRATED = Path(__file__).with_name("schema.txt")
"""What a freshly migrated database is described with: `make schema` writes it, and a test compares it with one."""

# Definitions are printed by these.
_PRINTED = {"search_path": "public", "quote_all_identifiers": "off"}

_OWNER = "SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = 'history_entry'::regclass"


class DjangoSchemas(Schemas):
    """Describes the schema out of the system catalogs."""

    @override
    def found(self) -> DatabaseSchema:
        application = connection.settings_dict["APPLICATION_ROLE"]
        with one_moment(_PRINTED):
            owner = self._owner(application)
            roles = {"owner": owner, "application": application}
            rights = None if owner == application else dict(rows_of(RIGHTS, roles))
            return DatabaseSchema(dict(rows_of(OBJECTS, roles)), rights)

    @override
    def migrated(self) -> DatabaseSchema:
        return schema_in(MIGRATED.read_text())

    def _owner(self, application: str) -> str:
        """The role that is configured as the owner, or where it is the application's own, the owner of the history."""
        configured: str = connection.settings_dict.get("OWNER_ROLE", "")
        if configured not in ("", application):
            return configured
        ((owner,),) = rows_of(_OWNER, [])
        return str(owner)
