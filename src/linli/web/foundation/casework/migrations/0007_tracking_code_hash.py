"""Of tracking codes only a keyed digest is kept."""

from typing import Any

from django.db import migrations, models

from linli.web.foundation.actions.keys import keyed_digest


def hash_codes(apps: Any, schema_editor: Any) -> None:
    """Write the digest of every code: receipts that were handed out before go on leading to their case."""
    model = apps.get_model("casework", "Case")
    rows = []
    for row in model.objects.only("pk", "tracking_code").iterator(chunk_size=1000):
        row.tracking_hash = keyed_digest("tracking-code", row.tracking_code)
        rows.append(row)
        if len(rows) == 1000:
            model.objects.bulk_update(rows, ["tracking_hash"])
            rows = []
    model.objects.bulk_update(rows, ["tracking_hash"])


TRIGGERS = [
    "CREATE TRIGGER casework_case_search_insert AFTER INSERT ON casework_case BEGIN "
    "INSERT INTO casework_case_search(rowid, search) VALUES (new.id, new.search); END",
    "CREATE TRIGGER casework_case_search_delete AFTER DELETE ON casework_case BEGIN "
    "INSERT INTO casework_case_search(casework_case_search, rowid, search) VALUES ('delete', old.id, old.search); END",
    "CREATE TRIGGER casework_case_search_update AFTER UPDATE OF search ON casework_case BEGIN "
    "INSERT INTO casework_case_search(casework_case_search, rowid, search) VALUES ('delete', old.id, old.search); "
    "INSERT INTO casework_case_search(rowid, search) VALUES (new.id, new.search); END",
]


def drop_triggers(apps: Any, schema_editor: Any) -> None:
    """SQLite makes the table anew and would lose what keeps the index of words up."""
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS casework_case_search_{name}")


def make_triggers(apps: Any, schema_editor: Any) -> None:
    """Make them again on the new table; rows keep their numbers, so that the index itself stays as it is."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in TRIGGERS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_type_versions")]

    operations = [
        migrations.RunPython(drop_triggers, make_triggers),
        migrations.AddField("case", "tracking_hash", models.CharField(max_length=64, null=True)),
        migrations.RunPython(hash_codes, migrations.RunPython.noop),
        migrations.RemoveField("case", "tracking_code"),
        migrations.AlterField(
            "case", "tracking_hash", models.CharField(max_length=64, null=True, unique=True)
        ),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
