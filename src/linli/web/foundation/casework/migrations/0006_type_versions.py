"""The versions of case types that cases stand under."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A table, and a column that says which."""

    dependencies: ClassVar = [("casework", "0005_open_cases")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="TypeVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_type", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=32, unique=True)),
                ("definition", models.JSONField()),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="type_hash",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
    ]
