from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shared", "0002_append_only")]
    operations = [
        migrations.AddField(
            model_name="receipt",
            name="sights",
            field=models.JSONField(db_default={"read": None}),
        ),
    ]
