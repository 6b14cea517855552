"""An organisation finds its open cases by their due day, wherever they lie; and what waits to be cleaned is found."""

from django.conf import settings
from django.db import migrations, models

from linli.web.foundation.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0002_sign_in"),
        ("casework", "0008_attachment_waiting"),
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnline(
            "attachment",
            models.Index(condition=models.Q(("waiting", True)), fields=["id"], name="attachment_waiting"),
        ),
        AddIndexOnline(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["organisation", "due_at", "id"],
                name="case_owner_due",
            ),
        ),
    ]
