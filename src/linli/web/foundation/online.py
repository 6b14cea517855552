"""Migration operations that leave a table in use while they work: for tables that people are writing to.

On PostgreSQL a plain index, or a constraint that brings one, keeps every writer waiting until the whole
table is read. These build the index beside them (``CONCURRENTLY``), which no transaction may surround: a
migration that holds one says ``atomic = False`` and holds nothing that would have to be taken back with it.
One that was cut short is run again: what was built whole stays, what was left half built is built anew. On
SQLite they are the plain operations. ``tests/house/test_migrations.py`` refuses the plain ones on a table of
an earlier migration.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.migrations import AddConstraint, AddField, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint

__all__ = ["ONLINE", "AddConstraintOnline", "AddFieldOnline", "AddIndexOnline", "RewriteOnline"]

_INDEX: Final = re.compile(r'^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)("?)(?P<name>[^"\s]+)\2 ')
_UNIQUE: Final = re.compile(
    r'^ALTER TABLE (?P<table>\S+) ADD CONSTRAINT "(?P<name>[^"]+)" UNIQUE (?P<columns>\(.*?\))(?P<rest>.*)$'
)


class AddIndexOnline(AddIndex):
    """``AddIndex`` beside whoever reads and writes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build it."""
        if _is_plain(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        _build(schema_editor, str(self.index.create_sql(model, schema_editor)))


class AddConstraintOnline(AddConstraint):
    """``AddConstraint`` beside whoever reads and writes: unique ones and checks."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build what holds it, then put it in force."""
        if _is_plain(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        sql, name = str(self.constraint.create_sql(model, schema_editor)), self.constraint.name
        table = schema_editor.quote_name(model._meta.db_table)
        if isinstance(self.constraint, CheckConstraint):
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            schema_editor.execute(f"{sql} NOT VALID")
            schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
        else:
            _build(schema_editor, sql)


class AddFieldOnline(AddField):
    """``AddField`` of an indexed field, such as a foreign key: the column at once, then its index."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add the column, unless it is there from a run that was cut short; then build its indexes."""
        if _is_plain(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        if _has_column(schema_editor, model._meta.db_table, field.column):
            statements = [*schema_editor._field_indexes_sql(model, field)]
        else:
            waiting = schema_editor.deferred_sql
            schema_editor.deferred_sql = []
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            statements, schema_editor.deferred_sql = schema_editor.deferred_sql, waiting
        for statement in statements:
            _build(schema_editor, str(statement))


class RewriteOnline(Operation):
    """Work something of every row out anew, a batch at a time, each in a transaction of its own.

    ``rewrite`` is given the models as they are at that point, and the rows of a batch, locked; done twice it
    must come to the same, as a migration that was cut short is run again. A table of any length keeps nobody
    waiting for more than a batch, and memory holds no more than one. Backwards there is nothing to be done.
    """

    reduces_to_sql = False
    reversible = True
    elidable = True

    def __init__(self, model_name: str, rewrite: Callable[[Any, Sequence[Any]], None], *, batch: int = 1000):
        self.model_name, self.rewrite, self.batch = model_name, rewrite, batch

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Only rows change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Go through the table by its key."""
        if schema_editor.collect_sql:
            return
        apps, using = from_state.apps, schema_editor.connection.alias
        model, last = apps.get_model(app_label, self.model_name), 0
        while True:
            with transaction.atomic(using=using):
                rows = model._base_manager.using(using).select_for_update(of=("self",)).order_by("pk")
                some = list(rows.filter(pk__gt=last)[: self.batch])
                if not some:
                    return
                self.rewrite(apps, some)
                last = some[-1].pk

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """What was worked out goes with its column, or is as good as it was."""

    def describe(self) -> str:
        """What it does."""
        return f"Work rows of {self.model_name} out anew"


ONLINE: Final = (AddIndexOnline, AddConstraintOnline, AddFieldOnline, RewriteOnline)


def _is_plain(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor != "postgresql" or schema_editor.collect_sql)


def _build(schema_editor: Any, sql: str) -> None:
    """Run what makes an index, rewritten so that nobody waits for it."""
    unique = _UNIQUE.match(sql)
    if unique is not None:
        table, name, columns = unique["table"], unique["name"], unique["columns"]
        if _asked(schema_editor, "SELECT conname FROM pg_constraint WHERE conname = %s", name) is None:
            _index(schema_editor, f'CREATE UNIQUE INDEX "{name}" ON {table} {columns}', name)
            schema_editor.execute(
                f'ALTER TABLE {table} ADD CONSTRAINT "{name}" UNIQUE USING INDEX "{name}"{unique["rest"]}'
            )
        return
    index = _INDEX.match(sql)
    if index is None:
        schema_editor.execute(sql)
        return
    _index(schema_editor, sql, index["name"])


def _index(schema_editor: Any, sql: str, name: str) -> None:
    whole = _asked(
        schema_editor,
        "SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = %s",
        name,
    )
    if whole:
        return
    # It waits for transactions that began earlier, a backup's among them, and nobody waits for it meanwhile.
    patience = _asked(schema_editor, "SELECT current_setting(%s)", "lock_timeout")
    schema_editor.execute("SET lock_timeout = 0")
    try:
        if whole is False:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY {schema_editor.quote_name(name)}")
        schema_editor.execute(re.sub(r"^CREATE (UNIQUE )?INDEX ", r"CREATE \1INDEX CONCURRENTLY ", sql))
    finally:
        schema_editor.execute(f"SET lock_timeout = '{patience}'")


def _asked(schema_editor: Any, sql: str, *values: str) -> Any:
    """The first thing that a question to the catalogue answers; ``None`` where nothing does."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return None if row is None else row[0]


def _has_column(schema_editor: Any, table: str, column: str) -> bool:
    sql = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
    return _asked(schema_editor, sql, table, column) is not None
