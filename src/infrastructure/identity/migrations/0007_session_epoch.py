from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0006_usernames"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.IntegerField(db_default=0, editable=False),
        ),
    ]
