import datetime as dt
from typing import Any

from django.db import migrations, models


def carry_over(apps: Any, schema_editor: Any) -> None:
    """A leap that waits for somebody to confirm the clock goes on waiting."""
    for row in apps.get_model("jobs", "ClockReading").objects.filter(must_be_confirmed=True):
        row.unexplained = row.seen_at - (row.leapt_from or row.seen_at - dt.timedelta(days=31))
        row.save(update_fields=["unexplained"])


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_clock_and_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="clockreading",
            name="unexplained",
            field=models.DurationField(default=dt.timedelta),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
