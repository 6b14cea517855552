"""How much one account asked for in an hour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_keepers")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.BigIntegerField()),
                ("hour", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "hour"), name="one_pace_an_hour")],
            },
        ),
    ]
