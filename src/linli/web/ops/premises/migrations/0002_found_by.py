"""What rows of the register are found by, in the normal form of words."""

from typing import ClassVar

from django.db import migrations, models

__all__ = ["Migration"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("premises", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            "premises",
            "found_by",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=2000),
        )
    ]
