"""Entries name their key and say where the other lanes stood; those that are there keep an empty text."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_bound_submissions"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="key",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
        migrations.AddField(
            model_name="entry",
            name="vouch",
            field=models.CharField(blank=True, default="", max_length=250),
        ),
    ]
