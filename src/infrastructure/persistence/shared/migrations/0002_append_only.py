"""A trigger function for tables whose rows are facts."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are facts: they are added, never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'facts_are_append_only', TABLE = TG_TABLE_NAME;
END $$;
"""

BACKWARDS = "DROP FUNCTION refuse_change()"


class Migration(migrations.Migration):
    dependencies = [("shared", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
