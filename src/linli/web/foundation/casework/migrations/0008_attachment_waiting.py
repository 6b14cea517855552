"""Files that wait to be cleaned."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_tracking_code_hash")]

    operations = [
        migrations.AddField("attachment", "waiting", models.BooleanField(default=False)),
        migrations.AddIndex(
            "attachment",
            models.Index(condition=models.Q(("waiting", True)), fields=["id"], name="attachment_waiting"),
        ),
    ]
