import django.db.models.functions.text
from django.db import migrations, models

# Users whose names differ by case alone keep them: all but the first are left out of the index, so that nobody who is
# there is shut out, and no further one gets such a name. Where there are none, the index is the one that Django makes.
UNIQUE = """
DO $$
DECLARE
    twins text;
BEGIN
    SELECT string_agg(id::text, ', ' ORDER BY id) INTO twins FROM (
        SELECT id, row_number() OVER (PARTITION BY lower(username) ORDER BY id) AS place FROM identity_user
    ) AS numbered WHERE place > 1;
    EXECUTE 'CREATE UNIQUE INDEX username_is_unique_in_any_case ON identity_user (lower(username))'
        || coalesce(' WHERE id NOT IN (' || twins || ')', '');
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0005_tokens_for_development"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"), name="username_is_unique_in_any_case"
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(UNIQUE, "DROP INDEX username_is_unique_in_any_case"),
            ],
        ),
    ]
