from django.db import migrations

# Who sees tables follows from the roles, which enter the history; nobody is made a superuser by a command any more.
AS_THE_ROLES_SAY = """
UPDATE identity_user SET is_staff = administrator, is_superuser = administrator
FROM (
    SELECT u.id, EXISTS (
        SELECT FROM identity_rolegrant g WHERE g.user_id = u.id AND g.role = 'administrator' AND g.site IS NULL
    ) AS administrator FROM identity_user u
) said WHERE said.id = identity_user.id AND (is_staff <> administrator OR is_superuser <> administrator)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_roles_at_sites"),
    ]

    operations = [
        migrations.RunSQL(AS_THE_ROLES_SAY, migrations.RunSQL.noop),
    ]
