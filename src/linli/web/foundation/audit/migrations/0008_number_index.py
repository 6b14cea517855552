"""Entries are found by the number that they name: a case's number no longer holds its id."""

from django.db import migrations, models

from linli.web.foundation.audit.models import NumberOf
from linli.web.foundation.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("audit", "0007_written_kind")]

    operations = [
        AddIndexOnline(
            "entry",
            models.Index(
                NumberOf("detail"), models.F("at").desc(), models.F("id").desc(), name="audit_number"
            ),
        ),
    ]
