"""Indexes for the orders in which campaigns and lots are listed. What has no date comes as if it had the last."""

from datetime import date

from django.db import migrations, models
from django.db.models.functions import Coalesce, Left

LAST_DAY = models.Value(date(9999, 12, 31), output_field=models.DateField())


class Migration(migrations.Migration):
    """Orders of campaigns and lots."""

    dependencies = [("production", "0002_rules")]

    operations = [
        migrations.AddIndex("campaign", models.Index(Left("name", 100), "code", name="campaign_by_name")),
        migrations.AddIndex(
            "campaign", models.Index(Coalesce("planned_from", LAST_DAY), "code", name="campaign_by_planned_from")
        ),
        migrations.AddIndex("lot", models.Index(Coalesce("best_before", LAST_DAY), "id", name="lot_by_best_before")),
    ]
