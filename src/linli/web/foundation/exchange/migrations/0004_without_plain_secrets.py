"""What the encrypted secret and the lease of a queue have taken the place of goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_outbox")]

    operations = [
        migrations.RemoveField("subscription", "secret"),
        migrations.RemoveField("delivery", "claimed_until"),
    ]
