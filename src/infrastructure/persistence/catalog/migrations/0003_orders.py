"""Indexes for listing by name those kinds of records of which there may be many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Records by name."""

    dependencies = [("catalog", "0002_rules")]

    operations = [
        migrations.AddIndex(kind, models.Index(fields=["name", "code"], name=f"{kind}_by_name"))
        for kind in ("product", "partner", "operator")
    ]
