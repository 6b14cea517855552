"""Of tracking codes only a keyed digest is kept."""

from typing import Any

from django.db import migrations, models

from linli.web.foundation.actions.keys import keyed_digest


def hash_codes(apps: Any, schema_editor: Any) -> None:
    """Write the digest of every code; the codes themselves go with the next step."""
    for name in ("Entry", "Track"):
        model = apps.get_model("intake", name)
        rows = []
        for row in model.objects.only("pk", "code").iterator(chunk_size=1000):
            row.code_hash = keyed_digest("tracking-code", row.code)
            rows.append(row)
            if len(rows) == 1000:
                model.objects.bulk_update(rows, ["code_hash"])
                rows = []
        model.objects.bulk_update(rows, ["code_hash"])


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField("entry", "code_hash", models.CharField(max_length=64, default="")),
        migrations.AddField("track", "code_hash", models.CharField(max_length=64, null=True)),
        migrations.RunPython(hash_codes, migrations.RunPython.noop),
        migrations.RemoveConstraint("entry", "one_request_a_code"),
        migrations.RemoveField("entry", "code"),
        migrations.RemoveField("track", "code"),
        migrations.AlterField("entry", "code_hash", models.CharField(db_index=True, max_length=64)),
        migrations.AlterField("track", "code_hash", models.CharField(max_length=64, null=True, unique=True)),
        migrations.AddConstraint(
            "entry",
            models.UniqueConstraint(
                condition=models.Q(("kind", "request")), fields=("code_hash",), name="one_request_a_code"
            ),
        ),
    ]
