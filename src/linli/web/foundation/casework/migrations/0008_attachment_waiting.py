"""Files that wait to be cleaned; 0009 has their index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_tracking_code_hash")]

    operations = [migrations.AddField("attachment", "waiting", models.BooleanField(default=False))]
