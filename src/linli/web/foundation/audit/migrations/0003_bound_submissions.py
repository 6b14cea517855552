"""Sendings are kept under a keyed digest and bound to their content; those of before keep being known."""

from typing import Any

from django.db import migrations, models

from linli.web.foundation.actions.keys import keyed_digest

BATCH = 1000


def _name(key: str) -> str:
    account, _, given = key.partition(":")
    channel = "api" if given.startswith("api:") else "task" if given.startswith("task:") else "form"
    given = given.removeprefix("api:") if channel == "api" else given
    return keyed_digest("submission", channel, account, given)


def rename(apps: Any, schema_editor: Any) -> None:
    """Give every row the name that the same sending has from now on; ``binding`` stays empty."""
    submissions = apps.get_model("audit", "Submission").objects
    old = list(submissions.values_list("key", flat=True))
    for start in range(0, len(old), BATCH):
        rows = list(submissions.filter(key__in=old[start : start + BATCH]))
        submissions.filter(key__in=[row.key for row in rows]).delete()
        for row in rows:
            row.key = _name(row.key)
        submissions.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_indexes")]

    operations = [
        migrations.AddField("submission", "binding", models.CharField(default="", max_length=64)),
        migrations.RunPython(rename, migrations.RunPython.noop),
    ]
