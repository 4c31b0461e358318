"""Decisions are facts."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER decisions_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARDS = "DROP TRIGGER decisions_are_facts ON decision"


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial"), ("shared", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
