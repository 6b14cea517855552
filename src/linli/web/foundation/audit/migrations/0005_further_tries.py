"""Refused tries beyond those with an entry of their own wait here for an entry that tells of many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_vouching")]

    operations = [
        migrations.CreateModel(
            name="FurtherTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_id", models.BigIntegerField()),
                ("what", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("name", models.CharField(blank=True, max_length=64)),
                ("via", models.CharField(max_length=8)),
                ("address", models.CharField(blank=True, max_length=45)),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            "furthertry",
            models.UniqueConstraint(fields=("actor_id", "what"), name="one_further_try_of_a_kind"),
        ),
    ]
