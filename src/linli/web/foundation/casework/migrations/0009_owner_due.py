"""An organisation finds its open cases by their due day, wherever they lie."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sign_in"),
        ("casework", "0008_attachment_waiting"),
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["organisation", "due_at", "id"],
                name="case_owner_due",
            ),
        ),
    ]
