"""A subscription ends with the credentials of its account.

Those that there are count as made before any were ended: of an account whose credentials have been, they
send nothing any more and are made anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_without_plain_secrets")]

    operations = [migrations.AddField("subscription", "epoch", models.PositiveIntegerField(default=0))]
