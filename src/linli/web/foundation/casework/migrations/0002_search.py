"""The index that words are looked up in: GIN on PostgreSQL, FTS5 kept up by triggers on SQLite."""

from typing import Any, ClassVar

from django.db import migrations

__all__ = ["Migration"]

POSTGRESQL = [
    "CREATE INDEX casework_case_search_words ON casework_case USING gin (to_tsvector('simple', search))",
]
SQLITE = [
    "CREATE VIRTUAL TABLE casework_case_search USING fts5"
    "(search, content='casework_case', content_rowid='id', tokenize='unicode61')",
    "CREATE TRIGGER casework_case_search_insert AFTER INSERT ON casework_case BEGIN "
    "INSERT INTO casework_case_search(rowid, search) VALUES (new.id, new.search); END",
    "CREATE TRIGGER casework_case_search_delete AFTER DELETE ON casework_case BEGIN "
    "INSERT INTO casework_case_search(casework_case_search, rowid, search) VALUES ('delete', old.id, old.search); END",
    "CREATE TRIGGER casework_case_search_update AFTER UPDATE OF search ON casework_case BEGIN "
    "INSERT INTO casework_case_search(casework_case_search, rowid, search) VALUES ('delete', old.id, old.search); "
    "INSERT INTO casework_case_search(rowid, search) VALUES (new.id, new.search); END",
]
UNDO = {
    "postgresql": ["DROP INDEX casework_case_search_words"],
    "sqlite": [
        "DROP TRIGGER casework_case_search_insert",
        "DROP TRIGGER casework_case_search_delete",
        "DROP TRIGGER casework_case_search_update",
        "DROP TABLE casework_case_search",
    ],
}


def make(_apps: Any, schema_editor: Any) -> None:
    """Make the index of this database."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unmake(_apps: Any, schema_editor: Any) -> None:
    """Take it away."""
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """After the tables of 0001."""

    dependencies: ClassVar = [("casework", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(make, unmake)]
