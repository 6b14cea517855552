"""Whether a time that somebody broke the glass was justified."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies: ClassVar = [("casework", "0002_search")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="emergencyaccess", name="justified", field=models.BooleanField(null=True)
        )
    ]
