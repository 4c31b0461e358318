"""Indexes for listing by name those kinds of records of which there may be many. A whole name may be too long for one."""

from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """Records by name."""

    dependencies = [("catalog", "0003_signatures")]

    operations = [
        migrations.AddIndex(kind, models.Index(Left("name", 100), "code", name=f"{kind}_by_name"))
        for kind in ("product", "partner", "operator")
    ]
